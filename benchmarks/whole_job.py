"""The whole job on many small files: approval, law, mark, confirmation, ledger.

python whole_job.py make FOLDER FILES      an office with so many drafts and records
python whole_job.py mark FOLDER JOBS       mark them all, into a folder and a ledger of their own
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from corpus import write_pdf

from dingmi_mark.pipeline.verdicts import Status
from dingmi_mark.store.office import read_office
from office_kit import Room, approved, new_room

PAGES = 5


def make(folder: Path, files: int) -> None:
    """Make the office and its drafts, each with words and a record of its own."""
    folder.mkdir(parents=True)
    room = new_room(folder / "room")
    for number in range(files):
        name = f"{number:05}.pdf"
        path = folder / "draft.pdf"
        write_pdf(path, PAGES, f"Sample {number}")
        content = path.read_bytes()
        record = replace(approved(content, name, copies=1), number=f"样例{number}号")
        room.put(name, content, record)


def mark(folder: Path, jobs: int) -> None:
    """Mark all drafts anew: what an earlier run left goes first."""
    again = folder / "again"
    shutil.rmtree(again, ignore_errors=True)
    shutil.copytree(folder / "room" / "office", again / "office")
    room = Room(folder / "room", read_office(again / "office"))
    shutil.rmtree(room.out, ignore_errors=True)
    result = room.mark(jobs=jobs)
    failed = [verdict for verdict in result.verdicts if verdict.status is not Status.MARKED]
    if failed:
        raise SystemExit(f"not marked: {failed[0].draft} {failed[0].error}")


if __name__ == "__main__":
    _, what, where, count = sys.argv
    {"make": make, "mark": mark}[what](Path(where), int(count))
