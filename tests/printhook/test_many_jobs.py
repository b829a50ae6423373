"""Many clients print at once while processes are killed: every number goes to paper once at most.

`DINGMI_PRINT_JOBS=100` asks for more jobs than a run of every day (`make print-jobs`).
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from approval_kit import NUMBER
from cups_kit import NEEDS_CUPS, open_folder, print_server
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled
from dingmi_mark.domain.printed import standing_prints
from printhook_kit import CLASSIFIED, ORDINARY, Guarded, at_work, guarded, kill

pytestmark = NEEDS_CUPS

CLIENTS = 8
JOBS = int(os.environ.get("DINGMI_PRINT_JOBS", "24"))
EACH_ASKED_FOR = 2
"""How many jobs ask for one numbered copy."""

QUEUES = (CLASSIFIED, ORDINARY, "third", "fourth")
PROGRAMS = ("cups_decide", "cups_backend", "backend/sink")
"""Whom the kills meet: who decides, our backend, the printer behind it."""

ENDED = ("completed", "canceled", "pending-held")


@dataclass(frozen=True)
class Sent:
    """A job, what it was to print, and how it ended before anybody let it go."""

    job: str
    file: Path
    state: str


@contextmanager
def killing(room: Guarded, times: int) -> Iterator[list[str]]:
    """Kill one process now and then, each kind in turn; yields what was killed so far."""
    killed: list[str] = []
    over = threading.Event()

    def work() -> None:
        while len(killed) < times and not over.wait(0.2):
            program = PROGRAMS[len(killed) % len(PROGRAMS)]
            found = at_work(room, program)
            if found:
                kill(found[:1])
                killed.append(program)
                over.wait(1.5)

    killer = threading.Thread(target=work)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()


@pytest.fixture
def room() -> Iterator[Guarded]:
    with open_folder() as folder, print_server(folder / "server") as server:
        copies = max(1, JOBS // 2 // EACH_ASKED_FOR)
        yield guarded(folder / "unit", server, copies=copies, names=QUEUES)


def test_many_clients_at_once_and_no_number_goes_to_paper_twice(room: Guarded) -> None:
    numbered = room.copies * EACH_ASKED_FOR
    others = [room.clean, room.original] * JOBS
    wanted = [file for pair in zip(numbered, others, strict=False) for file in pair][:JOBS]
    (room.server.paper / "unhurried").touch()
    begun = time.monotonic()

    def send(place: int) -> Sent:
        file = wanted[place]
        job = room.server.lp(QUEUES[place % len(QUEUES)], "-U", f"样例{place % CLIENTS}", file)
        return Sent(job, file, room.server.reached(job, *ENDED))

    with killing(room, max(3, JOBS // 8)) as killed, ThreadPoolExecutor(CLIENTS) as clients:
        sent = list(clients.map(send, range(len(wanted))))
    assert set(killed) == set(PROGRAMS)
    print(f"{len(sent)} jobs, {len(killed)} kills, {time.monotonic() - begun:.0f} s")

    came_out = outputs(room)
    for one in sent:
        times = came_out[one.job.rpartition("-")[2]]
        # Whom a kill met between the last page and its word about it, waits and stays printed.
        assert times <= (one.file != room.original), (one, room.server.log())
        assert times == 1 or one.state != "completed", (one, room.server.log())
    sound(room)
    waiting = [one for one in sent if one.file in room.copies and one.state == "pending-held"]
    for one in waiting:
        room.server.run("lp", "-i", one.job, "-H", "resume")
    for one in waiting:
        room.server.reached(one.job, *ENDED)
    sound(room)
    assert not list((room.crew.room.office.folder / "work").glob("*"))
    job = room.server.lp(ORDINARY, room.clean)
    assert room.server.reached(job, *ENDED) == "completed", room.server.log()


def outputs(room: Guarded) -> Counter[str]:
    """Return how many papers came out of each job."""
    return Counter(file.name.partition("-")[0] for file in room.server.paper.glob("*.out"))


def sound(room: Guarded) -> None:
    """No number went to paper twice, and the ledger says of each which print has it."""
    papers = Counter(room.server.printed())
    with room.ledger() as ledger:
        assert not ledger.verify()
        issued = [entry for _, entry in ledger.acts(NumberIssued, subject=NUMBER)]
        settled = [entry for _, entry in ledger.acts(NumberSettled, subject=NUMBER)]
    assert len({entry.print_id for entry in issued}) == len(issued)
    assert len({entry.print_id for entry in settled}) == len(settled)
    printed = Counter(one.copy_number for one in settled if one.outcome == "printed")
    standing = Counter(one.copy_number for one in standing_prints(issued, settled))
    for copy in room.copies:
        number = copy.stem.rpartition("-")[2]
        assert papers[copy.read_bytes()] <= standing[number] <= 1
        assert printed[number] <= papers[copy.read_bytes()]
