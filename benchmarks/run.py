"""make bench: every speed goal as a ratio against a peer of the same run, or against a limit.

Prints one line a goal, then all peers that are here, and ends with status 1 when a goal is missed.
Nothing here is a test: the numbers depend on the machine, the ratios much less. `--small` takes
hundreds of pages and tens of files in place of thousands.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from subprocess import CalledProcessError

from corpus import (
    write_docx,
    write_large_docx,
    write_pdf,
    write_scan,
    write_short_docx,
    write_stamp,
)
from peers import commands
from quotation_set import Edit
from quotation_speed import CHARACTERS, measured
from quotations import quality
from timing import Against, against, run

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
OVERLAY = "qpdf --overlay"
REWRITE = "qpdf in out"
_SCAN_MB = 20
"""A picture of a megabyte a page."""

_TIMES = 4
"""How often one process marks a file to tell its start from its work."""

_MANY = 21
"""The same for small files."""


@dataclass(frozen=True)
class Goal:
    """One measured goal: what, how it compares, and the limit of the ratio."""

    name: str
    shown: str
    found: float
    limit: float

    @property
    def met(self) -> bool:
        return self.found <= self.limit


@dataclass(frozen=True)
class Bench:
    """The folder with what is marked, and how much of it."""

    folder: Path
    pages: tuple[int, int]
    files: int
    rounds: int

    @property
    def stamp(self) -> Path:
        return self.folder / "stamp.pdf"

    def draft(self, pages: int) -> Path:
        """Return a draft of so many pages, made when it is asked for."""
        path = self.folder / f"{pages}.pdf"
        if not path.exists():
            write_pdf(path, pages)
        return path

    def engine(self, draft: Path, pages: int, times: int = 1) -> list[str]:
        """Mark every page: full rewrite, q/Q check, all carriers, safe on the disk."""
        work = (str(draft), str(self.folder / "out.pdf"), str(pages), str(times))
        return [sys.executable, str(HERE / "mark_pdf.py"), *work]

    def once_started(self, draft: Path, pages: int, whole: float) -> float:
        """Return the seconds a further file takes in a process that runs already."""
        return (run(self.engine(draft, pages, _TIMES)).seconds - whole) / (_TIMES - 1)

    def peer(self, name: str, draft: Path) -> list[str]:
        return commands(draft, self.stamp, self.folder / "peer.pdf")[name]


def help_is_quick(_: Bench) -> Iterator[Goal]:
    """`--help` costs at most twice what `import click` costs."""
    ours = [str(BIN / "dingmi-mark"), "--help"]
    peer = [sys.executable, "-c", "import click"]
    found = against(ours, peer, 21)
    mine, theirs = found.mine.seconds * 1000, found.theirs.seconds * 1000
    yield Goal("--help", f"{mine:.0f} ms, `import click` {theirs:.0f} ms", found.ratio, 2.0)


def environment_is_light(_: Bench) -> Iterator[Goal]:
    """The installed environment stays below 260 MB: measured where `make demo` installed it."""
    folder = Path(sys.prefix)
    size = sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    yield Goal("environment", f"{size:.0f} MB of {folder.name}, limit 260 MB", size / 260, 1.0)


def engine_against_overlay(bench: Bench) -> Iterator[Goal]:
    """Every page marked, whole processes, against `qpdf --overlay`; its memory, its growth."""
    started = []
    for pages, limit in zip(bench.pages, (0.5, 0.35), strict=True):
        draft = bench.draft(pages)
        found = against(bench.engine(draft, pages), bench.peer(OVERLAY, draft), bench.rounds)
        shown = f"{found.mine.seconds:.2f} s, `{OVERLAY}` {found.theirs.seconds:.2f} s"
        yield Goal(f"{pages} pages, every page", shown, found.ratio, limit)
        started.append(_tell_once_started(bench, draft, pages, found))
        _tell_bare(["pages", str(draft), str(bench.folder / "bare.pdf")], found)
    shown = f"{found.mine.megabytes:.0f} MB, `{OVERLAY}` {found.theirs.megabytes:.0f} MB"
    yield Goal(f"peak memory on {pages} pages", shown, found.memory_ratio, 3.0)
    growth = started[1] / started[0]
    times = bench.pages[1] / bench.pages[0]
    shown = f"{times:g} times the pages, {growth:.1f} times the time"
    yield Goal("time grows with the pages", shown, growth / times, 1.3)


def scan_against_rewrite(bench: Bench) -> Iterator[Goal]:
    """A scan of 20 MB against `qpdf in out`."""
    draft = bench.folder / "scan.pdf"
    write_scan(draft, _SCAN_MB)
    found = against(bench.engine(draft, _SCAN_MB), bench.peer(REWRITE, draft), bench.rounds)
    shown = f"{found.mine.seconds:.2f} s, `{REWRITE}` {found.theirs.seconds:.2f} s"
    yield Goal("scan of 20 MB", shown, found.ratio, 1.5)
    _tell_once_started(bench, draft, _SCAN_MB, found)


def _tell_once_started(bench: Bench, draft: Path, pages: int, found: Against) -> float:
    """Print, and return, the seconds without the start of the process, as in a batch."""
    seconds = bench.once_started(draft, pages, found.mine.seconds)
    ratio = seconds / found.theirs.seconds
    print(f"       without the start, {pages} pages: × {ratio:.2f}, {seconds:.2f} s", flush=True)
    return seconds


def _tell_bare(work: list[str], found: Against) -> None:
    """Print what the libraries take for it when they are called bare: nothing goes below that."""
    seconds = run([sys.executable, str(HERE / "bare.py"), *work]).seconds
    ratio = seconds / found.theirs.seconds
    print(f"       the libraries alone: × {ratio:.2f}, {seconds:.2f} s", flush=True)


def print_job_against_imports(bench: Bench) -> Iterator[Goal]:
    """The decision on a job of a guarded queue, against its imports and showing the pages."""
    folder = bench.folder / "print"
    script = [sys.executable, str(HERE / "print_job.py")]
    subprocess.run([*script, "make", str(folder)], check=True)
    found = against([*script, "job", str(folder)], [*script, "peer", str(folder)], bench.rounds)
    shown = f"{found.mine.seconds:.2f} s, imports and pages {found.theirs.seconds:.2f} s"
    yield Goal("print job of 10 marked pages", shown, found.ratio, 1.5)


def word_against_python_docx(bench: Bench) -> Iterator[Goal]:
    """Marking a Word file against python-docx, which loads and saves it: a fifth of the time.

    The processor's time of a process that runs already, by turns: the start is all there is on
    such files.
    """
    drafts: dict[str, Callable[[Path], None]] = {
        "10 pages": partial(write_docx, paragraphs=90),
        "100 pages": partial(write_docx, paragraphs=900),
        "10 pages with 3 MB of pictures": partial(write_docx, paragraphs=90, megabytes=3),
        "one page with few styles": write_short_docx,
    }
    draft, target = bench.folder / "draft.docx", bench.folder / "out.docx"
    for name, write in drafts.items():
        write(draft)
        work = [str(draft), str(target), str(_MANY)]
        spent: dict[str, list[float]] = {"ours": [], "python-docx": [], "bare": []}
        for _ in range(bench.rounds):
            for who, seconds in spent.items():
                command = [sys.executable, str(HERE / "mark_docx.py"), who, *work]
                told = subprocess.run(command, capture_output=True, text=True, check=True)
                seconds.append(float(told.stdout))
        mine, theirs, bare = (median(seconds) for seconds in spent.values())
        shown = f"{mine * 1000:.1f} ms, python-docx {theirs * 1000:.1f} ms"
        yield Goal(f"Word file of {name}", shown, mine / theirs, 0.2)
        told = f"× {bare / theirs:.2f}, {bare * 1000:.1f} ms"
        print(f"       the libraries alone: {told}", flush=True)


def look_against_plain_soffice(bench: Bench) -> Iterator[Goal]:
    """A look at a Word file against LibreOffice with a profile that was never used, by turns."""
    from dingmi_mark.formats.office_convert import find_soffice, to_pdf

    soffice = find_soffice()
    if soffice is None:
        print("       LibreOffice is not installed: no look at a Word file", flush=True)
        return
    draft = bench.folder / "look.docx"
    write_docx(draft, 90)
    mine, theirs = list[float](), list[float]()
    for _ in range(bench.rounds):
        with tempfile.TemporaryDirectory() as name:
            folder, begin = Path(name), time.perf_counter()
            to_pdf(draft, folder)
            mine.append(time.perf_counter() - begin)
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            command = [str(soffice), profile, "--headless", "--convert-to", "pdf"]
            theirs.append(run([*command, "--outdir", str(folder / "out"), str(draft)]).seconds)
    ratio = median(one / other for one, other in zip(mine, theirs, strict=True))
    shown = f"{median(mine):.2f} s, LibreOffice with a new profile {median(theirs):.2f} s"
    yield Goal("look at a Word file of 10 pages", shown, ratio, 0.6)


def memory_on_large_word_files(bench: Bench) -> Iterator[Goal]:
    """Peak memory of a Word file's whole way with 400 MB of pictures against one with 50 MB."""
    target = bench.folder / "large-out.docx"
    peaks = []
    for megabytes in (50, 400):
        draft = bench.folder / f"large{megabytes}.docx"
        write_large_docx(draft, megabytes)
        work = (str(draft), str(target), "1")
        peaks.append(run([sys.executable, str(HERE / "mark_docx.py"), "whole", *work]).megabytes)
        draft.unlink()
    shown = f"{peaks[1]:.0f} MB with 400 MB of pictures, {peaks[0]:.0f} MB with 50 MB"
    yield Goal("peak memory on large Word files", shown, peaks[1] / peaks[0], 1.2)


