"""SIGKILL loses nothing and leaves nothing half: doctor settles, a second run finishes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from dingmi_mark.domain.ledger import MarkingState
from kill_kit import command, killed_after, run
from office_kit import Room, approved, new_room, pdf

DRAFTS, MANY = 12, 50
COPIES = 3


def mark_command(room: Room) -> list[str]:
    folders = (str(room.drafts), "--approvals", str(room.approvals), "--out", str(room.out))
    return command(room, "mark", *folders, "--jobs", "2")


def filled(folder: Path, drafts: int = DRAFTS) -> Room:
    room = new_room(folder)
    for number in range(drafts):
        content = pdf(pages=number + 1)
        name = f"{number:02}.pdf"
        room.put(name, content, approved(content, name, copies=COPIES))
    return room


@pytest.mark.parametrize("seconds", [0.6, 1.3, 1.9, 2.6])
def test_killed_at_any_moment(tmp_path: Path, seconds: float) -> None:
    room = filled(tmp_path)
    killed_after(mark_command(room), seconds)
    doctor = run(command(room, "doctor"))
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    verify = run(command(room, "ledger", "verify"))
    assert verify.returncode == 0, verify.stdout + verify.stderr
    with room.ledger() as ledger:
        assert ledger.open_markings() == []
    assert not [path for path in tmp_path.rglob(".dingmi-*") if path.is_file()]
    again = run(mark_command(room))
    assert again.returncode == 0, again.stdout + again.stderr
    made = sorted(room.out.rglob("*.pdf"))
    assert len(made) == DRAFTS * COPIES
    with room.ledger() as ledger:
        for path in made:
            import hashlib

            digest = hashlib.new("sm3", path.read_bytes()).hexdigest()
            (found,) = ledger.by_file_digest(digest)
            assert (found.role, found.record.state) == ("marked", MarkingState.DONE)
    work = room.office.folder / "work"
    assert not work.exists() or not list(work.iterdir())


def test_killed_while_originals_go_to_the_archive(tmp_path: Path) -> None:
    """Every original is in its folder or in the archive at any time, at the end in the archive."""
    room = filled(tmp_path).with_policies('drafts_after = "archive"')
    originals = {path.read_bytes() for path in room.drafts.iterdir()}
    killed_after(mark_command(room), 2.2)
    lying = [*room.drafts.iterdir(), *room.office.archive.rglob("*.pdf")]
    assert {path.read_bytes() for path in lying} == originals
    doctor = run(command(room, "doctor"))
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    again = run(mark_command(room))
    assert again.returncode == 0, again.stdout + again.stderr
    assert not list(room.drafts.iterdir())
    kept = [path for path in room.office.archive.rglob("*") if path.is_file()]
    assert {path.read_bytes() for path in kept} == originals and len(kept) == DRAFTS
    assert len(list(room.out.rglob("*.pdf"))) == DRAFTS * COPIES


def test_ctrl_c_is_clean(tmp_path: Path) -> None:
    """Files in work are finished, no new ones begun, exit code 130, nothing is left open."""
    # So many that some are left when the signal comes, however late on a busy machine.
    room = filled(tmp_path, MANY)
    # Tests that run in the background ignore this signal, and so does what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        mark_command(room),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        deadline = time.monotonic() + 60
        while not list(room.out.rglob("*.pdf")) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(running.pid, signal.SIGINT)
        running.communicate(timeout=60)
    assert running.returncode == 130
    with room.ledger() as ledger:
        assert ledger.open_markings() == []
        assert ledger.verify() == []
    assert 0 < len(list(room.out.rglob("*.pdf"))) < MANY * COPIES
    assert not [path for path in tmp_path.rglob(".dingmi-*") if path.is_file()]
    assert not list((room.office.folder / "work").iterdir())
