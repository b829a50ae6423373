"""Re-mark in a mixed tree of thousands: `remark_scale.py [FILES]`.

Makes two trees, one with a quarter of the files, of which it is known what each is to a notice;
plans, verifies and applies by the command as people do, and looks at every file afterwards. Prints
what was wrong (it must be nothing), and how time and memory grow; ends with status 1 where a file
was wrong.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from dingmi_mark.store.remark_plans import read_plan
from kill_kit import command
from remark_kit import verified
from remark_tree_kit import Tree, faults_of, make_tree, notice_number

FILES = 2000
_PER_PAPER = 20
_PER_WORD_PAPER = 200
_MIB = 1024
_LOOK_S = 0.5
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds, seconds of processors, MiB of its largest process."""

    seconds: float
    busy: float
    memory_mib: float


@dataclass(frozen=True)
class Outcome:
    """What was measured in one tree, and how many files came out wrong."""

    files: int
    right: int
    plan: Cost
    apply: Cost
    wrong: int


def measured(files: int, folder: Path) -> Outcome:
    """Go the whole way in a tree of so many files."""
    tree = make_tree(folder, files, files // _PER_PAPER, words=files // _PER_WORD_PAPER)
    before = _digests(tree)
    plan_file = folder / "plan.json"
    room = tree.papers.room
    records = ("--approvals", str(room.approvals))
    words = ("remark", notice_number(), tree.folder, "--plan", plan_file, *records)
    plan_cost = _cost(command(room, *words))
    plan, _ = read_plan(plan_file)
    wrong = faults_of(tree, plan)
    verified(tree.papers, plan)
    apply_cost = _cost(command(room, "remark", "--apply", plan_file, *records))
    after = _digests(tree)
    changed = {path for path in before if before[path] != after[path]}
    wrong.update(f"{path}: changed" for path in changed - tree.right())
    wrong.update(f"{path}: not changed" for path in tree.right() - changed)
    again_file = folder / "again.json"
    right = sorted(tree.right())
    _cost(command(room, "remark", notice_number(), *right, "--plan", again_file, *records))
    again, _ = read_plan(again_file)
    wrong.update(
        f"{path}: is not as it should be after the change"
        for path in tree.right() ^ {Path(one.path) for one in again.unchanged}
    )
    for fault in wrong:
        print("wrong:", fault)
    return Outcome(len(tree.truth), len(changed), plan_cost, apply_cost, wrong.total())


def _digests(tree: Tree) -> dict[Path, str]:
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in tree.truth}


def _cost(arguments: list[str]) -> Cost:
    """Run a command, and look at all its processes till it ends: workers have other parents."""
    start = time.monotonic()
    running = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, start_new_session=True)
    busy: dict[int, float] = {}
    largest = 0.0
    while running.poll() is None:
        for process, seconds, mib in _of_group(running.pid):
            busy[process] = seconds
            largest = max(largest, mib)
        time.sleep(_LOOK_S)
    if running.returncode:
        raise SystemExit(f"ended with {running.returncode}: {arguments}")
    return Cost(time.monotonic() - start, sum(busy.values()), largest)


def _of_group(group: int) -> Iterator[tuple[int, float, float]]:
    """Yield the processes of a group: number, seconds of processors, MiB at most so far."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, StopIteration):
            values = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(values[2]) == group:
                lines = (folder / "status").read_text().splitlines()
                peak = next(line for line in lines if line.startswith("VmHWM"))
                ticks = int(values[11]) + int(values[12])
                yield int(folder.name), ticks / _TICKS, int(peak.split()[1]) / _MIB


def main(files: int) -> int:
    """Measure both trees and print what came of it."""
    outcomes = []
    for each in (files // 4, files):
        with tempfile.TemporaryDirectory() as folder:
            one = measured(each, Path(folder))
        outcomes.append(one)
        print(
            f"{one.files} files, {one.right} changed, {one.wrong} wrong; "
            f"plan {one.plan.seconds:.0f} s ({one.plan.busy:.0f} s of processors, largest "
            f"process {one.plan.memory_mib:.0f} MiB), "
            f"apply {one.apply.seconds:.0f} s ({one.apply.busy:.0f} s, "
            f"{one.apply.memory_mib:.0f} MiB)",
            flush=True,
        )
    small, large = outcomes
    plan_growth = (large.plan.busy / large.files) / (small.plan.busy / small.files)
    apply_growth = (large.apply.busy / large.right) / (small.apply.busy / small.right)
    print(f"time a file, large : small: plan {plan_growth:.2f}, apply {apply_growth:.2f}")
    plan_memory = large.plan.memory_mib / small.plan.memory_mib
    apply_memory = large.apply.memory_mib / small.apply.memory_mib
    print(f"peak memory, large : small: plan {plan_memory:.2f}, apply {apply_memory:.2f}")
    return 1 if small.wrong or large.wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else FILES))
