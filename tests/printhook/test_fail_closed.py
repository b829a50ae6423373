"""Whatever goes wrong holds the job: nothing prints, nothing is lost, and the next job prints."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pymupdf
import pytest

from cups_kit import NEEDS_CUPS
from printhook_kit import ORDINARY, Guarded

pytestmark = NEEDS_CUPS

ENDED = ("completed", "canceled", "aborted", "pending-held", "processing-stopped")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small disk")


def printed(room: Guarded, file: Path) -> tuple[str, str]:
    job = room.server.lp(ORDINARY, file)
    return room.server.reached(job, *ENDED), room.server.job(job)


def the_next_prints(room: Guarded) -> None:
    assert printed(room, room.clean)[0] == "completed", room.server.log()
    assert room.server.printed() == [room.clean.read_bytes()]
    with room.ledger() as ledger:
        assert not ledger.verify()


@contextmanager
def small_disk(folder: Path, kib: int) -> Iterator[None]:
    """Put a disk of a few KiB where a folder is."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kib}k,mode=700", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def settings(room: Guarded, old: str, new: str) -> Iterator[None]:
    """Change a line of office.toml for a while."""
    file = room.crew.room.office.folder / "office.toml"
    whole = file.read_text(encoding="utf-8")
    assert old in whole
    file.write_text(whole.replace(old, new), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(whole, encoding="utf-8")


def many_pages(file: Path, pages: int) -> Path:
    with pymupdf.open() as document:
        for number in range(pages):
            document.new_page().insert_text((72, 72), f"sample {number} " * 20, fontsize=6)
        document.save(file)
    return file


@AS_ROOT
def test_a_full_disk_holds_the_job(room: Guarded, tmp_path: Path) -> None:
    large = many_pages(tmp_path / "大.pdf", 200)
    with small_disk(room.crew.room.office.folder / "work", 64):
        state, told = printed(room, large)
        assert (state, room.server.printed()) == ("pending-held", [])
        assert "磁盘" in told and "下一步：" in told, told
    the_next_prints(room)


def test_a_ledger_that_another_process_holds_makes_the_job_wait(room: Guarded) -> None:
    file = room.crew.room.office.folder / "ledger" / "ledger.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        state, told = printed(room, room.clean)
        other.execute("ROLLBACK")
    assert (state, room.server.printed()) == ("pending-held", [])
    assert "台账" in told and "下一步：" in told, told
    the_next_prints(room)


def test_what_takes_too_long_is_held(room: Guarded, tmp_path: Path) -> None:
    long = many_pages(tmp_path / "长.pdf", 4000)
    with settings(room, "seconds = 180", "seconds = 1"):
        state, told = printed(room, long)
    assert (state, room.server.printed()) == ("pending-held", [])
    assert "超过" in told, told
    the_next_prints(room)


def test_an_office_secret_that_is_lost_holds_every_job(room: Guarded) -> None:
    key = room.crew.room.office.folder / "secret" / "office.key"
    key.rename(key.with_name("gone"))
    try:
        state, told = printed(room, room.clean)
    finally:
        key.with_name("gone").rename(key)
    assert (state, room.server.printed()) == ("pending-held", [])
    assert "暂缓打印" in told, told
    the_next_prints(room)


def test_nothing_of_all_this_is_left_in_the_office(room: Guarded) -> None:
    the_next_prints(room)
    assert list((room.crew.room.office.folder / "work").glob("*")) == []
