"""Processes of the command that are killed while they work, and what is then there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from office_kit import Room

COMMAND = str(Path(sys.executable).parent / "dingmi-mark")


def command(room: Room, *arguments: str | Path) -> list[str]:
    """Return the command with the office it works in."""
    return [COMMAND, *map(str, arguments), "--office", str(room.office.folder)]


def begun(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own."""
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(arguments, stdout=nowhere, stderr=nowhere, start_new_session=True)


def killed(running: subprocess.Popen[bytes], *, whole: bool = True) -> None:
    """Kill a run: every process of it at once, or only the one that gives the others work."""
    if whole:
        os.killpg(running.pid, signal.SIGKILL)
    else:
        running.kill()
    running.wait()
    gone(running.pid)


def gone(group: int) -> None:
    """Wait for the last process of a group: its locks are free once the kernel took it away."""
    for _ in range(2400):
        if subprocess.run(["pgrep", "-g", str(group)], capture_output=True).returncode:
            return
        time.sleep(0.05)
    raise AssertionError("processes of a killed run are still there")


def killed_after(arguments: Sequence[str], seconds: float) -> None:
    """Start a command, and kill every process of it after a while."""
    running = begun(arguments)
    time.sleep(seconds)
    killed(running)


def killed_when(
    arguments: Sequence[str], ready: Callable[[], bool], pause: float, *, whole: bool = True
) -> bool:
    """Start a command and kill it a pause after it came so far; False where it ended before."""
    running = begun(arguments)
    end = float("inf")
    while running.poll() is None and time.monotonic() < end:
        if ready() and end == float("inf"):
            end = time.monotonic() + pause
        time.sleep(0.002)
    alive = running.poll() is None
    killed(running, whole=whole) if alive else gone(running.pid)
    return alive


def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(arguments, capture_output=True, text=True, timeout=240, check=False)
