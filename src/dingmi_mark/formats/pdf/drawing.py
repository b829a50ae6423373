"""Blocks as form objects: text, frames, rules and pictures in points from the page's top left.

A form knows nothing of the page it goes on, so one serves all pages that show the same block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dingmi_mark.engine.faces import EmbeddedFace
from dingmi_mark.engine.shapes import (
    MM_PER_PT,
    Block,
    Box,
    Frame,
    Picture,
    Rule,
    Shape,
    TextRun,
    bounds,
)
from dingmi_mark.formats.base import Carriers, Faces
from dingmi_mark.formats.pdf.fonts import embed
from dingmi_mark.formats.pdf.names import COPY, DOCUMENT, MARKING, OUR_KEY, SLOT
from dingmi_mark.formats.pdf.pdfa import Inks
from dingmi_mark.formats.pdf.pictures import image_object

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_LEAST_MARGIN_MM = 1.0


class Forms:
    """Makes each distinct block into a form once. All fonts hold the text of all blocks.

    Raises GlyphMissing, FontUnusable when made.
    """

    def __init__(
        self, pdf: Pdf, blocks: Iterable[Block], faces: Faces, inks: Inks, carriers: Carriers
    ) -> None:
        self._pdf = pdf
        self._inks = inks
        self._carriers = carriers
        self._faces = _embedded(blocks, faces)
        self._fonts: dict[str, Object] = {}
        self._forms: dict[Block, Object] = {}

    def of(self, block: Block) -> Object:
        """Return the form that draws a block."""
        if block not in self._forms:
            self._forms[block] = self._drawn(block)
        return self._forms[block]

    def _drawn(self, block: Block) -> Object:
        from pikepdf import Array, Dictionary, Name

        pictures: dict[str, Object] = {}
        drawing = b"".join(self._shape(shape, pictures) for shape in block.shapes)
        used = sorted({shape.face for shape in block.shapes if isinstance(shape, TextRun)})
        fonts = {f"/{self._font_name(face)}": self._font(face) for face in used}
        kinds = {"/Font": fonts, "/XObject": pictures, "/ColorSpace": self._inks.resources()}
        form = self._pdf.make_stream(
            drawing,
            Type=Name.XObject,
            Subtype=Name.Form,
            FormType=1,
            BBox=Array(_bounds(block)),
            Resources=Dictionary(
                {kind: Dictionary(named) for kind, named in kinds.items() if named}
            ),
        )
        form[OUR_KEY] = Dictionary({**ids_of(self._carriers), SLOT: block.name})
        return form

    def _shape(self, shape: Shape, pictures: dict[str, Object]) -> bytes:
        match shape:
            case TextRun():
                return self._text(shape)
            case Frame():
                return self._frame(shape)
            case Rule():
                return self._rule(shape)
            case Picture():
                name = f"/Im{len(pictures)}"
                pictures[name] = image_object(self._pdf, shape.png, self._inks)
                return _picture(shape, name)

    def _text(self, run: TextRun) -> bytes:
        gids = self._faces[run.face].gids
        codes = b"".join(b"%04X" % gids[character] for character in run.text)
        return b"BT\n%s/%s %s Tf\n1 0 0 1 %s %s Tm\n<%s> Tj\nET\n" % (
            self._inks.fill(run.colour),
            self._font_name(run.face).encode(),
            number(run.size_pt),
            number(points(run.box.x)),
            number(-points(run.baseline)),
            codes,
        )

    def _frame(self, frame: Frame) -> bytes:
        inner = frame.box.grown(-frame.line / 2)
        return b"%s%s w\n%s re\nS\n" % (
            self._inks.stroke(frame.colour),
            number(points(frame.line)),
            _rectangle(inner),
        )

    def _rule(self, rule: Rule) -> bytes:
        return b"%s%s w\n%s %s m\n%s %s l\nS\n" % (
            self._inks.stroke(rule.colour),
            *(number(points(mm)) for mm in (rule.line, rule.x1, -rule.y1, rule.x2, -rule.y2)),
        )

    def _font(self, face: str) -> Object:
        if face not in self._fonts:
            self._fonts[face] = embed(
                self._pdf, self._faces[face], with_cid_set=self._inks.without_transparency
            )
        return self._fonts[face]

    def _font_name(self, face: str) -> str:
        """Name a font by its place among the faces: a face's own name may be anything."""
        return f"F{list(self._faces).index(face)}"


def ids_of(carriers: Carriers) -> Mapping[str, str]:
    """The ids as they stand in every dictionary of ours."""
    return {
        DOCUMENT: carriers.document_id,
        MARKING: carriers.marking_id,
        COPY: carriers.copy_id,
    }


def points(mm: float) -> float:
    """Turn millimetres into points."""
    return mm / MM_PER_PT


def number(value: float, decimals: int = 4) -> bytes:
    """Write a number as PDF has it: no exponent, no needless zeros."""
    text = b"%.*f" % (decimals, value)
    shortened = text.rstrip(b"0").rstrip(b".")
    return b"0" if shortened in (b"", b"-0") else shortened


def _embedded(blocks: Iterable[Block], faces: Faces) -> Mapping[str, EmbeddedFace]:
    texts: dict[str, set[str]] = {}
    for block in blocks:
        for shape in block.shapes:
            if isinstance(shape, TextRun):
                texts.setdefault(shape.face, set()).update(shape.text)
    return {face: faces.embedded(face, "".join(sorted(texts[face]))) for face in sorted(texts)}


def _picture(picture: Picture, name: str) -> bytes:
    box = picture.box
    return b"q\n%s 0 0 %s %s %s cm\n%s Do\nQ\n" % (
        *(number(points(mm)) for mm in (box.width, box.height, box.x, -box.bottom)),
        name.encode(),
    )


def _rectangle(box: Box) -> bytes:
    return b" ".join(number(points(mm)) for mm in (box.x, -box.bottom, box.width, box.height))


def _bounds(block: Block) -> list[float]:
    """Give what the form may cover: the block and an em around, so that no ink is cut off."""
    boxes = [block.box, *(bounds(shape) for shape in block.shapes)]
    sizes = [shape.size_pt * MM_PER_PT for shape in block.shapes if isinstance(shape, TextRun)]
    margin = max(_LEAST_MARGIN_MM, *sizes, 0)
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    corners = (left - margin, -bottom - margin, right + margin, -top + margin)
    return [round(points(mm), 3) for mm in corners]
