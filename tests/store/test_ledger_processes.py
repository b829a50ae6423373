"""Several processes write one ledger, and processes that are killed leave it sound."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import BinaryIO

import pytest

from dingmi_mark.domain.ledger import Entry
from dingmi_mark.store.ledger import Ledger

Marked = Callable[[str], list[Entry]]

_PROCESSES = multiprocessing.get_context("fork")


def mark_some(url: str, process: int, marked: Marked) -> None:
    with Ledger.open(url) as ledger:
        for number in range(5):
            for entry in marked(f"{process}-{number}"):
                ledger.append(entry)


def test_eight_processes_lose_nothing(url: str, marked: Marked) -> None:
    processes = [
        _PROCESSES.Process(target=mark_some, args=(url, number, marked)) for number in range(8)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 8
    with Ledger.open(url) as ledger:
        assert ledger.head().seq == 1 + 8 * 5 * 4
        assert ledger.verify() == []
        for process in range(8):
            assert len(ledger.done_for(f"{process}-4-document")) == 1


def mark_without_end(url: str, process: str, marked: Marked, said: int) -> None:
    with Ledger.open(url) as ledger:
        for number in range(1_000_000):
            for entry in marked(f"{process}-{number}"):
                [link] = ledger.append(entry)
                os.write(said, link.seq.to_bytes(4, "big") + link.hash)


def acknowledged(said: BinaryIO) -> dict[int, bytes]:
    whole = said.read()
    size = 4 + 32
    return {
        int.from_bytes(whole[at : at + 4], "big"): whole[at + 4 : at + size]
        for at in range(0, len(whole) - size + 1, size)
    }


@pytest.mark.parametrize("round_", range(4))
def test_killed_processes_lose_nothing_they_acknowledged(
    url: str, marked: Marked, round_: int
) -> None:
    listen, say = os.pipe()
    processes = [
        _PROCESSES.Process(target=mark_without_end, args=(url, f"p{n}", marked, say), daemon=True)
        for n in range(3)
    ]
    for process in processes:
        process.start()
    os.close(say)
    with os.fdopen(listen, "rb") as said:
        for _ in range(random.Random(round_).randrange(1, 60)):
            said.peek(1)
            said.read(36)
        for process in processes:
            if process.pid is not None:
                os.kill(process.pid, signal.SIGKILL)
        for process in processes:
            process.join()
        promised = acknowledged(said)
    with Ledger.open(url) as ledger:
        assert ledger.verify() == []
        stored = {link.seq: link.hash for link in ledger.entries()}
        assert promised.items() <= stored.items()
        ledger.append(*marked("afterwards"))
        assert ledger.verify() == []


def hold_a_run(url: str, says: Connection) -> None:
    with Ledger.open(url) as ledger, ledger.running("run-1"):
        says.send("running")
        signal.pause()


def test_a_killed_run_is_known_to_be_dead(url: str) -> None:
    hears, says = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=hold_a_run, args=(url, says), daemon=True)
    process.start()
    assert hears.recv() == "running"
    with Ledger.open(url) as ledger:
        assert ledger.is_running("run-1")
        process.kill()
        process.join()
        # The server of PostgreSQL ends the session a moment later; taking the lock waits for it.
        with ledger.running("run-1"):
            pass
        assert not ledger.is_running("run-1")