def whole_job(bench: Bench) -> Iterator[Goal]:
    """Approval, law, mark, confirmation and ledger of many files against a loop of overlays."""
    script = [sys.executable, str(HERE / "whole_job.py")]
    job = bench.folder / "job"
    run([*script, "make", str(job), str(bench.files)])
    overlay = f"qpdf $f --overlay '{bench.stamp}' --repeat=1 -- '{bench.folder}/peer.pdf'"
    loop = ["bash", "-c", f"for f in '{job}'/room/drafts/*.pdf; do {overlay}; done"]
    for workers, limit in ((1, 1.0), (2, 0.6)):
        found = against([*script, "mark", str(job), str(workers)], loop, 1)
        shown = f"{found.mine.seconds:.1f} s, loop of `{OVERLAY}` {found.theirs.seconds:.1f} s"
        name = f"whole job, {bench.files} files of 5 pages, {workers} worker(s)"
        yield Goal(name, shown, found.ratio, limit)
    _tell_bare(["job", str(job / "room" / "drafts"), str(bench.folder / "bare")], found)


def cold_start(bench: Bench) -> Iterator[Goal]:
    """Marking one small file in a fresh process against importing what of others that loads."""
    ours = bench.engine(bench.draft(1), 1)
    loaded = subprocess.run([*ours, "--modules"], capture_output=True, text=True, check=True)
    peer = [sys.executable, "-c", f"import {','.join(loaded.stdout.split())}"]
    found = against(ours, peer, 11)
    mine, theirs = found.mine.seconds * 1000, found.theirs.seconds * 1000
    shown = f"{mine:.0f} ms, imports {theirs:.0f} ms"
    yield Goal("one small file, cold", shown, found.ratio, 1.3)


