"""The cover sheet of a signed file: an empty page, and the words that say what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.engine.layout import shifted
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, TextRun, ink_box
from dingmi_mark.formats.base import Faces, place_taken

_A4_PT = (595.276, 841.89)
_FACE, _SIZE_PT = "heiti", 12.0
_LEFT_MM, _WIDTH_MM, _TOP_MM, _LOWEST_MM, _STEP_MM = 28.0, 156.0, 110.0, 270.0, 10.0
_PITCH_MM = 8.0
_GROUP = 16
"""A digest is read and compared in groups of so many digits."""


def blank_sheet() -> bytes:
    """Return a PDF of one empty A4 page; always the same bytes."""
    import pikepdf

    stream = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=_A4_PT)
        pdf.save(stream, deterministic_id=True)
    return stream.getvalue()


def cover_block(
    record: ApprovalRecord, file_name: str, sm3: str, marks: Sequence[Block], faces: Faces
) -> Block:
    """Set what the sheet says below the marks. Raises GlyphMissing, PlaceTaken."""
    digest = " ".join(sm3[at : at + _GROUP] for at in range(0, len(sm3), _GROUP))
    words = (
        "本页为已签章电子文件的国家秘密标志页，随该文件一并保管、传递。",
        f"文件：{file_name}",
        f"签章文件摘要（SM3）：{digest}",
        f"定密审批编号：{record.number}",
        "该文件已经电子签名或者用印，再加标志会使签名失效，标志因此载于本页，",
        "并书面通知知悉范围内的机关、单位或者人员（实施条例第二十一条第二款）。",
    )
    lines = [line for text in words for line in _wrapped(text, faces)]
    em = _SIZE_PT * MM_PER_PT
    runs = tuple(_run(line, _TOP_MM + at * _PITCH_MM, em, faces) for at, line in enumerate(lines))
    height = (len(lines) - 1) * _PITCH_MM + em
    block = Block("cover", Box(_LEFT_MM, _TOP_MM, _WIDTH_MM, height), runs)
    while any(block.box.overlaps(ink_box(mark)) for mark in marks):
        block = shifted(block, _STEP_MM)
        if block.box.bottom > _LOWEST_MM:
            raise place_taken(block.name, 0, block.box)
    return block


def _run(line: str, y: float, em: float, faces: Faces) -> TextRun:
    width = faces.advance_mm(line, _FACE, _SIZE_PT)
    box = Box(_LEFT_MM, y, width, em)
    return TextRun(line, box, y + faces.baseline(_FACE) * em, _FACE, _SIZE_PT)


def _wrapped(text: str, faces: Faces) -> list[str]:
    lines = [""]
    for character in text:
        if faces.advance_mm(lines[-1] + character, _FACE, _SIZE_PT) > _WIDTH_MM:
            lines.append("")
        lines[-1] += character
    return lines
