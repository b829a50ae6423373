"""Pictures of templates with example words, for the unit that writes its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dingmi_mark.domain.code import code_of
from dingmi_mark.engine.layout import (
    Code,
    PageOfMany,
    Words,
    lay_out,
    placed_elsewhere,
    slots_in_use,
)
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, Colour, Frame, PageSize, Rule, TextRun
from dingmi_mark.engine.template import Anchor, Template, TemplateKind
from dingmi_mark.formats.code import code_png
from dingmi_mark.store.fonts import OfficeFaces
from dingmi_mark.store.office import Office
from dingmi_mark.store.templates import find_template

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 150
A4 = PageSize(210, 297)
SAMPLE = {
    "copy_number": "000017",
    "mark": "机密★10年",
    "level": "机密",
    "period": "10年",
    "urgency": "特急",
    "scope": "样例：示例市示范局办公室",
    "officer": "张示范",
    "officer_post": "局长",
    "decision_date": "2026年11月2日",
    "issue_date": "2026年11月2日",
    "number": "示密审〔2026〕1号",
    "organ": "示例市示范局（样例）",
    "document_number": "示密〔2026〕3号",
    "kind": "原始定密",
}
"""Example words, all of them fictional."""

_LANDMARKS = {Anchor.BELOW_RED_RULE: 52.0, Anchor.BELOW_TITLE: 52.0}
"""Where the picture assumes a red rule or the foot of a title (mm)."""

_GUIDE = Colour(210, 210, 210)
_TYPE_AREA = Box(28, 37, 156, 225)
_STAMP = "chuoji"


def preview(name: str, office: Office | None) -> Image:
    """Draw a template on an A4 page, its type area in grey (GB/T 9704-2012, practice).

    A page form comes with the office's stamp at its place. Raises TemplateUnknown,
    TemplateInvalid and the errors of layout.
    """
    from PIL import Image

    from dingmi_mark.formats.image.paint import paint

    stamps = office.stamps if office else None
    faces = OfficeFaces(office.fonts if office else {})
    template = find_template(name, stamps)
    size = (round(A4.width / 25.4 * DPI), round(A4.height / 25.4 * DPI))
    paper = Image.new("RGB", size, "white")
    blocks = [_guides(template)]
    if template.kind is TemplateKind.POINTS:
        blocks += _points(template, faces)
    else:
        blocks += _marks(template, faces)
    if template.kind is TemplateKind.PAGE:
        stamp = find_template(office.templates.stamp if office else _STAMP, stamps)
        blocks += _marks(stamp, faces, template)
    return paint(paper, (DPI, DPI), blocks, faces)


def _marks(template: Template, faces: OfficeFaces, form: Template | None = None) -> list[Block]:
    words = Words(SAMPLE, code=_code(template))
    page = PageOfMany(0, 1, A4, _LANDMARKS)
    slots = slots_in_use(template, words, compact=False)
    if form is not None:
        slots = tuple(placed_elsewhere(slot, form.stamp_place) for slot in slots)
    return [lay_out(slot, words, page, faces) for slot in slots if page.takes(slot.pages)]


def _code(template: Template) -> Code | None:
    """A 2D code that names no copy, where the template has one."""
    if not any(slot.shows_code for slot in template.slots):
        return None
    says = code_of("0" * 32)
    return Code(says, code_png(says))


def _points(template: Template, faces: OfficeFaces) -> list[Block]:
    """A marked paragraph, and closing words, as they would stand in the text."""
    kind = template.points
    assert kind is not None, "the reader of templates gives points their type"
    mark, rest = "（机密）", "样例：这里是密点所在的段落。"
    width = faces.advance_mm(mark, kind.font, kind.size_pt)
    lines = (
        (_TYPE_AREA.x, 60.0, mark, kind.font, kind.size_pt, kind.colour),
        (_TYPE_AREA.x + width + kind.gap_mm, 60.0, rest, kind.closing_font, 16.0, Colour()),
        (
            _TYPE_AREA.x,
            80.0,
            "本文件第3段属于机密级国家秘密。",
            kind.closing_font,
            kind.closing_size_pt,
            Colour(),
        ),
    )
    blocks = []
    for x, y, text, face, size, colour in lines:
        em = size * MM_PER_PT
        box = Box(x, y, faces.advance_mm(text, face, size), em)
        run = TextRun(text, box, y + faces.baseline(face) * em, face, size, colour)
        blocks.append(Block("line", box, (run,)))
    return blocks


def _guides(template: Template) -> Block:
    """The type area, and the assumed landmark where a slot is measured from one."""
    shapes: list[Frame | Rule] = [Frame(_TYPE_AREA, 0.15, _GUIDE)]
    if any(slot.anchor.is_landmark for slot in template.slots):
        y = _LANDMARKS[Anchor.BELOW_TITLE]
        shapes.append(Rule(20, y, 190, y, 0.4, _GUIDE))
    return Block("guides", A4.box, tuple(shapes))