def quotations(bench: Bench) -> Iterator[Goal]:
    """Quotations of a labelled set that are not found, alarms for nothing, size and time."""
    small = bench.files < 100
    found = quality(200 if small else 2000, 20 if small else 100)
    for edit, length, limit in ((Edit.VERBATIM, 30, 0.001), (Edit.LIGHT, 60, 0.05)):
        missed = 1 - found.recall_from(edit, length)
        shown = f"{100 * missed:.1f} % missed, limit {100 * limit:g} %"
        yield Goal(f"quotations, {edit.value}, from {length}", shown, missed / limit, 1.0)
    shown = f"{found.alarms} of {found.innocent} drafts without a quotation"
    yield Goal("quotations, false alarms", shown, found.alarm_share / 0.01, 1.0)
    with tempfile.TemporaryDirectory() as folder:
        speed = measured(400 if small else 10_000, Path(folder))
    shown = f"{speed.documents} documents of {CHARACTERS} characters"
    yield Goal("index of quotations, against the UTF-8 text", shown, speed.size_ratio, 2.0)
    shown = f"{speed.query_seconds * 1000:.0f} ms in {speed.documents} documents"
    yield Goal("quotations of a draft, against extracting it", shown, speed.query_ratio, 3.0)
    shown = f"{speed.build_seconds:.0f} s; × of four times a quarter of it"
    yield Goal("index grows with the documents", shown, speed.build_ratio, 1.5)


GOALS: tuple[Callable[[Bench], Iterator[Goal]], ...] = (
    help_is_quick,
    environment_is_light,
    cold_start,
    engine_against_overlay,
    scan_against_rewrite,
    print_job_against_imports,
    word_against_python_docx,
    look_against_plain_soffice,
    memory_on_large_word_files,
    whole_job,
    quotations,
)


def tell_peers(bench: Bench) -> None:
    """Print the time of every peer that is here beside ours; no goal hangs on them."""
    draft = bench.draft(bench.pages[0])
    ours = run(bench.engine(draft, bench.pages[0])).seconds
    print(f"peers, {bench.pages[0]} pages, every page (× ours, {ours:.2f} s):")
    for name, command in commands(draft, bench.stamp, bench.folder / "peer.pdf").items():
        with suppress(CalledProcessError):
            print(f"  {name}: × {run(command).seconds / ours:.2f}")


def main(arguments: list[str]) -> int:
    """Print every goal; 1 when one is missed."""
    if shutil.which("qpdf") is None:
        print("needs qpdf: make system-deps")
        return 2
    small = "--small" in arguments
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(
            Path(name),
            (200, 1000) if small else (1000, 5000),
            40 if small else 2000,
            3 if small else 5,
        )
        write_stamp(bench.stamp)
        for measure in GOALS:
            for goal in measure(bench):
                missed += not goal.met
                word = "ok    " if goal.met else "MISSED"
                print(
                    f"{word} {goal.name}: × {goal.found:.2f} (limit {goal.limit:g}); {goal.shown}"
                )
                sys.stdout.flush()
        tell_peers(bench)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
