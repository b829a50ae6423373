"""Re-marking and undoing in processes that are killed, twice at once, or find no room to write.

All of it with papers that this program marked, and with papers that others marked before it.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from dingmi_mark.domain.ledger_changes import (
    MarkingChanged,
    MarkingRestored,
    RemarkDone,
    RemarkUndone,
)
from dingmi_mark.domain.ledger_legacy import LegacyDescribed, LegacyStruck
from dingmi_mark.domain.notices import NoticeItem
from dingmi_mark.domain.remark_plan import batch_of
from dingmi_mark.errors import ExitCode, OutputDiskFull
from dingmi_mark.formats.ocr import find_tesseract
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.remark_settling import open_remarks
from dingmi_mark.store.remark_plans import plan_digest, write_plan
from kill_kit import begun, command, gone, killed_when, run
from legacy_kit import LEFT, RIGHT, archived, confirmed, old_paper, put
from office_kit import pdf
from remark_kit import (
    Archive,
    applied,
    archive,
    notice,
    number_of,
    planned,
    verified,
    without_processes,
)
from scan_kit import named, scanned

PAPERS, COPIES, KILLS = 6, 3, 4
FILES = PAPERS * COPIES
SEED = 20261130


@dataclass(frozen=True)
class Ready:
    """A verified plan about some tens of files, and how all is before and after it was done."""

    papers: Archive
    batch: str
    before: dict[Path, bytes]
    after: dict[Path, bytes]
    told: dict[str, Any]
    seen: dict[str, tuple[str, bool]]

    @property
    def folder(self) -> Path:
        return self.papers.room.folder

    @property
    def plan(self) -> Path:
        return self.folder / "plan.json"

    def as_it_was(self, state: str) -> None:
        """Bring the whole office back to a state, at the same place: plans name places."""
        shutil.rmtree(self.folder)
        shutil.copytree(_state(self.folder, state), self.folder)

    def apply(self, *more: str) -> list[str]:
        words = ("remark", "--apply", self.plan, "--jobs", "2", *more)
        return command(self.papers.room, *words, "--approvals", self.papers.room.approvals)

    def undo(self) -> list[str]:
        return command(self.papers.room, "undo", self.batch)


def _state(folder: Path, name: str) -> Path:
    return folder.with_name(f"{folder.name}-{name}")


def _of_ours(papers: Archive) -> list[NoticeItem]:
    """Papers that this program marked, each in several copies, and two that are not touched."""
    for number in range(PAPERS + 1):
        content = pdf(number % 2 + 1, typed=f"样例{number}", at=(79.4, 500))
        papers.put(f"{number}号.pdf", content, copies=COPIES)
    assert all(one.error is None for one in papers.room.mark().verdicts)
    (papers.out / "0号.pdf").write_bytes(pdf(2))
    altered = papers.out / "altered.pdf"
    altered.write_bytes((papers.out / "1号-000001.pdf").read_bytes() + b"\n% altered\n")
    return [number_of(f"{number}号.pdf") for number in range(PAPERS)]


def _of_others(papers: Archive) -> list[NoticeItem]:
    """Papers that others marked, each in several files, one of them a picture where it can be read,
    and two that the notice does not mean.
    """
    papers.out.mkdir(exist_ok=True)
    first = old_paper(document_number=_old(0))
    for number in range(PAPERS + 1):
        for copy in range(COPIES):
            place = (LEFT, RIGHT)[copy % 2]
            pages = number % 2 + 1
            content = archived(("机密★10年", place), number=_old(number), pages=pages)
            if not number and not copy and find_tesseract():
                picture = scanned(papers.out.parent)
                put(papers, picture, f"{number}号/{copy}.png")
                first = named(picture, document_number=_old(0))
                continue
            put(papers, content + b"\n%% %d\n" % copy, f"{number}号/{copy}.pdf")
    other = archived(("秘密★5年", LEFT), number=_old(0))
    put(papers, other, "别的标志.pdf")
    put(papers, archived(number=_old(1)), "没有标志.pdf")
    return [first, *(old_paper(document_number=_old(number)) for number in range(1, PAPERS))]


def _old(number: int) -> str:
    return f"示密〔2025〕{number + 18}号"


@pytest.fixture(scope="module", params=[_of_ours, _of_others], ids=["ours", "others"])
def ready(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ready:
    """Make the office, and do the plan once in this process, without any kill."""
    folder = tmp_path_factory.mktemp("killed") / "here"
    folder.mkdir()
    papers = archive(folder)
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        items = request.param(papers)
        for file in files_of(papers):
            os.utime(file, ns=(1_700_000_000_000_000_000,) * 2)
        papers.sign(notice(*items))
        plan = planned(papers)
        if plan.legacy:
            confirmed(papers, plan, *(Path(one.path) for one in plan.legacy))
        verified(papers, plan)
    assert len(plan.files) + len(plan.legacy) == FILES
    write_plan(plan, folder / "plan.json")
    shutil.copytree(folder, _state(folder, "before"))
    before = files_of(papers)
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        seen = seen_in(papers)
        applied(papers, plan)
        told = ledger_tells(papers)
    shutil.copytree(folder, _state(folder, "after"))
    return Ready(papers, batch_of(plan_digest(plan)), before, files_of(papers), told, seen)


def files_of(papers: Archive) -> dict[Path, bytes]:
    """Every file that people see in the folder of marked ones."""
    paths = (path for path in sorted(papers.out.rglob("*")) if path.is_file())
    return {path: path.read_bytes() for path in paths if not path.name.startswith(".")}


def ledger_tells(papers: Archive) -> dict[str, Any]:
    """What the ledger says in the end, without moments and names that are of a single run."""
    with papers.desk() as desk:
        ledger = desk.ledger
        assert ledger.verify() == [] and not open_remarks(ledger)
        undone = {act.remark_id for _, act in ledger.acts(RemarkUndone)}
        done = [act for _, act in ledger.acts(RemarkDone) if act.remark_id not in undone]
        changes = [act for _, act in ledger.acts(MarkingChanged)]
        described = [act for _, act in ledger.acts(LegacyDescribed)]
        struck = [act for _, act in ledger.acts(LegacyStruck)]
        kept = {act.remark_id for act in done}
    return {
        "described": sorted(act.document_id for act in described),
        "done": sorted((act.marking_id, act.copy_id, act.after_sm3) for act in done),
        "changes": {act.document_id: replace(act, at="") for act in changes},
        "count": len(changes),
        "struck": sorted(_struck(act) for act in struck if act.remark_id in kept),
        "seen": seen_in(papers),
    }


def seen_in(papers: Archive) -> dict[str, tuple[str, bool]]:
    """The mark that a check finds on each file, and whether all agrees."""
    reports = check_files([papers.out], papers.room.office, on_report=lambda _: None)
    return {str(one.file.relative_to(papers.out)): (one.mark, one.agrees) for one in reports}


def _struck(act: LegacyStruck) -> tuple[str, ...]:
    return (act.copy_id, act.before_sm3, act.content_digest, *chain(*sorted(act.marks.items())))


def nothing_temporary(ready: Ready) -> None:
    folder, office = ready.folder, ready.papers.room.office.folder
    assert not [path for path in folder.rglob(".dingmi-*") if path.is_file()]
    work = office / "work"
    assert not work.exists() or not list(work.iterdir())


@dataclass
class Watch:
    """Looks at all files again and again: each is what it was or what it becomes, nothing else."""

    start: dict[Path, bytes]
    end: dict[Path, bytes]

    def reached(self) -> int:
        """Return how many files are as they become; two that look the same are never changed."""
        now = {path: path.read_bytes() for path in self.start}
        for path, content in now.items():
            assert content in (self.start[path], self.end[path]), path
        return sum(now[path] != self.start[path] for path in now)


def goals(chance: random.Random) -> Iterator[tuple[int, float, bool]]:
    """Yield when a run is killed: after so many files, a pause later, whole or its head only."""
    for number, reached in enumerate(sorted(chance.sample(range(1, FILES - 2), KILLS))):
        yield reached, chance.uniform(0, 0.1), number % 2 == 0


def test_a_run_killed_again_and_again_ends_like_one_that_was_not(ready: Ready) -> None:
    ready.as_it_was("before")
    watch, chance = Watch(ready.before, ready.after), random.Random(SEED)
    kills = 0
    for reached, pause, whole in goals(chance):
        kills += killed_when(
            ready.apply(), lambda most=reached: watch.reached() >= most, pause, whole=whole
        )
    assert kills, "on a fast machine the later ones may come too late"
    result = run(ready.apply())
    assert result.returncode == 0, result.stdout + result.stderr
    assert files_of(ready.papers) == ready.after
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        assert ledger_tells(ready.papers) == ready.told
    nothing_temporary(ready)
    kept = ready.papers.room.office.folder / "remark" / ready.batch
    wanted = sorted(old for path, old in ready.before.items() if ready.after[path] != old)
    assert sorted(path.read_bytes() for path in kept.iterdir()) == wanted
    again = run(ready.apply("--json"))
    counts = json.loads(again.stdout)["result"]["counts"]
    assert counts == {"changed": 0, "unchanged": FILES, "failed": 0}


def test_an_undoing_killed_again_and_again_brings_back_every_byte(ready: Ready) -> None:
    ready.as_it_was("after")
    watch, chance = Watch(ready.after, ready.before), random.Random(SEED + 1)
    kills = 0
    for reached, pause, _ in goals(chance):
        kills += killed_when(ready.undo(), lambda most=reached: watch.reached() >= most, pause / 10)
    assert kills
    doctor = run(command(ready.papers.room, "doctor"))
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    nothing_temporary(ready)
    result = run(ready.undo())
    assert result.returncode == 0, result.stdout + result.stderr
    assert files_of(ready.papers) == ready.before
    changed = [path for path, old in ready.before.items() if ready.after[path] != old]
    assert {path.stat().st_mtime_ns for path in changed} == {1_700_000_000_000_000_000}
    nothing_temporary(ready)
    assert not list((ready.papers.room.office.folder / "remark").glob("remark-*"))
    with ready.papers.desk() as desk:
        assert desk.ledger.verify() == []
        restored = [act.document_id for _, act in desk.ledger.acts(MarkingRestored)]
    assert sorted(restored) == sorted(ready.told["changes"])
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        assert seen_in(ready.papers) == ready.seen


def test_of_two_runs_at_once_no_file_is_changed_twice(ready: Ready) -> None:
    ready.as_it_was("before")
    runs = [begun(ready.apply()) for _ in range(2)]
    codes = {one.wait(timeout=240) for one in runs}
    for one in runs:
        gone(one.pid)
    assert ExitCode.OK in codes and codes <= {ExitCode.OK, ExitCode.REMARK_BATCH_OPEN}
    assert files_of(ready.papers) == ready.after
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        assert ledger_tells(ready.papers) == ready.told
    nothing_temporary(ready)


ROOM_MIB = 6


def _two_of_ours(papers: Archive) -> list[NoticeItem]:
    papers.mark("小.pdf")
    papers.mark("大.pdf", with_noise(pdf()))
    return [number_of("小.pdf"), number_of("大.pdf")]


def _two_of_others(papers: Archive) -> list[NoticeItem]:
    put(papers, archived(("机密★10年", LEFT), number=_old(1)), "小-000001.pdf")
    large = archived(("机密★10年", RIGHT), number=_old(2))
    put(papers, with_noise(large), "大-000001.pdf")
    return [old_paper(document_number=_old(number)) for number in (1, 2)]


@pytest.fixture(params=[_two_of_ours, _two_of_others], ids=["ours", "others"])
def heavy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """An office with a small paper and one that is larger than there will be room for."""
    papers = archive(tmp_path)
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        papers.sign(notice(*request.param(papers)))
        plan = planned(papers)
        if plan.legacy:
            confirmed(papers, plan, *(Path(one.path) for one in plan.legacy))
        verified(papers, plan)
        write_plan(plan, tmp_path / "plan.json")
        yield papers


def with_noise(content: bytes) -> bytes:
    """A page with a picture that cannot be made smaller than it is."""
    import pymupdf

    side = 1700
    document = pymupdf.open(stream=content, filetype="pdf")
    samples = random.Random(SEED).randbytes(3 * side * side)
    picture = pymupdf.Pixmap(pymupdf.csRGB, side, side, samples, False)
    document[0].insert_image(pymupdf.Rect(100, 420, 480, 800), pixmap=picture)
    return bytes(document.tobytes(no_new_id=True))


def run_with_room(arguments: list[str], limit: int) -> subprocess.CompletedProcess[str]:
    """Run a command to which the system grants no file larger than this (bytes)."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        arguments, capture_output=True, text=True, timeout=240, check=False, preexec_fn=limited
    )


