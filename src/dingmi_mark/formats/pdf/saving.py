"""Write a PDF whole: never appended, so that no earlier revision stays in it."""

from __future__ import annotations

from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Pdf


def save_whole(pdf: Pdf, target: Path, *, plainly: bool = False) -> None:
    """Write `target`, which must not exist; same input, same bytes, unless it is encrypted.

    `plainly`: without object streams, which PDF 1.4 (PDF/A-1) has not. Raises OSError.
    """
    whole = whole_bytes(pdf, plainly=plainly)
    with target.open("xb") as file, ExitStack() as undo:
        undo.callback(target.unlink)
        file.write(whole.getbuffer())
        undo.pop_all()


def whole_bytes(pdf: Pdf, *, plainly: bool = False) -> BytesIO:
    """Write a file into memory: when the disk is full, qpdf ends the process instead of raising."""
    from pikepdf import ObjectStreamMode

    # A trailer that qpdf recovered may lack it, and then qpdf would write none into the new file.
    if "/Size" not in pdf.trailer:
        pdf.trailer["/Size"] = 0
    whole = BytesIO()
    pdf.save(
        whole,
        # An encrypted file keeps its id, of which its key is made, and its encryption.
        deterministic_id=not pdf.is_encrypted,
        encryption=pdf.is_encrypted,
        object_stream_mode=ObjectStreamMode.disable if plainly else ObjectStreamMode.generate,
        fix_metadata_version=False,
    )
    return whole
