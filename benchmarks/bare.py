"""What the libraries alone take: their calls that a goal cannot do without, and nothing of ours.

No rule, no mark, no check, no error is thought of: what is left is the limit of every program that
uses them, not a way to mark anything.

python bare.py pages DRAFT TARGET      every page: read its content, add to it, write the file
python bare.py job DRAFTS TARGETS      every file: that, look at a page before and after, a ledger
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from pathlib import Path

import pikepdf

_MARK_PT = (80, 100, 260, 220)
"""A place of the size of a mark with its rows."""

_DPI = 200


def pages(draft: Path, target: Path) -> None:
    """Add a form to every page, its content read to be counted; safe on the disk."""
    with pikepdf.open(draft) as pdf:
        form = pdf.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        form.BBox = [0, 0, 1, 1]
        before, after = pdf.make_stream(b"q "), pdf.make_stream(b" Q /Bare Do")
        for page in pdf.pages:
            own = page.obj.Contents
            parts = list(own) if isinstance(own, pikepdf.Array) else [own]
            for part in parts:
                part.get_stream_buffer()
            page.obj.Contents = pikepdf.Array([before, *parts, after])
            resources = page.obj.Resources
            if "/XObject" not in resources:
                resources.XObject = pikepdf.Dictionary()
            resources.XObject["/Bare"] = form
        pdf.save(target)
    with target.open("rb") as written:
        os.fsync(written.fileno())


def job(drafts: Path, targets: Path) -> None:
    """Every file: its digests, its pages marked, read back and shown, an entry that is durable."""
    import pymupdf

    targets.mkdir(exist_ok=True)
    ledger = sqlite3.connect(targets / "ledger.db")
    ledger.execute("pragma journal_mode=wal")
    ledger.execute("pragma synchronous=full")
    ledger.execute("create table entries (name text)")
    for draft in sorted(drafts.glob("*.pdf")):
        target = targets / draft.name
        for algorithm in ("sha256", "sm3"):
            hashlib.new(algorithm, draft.read_bytes())
        pages(draft, target)
        with pikepdf.open(target) as pdf:
            for page in pdf.pages:
                for part in page.obj.Contents:
                    hashlib.new("sm3", part.get_stream_buffer())
        for file in (draft, target):
            with pymupdf.open(file) as shown:
                words = [page.get_text() for page in shown] if file is draft else []
                shown[0].get_pixmap(dpi=_DPI, clip=pymupdf.Rect(*_MARK_PT))
        del words
        ledger.execute("insert into entries values (?)", (draft.name,))
        ledger.commit()
    ledger.close()


if __name__ == "__main__":
    _, what, source, where = sys.argv
    {"pages": pages, "job": job}[what](Path(source), Path(where))
