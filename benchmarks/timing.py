"""Commands run in turns, so that a busy machine slows all alike: their time and peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Run:
    """One run of a command: wall-clock time (s) and peak memory (MB) of its largest process."""

    seconds: float
    megabytes: float


def run(command: Sequence[str]) -> Run:
    """Run a command once. Raises CalledProcessError."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Run(time.perf_counter() - begin, usage.ru_maxrss / 1024)


@dataclass(frozen=True)
class Against:
    """Our median and the peer's, and the median of the pairs' ratios of time and of memory."""

    mine: Run
    theirs: Run
    ratio: float
    memory_ratio: float


def against(ours: Sequence[str], peer: Sequence[str], rounds: int) -> Against:
    """Run two commands in turns."""
    pairs = [(run(ours), run(peer)) for _ in range(rounds)]
    return Against(
        _median([mine for mine, _ in pairs]),
        _median([theirs for _, theirs in pairs]),
        median(mine.seconds / theirs.seconds for mine, theirs in pairs),
        median(mine.megabytes / theirs.megabytes for mine, theirs in pairs),
    )


def _median(runs: Sequence[Run]) -> Run:
    return Run(median(r.seconds for r in runs), median(r.megabytes for r in runs))