def test_where_there_is_no_room_the_file_stays_and_the_rest_is_done(heavy: Archive) -> None:
    before = files_of(heavy)
    small, large = heavy.out / "小-000001.pdf", heavy.out / "大-000001.pdf"
    assert large.stat().st_size > ROOM_MIB << 20
    words = ("remark", "--apply", heavy.room.folder / "plan.json", "--json", "--jobs", "1")
    apply = command(heavy.room, *words, "--approvals", heavy.room.approvals)
    result = run_with_room(apply, ROOM_MIB << 20)
    verdicts = {Path(one["path"]).name: one for one in json.loads(result.stdout)["result"]["files"]}
    assert verdicts[large.name]["error"]["code"] == OutputDiskFull.code
    assert verdicts[small.name]["error"] is None and small.read_bytes() != before[small]
    assert large.read_bytes() == before[large]
    assert not list(heavy.out.glob(".dingmi-*"))
    assert len(list((heavy.room.office.folder / "remark").rglob("*.pdf"))) == 1
    again = run(apply)
    assert again.returncode == 0, again.stdout + again.stderr
    assert large.read_bytes() != before[large]
    batch = json.loads(again.stdout)["result"]["batch_id"]
    undo = command(heavy.room, "undo", batch)
    short = run_with_room(undo, ROOM_MIB << 20)
    assert short.returncode == OutputDiskFull.code, short.stdout + short.stderr
    assert not list(heavy.out.glob(".dingmi-*"))
    assert {path.read_bytes() == before[path] for path in (small, large)} == {True, False}
    assert run(undo).returncode == 0
    assert files_of(heavy) == before


def test_where_the_ledger_cannot_be_written_no_file_is_touched(heavy: Archive) -> None:
    before = files_of(heavy)
    words = ("remark", "--apply", heavy.room.folder / "plan.json", "--jobs", "1")
    apply = command(heavy.room, *words, "--approvals", heavy.room.approvals)
    result = run_with_room(apply, 16 << 10)
    assert 50 <= result.returncode < 60, result.stdout + result.stderr
    assert files_of(heavy) == before and not list(heavy.out.glob(".dingmi-*"))
    assert run(apply).returncode == 0
