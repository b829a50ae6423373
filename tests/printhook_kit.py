"""A private print server for the tests that only print, and an office behind it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from approval_kit import NUMBER, People, people, proposal, put_draft
from cups_kit import Server, open_folder, print_server
from dingmi_mark.domain.printing import PrintDecision, PrintReason
from dingmi_mark.errors import CopyUnknown, SheetNotPrinted
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.issuing import register_spoiled
from dingmi_mark.pipeline.preprint import PrintRequest, print_here
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.printhook.settings import GuardedQueue, settings_in, write_queues
from dingmi_mark.store.ledger import Ledger
from dingmi_mark.store.office import read_office
from office_kit import only, pdf

RETRY = "printer-error-policy=retry-job"
CLASSIFIED, ORDINARY = "guarded", "ordinary"


@dataclass(frozen=True)
class Guarded:
    """An office with a marked file and its unmarked original, and a server with two queues."""

    server: Server
    crew: People
    marked: Path
    original: Path
    clean: Path
    copies: tuple[Path, ...] = ()

    def ledger(self) -> Ledger:
        return self.crew.room.ledger()


def _quiet(_: object) -> None:
    return None


def guarded(
    folder: Path,
    server: Server,
    *,
    copies: int = 0,
    names: Sequence[str] = (CLASSIFIED, ORDINARY),
    at_printer: bool = False,
    codes: bool = False,
) -> Guarded:
    """Lay out the office and the queues; the sink behind them takes whatever comes."""
    folder.mkdir()
    crew = people(folder)
    room = crew.room.with_codes() if codes else crew.room
    settings = room.office.folder / "office.toml"
    with settings.open("a", encoding="utf-8") as stream:
        stream.write(f'\n[[printer]]\nname = "{ORDINARY}"\npaper = "any"\n')
    original = put_draft(room)
    asked = proposal()
    if copies:
        asked = replace(asked, draft=replace(asked.draft, copies=copies))
    crew.approved(asked, original)
    request = MarkRequest((room.drafts,), (room.office.approvals,), room.out, at_printer=at_printer)
    made = only(mark_drafts(request, room.office, on_start=_quiet, on_verdict=_quiet)).copies
    clean = folder / "简报.pdf"
    clean.write_bytes(pdf(2))
    kept = folder / "外带.pdf"
    shutil.copy(original, kept)
    office = room.office.folder
    write_queues(settings_in(server.root), [GuardedQueue(name, office) for name in names])
    if server.user:
        for path in (office, *office.rglob("*"), settings_in(server.root)):
            shutil.chown(path, server.user, "lp")
    for name in names:
        server.queue(name, f"dingmi:sink:{server.paper}", "-m", "raw", "-o", RETRY)
    marked = tuple(copy.path for copy in made)
    return Guarded(server, crew, marked[0], kept, clean, marked)


@pytest.fixture(scope="module")
def room() -> Iterator[Guarded]:
    with open_folder() as folder, print_server(folder / "server") as server:
        yield guarded(folder / "unit", server)


@pytest.fixture(autouse=True)
def empty_tray(request: pytest.FixtureRequest) -> None:
    """Take away what earlier tests printed; the marked copy may print once more."""
    if "room" in request.fixturenames:
        found: Guarded = request.getfixturevalue("room")
        for file in found.server.paper.iterdir():
            os.unlink(file)
        register_spoil(found)


def register_spoil(room: Guarded) -> None:
    """Register that the marked copy was spoiled, if it was printed."""
    with room.ledger() as ledger, suppress(SheetNotPrinted, CopyUnknown):
        register_spoiled(NUMBER, "1", "赵样例", clock.today(), ledger)


def at_work(room: Guarded, program: str) -> list[int]:
    """Return the processes of this server, or for its office, whose command names a program."""
    ours = {
        f"CUPS_SERVERROOT={room.server.root}".encode(),
        f"HOME={room.crew.room.office.folder}".encode(),
    }
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                around = (entry / "environ").read_bytes().split(b"\0")
                if program.encode() in command and not ours.isdisjoint(around):
                    found.append(int(entry.name))
    return found


def kill(processes: Sequence[int], how: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to processes; those that ended meanwhile are passed over."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, how)


def printed_once(path: Path, by: str, office: Path) -> tuple[PrintDecision, PrintReason]:
    """Let a file print, in a process of its own."""
    (verdict,) = print_here(PrintRequest((path,), by, "三楼"), read_office(office))
    assert (verdict.issued is not None) == (verdict.decision is PrintDecision.PRINT)
    return verdict.decision, verdict.reason
