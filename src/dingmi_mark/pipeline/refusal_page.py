"""The page a guarded queue prints in place of what it refuses: why, and what to do.

Nothing on it comes from the file that was refused, nor from the title of its job.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO

from dingmi_mark.formats.base import Faces

_DPI = 200
_MM = _DPI / 25.4
_A4_MM = (210, 297)
_FACE, _SIZE_PT, _PITCH_MM = "heiti", 14.0, 8.5
_PIECE = re.compile(r"(?:[!-~〔〕★]+|.)[，。：；、）”]*", re.DOTALL)
_LEFT_MM, _TOP_MM, _WIDTH_MM = 28.0, 45.0, 155.0


def refusal_page(paragraphs: Sequence[str], faces: Faces) -> bytes:
    """Return a PDF of one A4 page that shows these paragraphs, as a picture; same in, same out.

    Raises GlyphMissing, FontUnusable.
    """
    from PIL import Image, ImageDraw, ImageFont

    letters = BytesIO(faces.letters(_FACE, "".join(paragraphs)))
    font = ImageFont.truetype(letters, round(_SIZE_PT * _DPI / 72))
    width, height = (round(side * _MM) for side in _A4_MM)
    sheet = Image.new("L", (width, height), 255)
    pen, y = ImageDraw.Draw(sheet), _TOP_MM
    for paragraph in paragraphs:
        for line in _wrapped(paragraph, faces):
            pen.text((_LEFT_MM * _MM, y * _MM), line, fill=0, font=font)
            y += _PITCH_MM
        y += _PITCH_MM / 2
    stream = BytesIO()
    sheet.save(stream, "PDF", resolution=_DPI, creationDate=None, modDate=None)
    return stream.getvalue()


def _wrapped(text: str, faces: Faces) -> Iterator[str]:
    """Break a paragraph into lines: not within words and numbers, nor before a closing sign."""
    line = ""
    for piece in _PIECE.findall(text):
        if line and faces.advance_mm(line + piece.rstrip(), _FACE, _SIZE_PT) > _WIDTH_MM:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    yield line
