"""Commands run in turns, so that a busy machine slows all alike: their time and peak memory."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_LOOK_S = 0.005


@dataclass(frozen=True)
class Run:
    """One run of a command: wall-clock time (s) and peak memory (MB) of the process itself."""

    seconds: float
    megabytes: float


def run(command: Sequence[str]) -> Run:
    """Run a command once. Raises CalledProcessError."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    # A child's ru_maxrss begins with its parent's peak, so the kernel's own mark is read instead.
    while process.poll() is None:
        peak = max(peak, _peak_mb(process.pid))
        time.sleep(_LOOK_S)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Run(time.perf_counter() - begin, peak)


def _peak_mb(pid: int) -> float:
    """Return the largest memory a process has held so far (VmHWM, MB); 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


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
