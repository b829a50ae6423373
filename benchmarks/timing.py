"""Pairs of commands, run in turns, so that a busy machine slows both alike."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from statistics import median


def seconds(command: Sequence[str]) -> float:
    """Run a command once and return its wall-clock time. Raises CalledProcessError."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def ratio(ours: Sequence[str], peer: Sequence[str], rounds: int) -> tuple[float, float, float]:
    """Return our median time, the peer's, and the median of the pairs' ratios."""
    pairs = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
    return (
        median(pair[0] for pair in pairs),
        median(pair[1] for pair in pairs),
        median(pair[0] / pair[1] for pair in pairs),
    )
