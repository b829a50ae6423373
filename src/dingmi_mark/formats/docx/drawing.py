"""Blocks as DrawingML: one anchored drawing a block, placed from the page's top left corner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cache

from lxml import etree

from dingmi_mark.engine.shapes import (
    MM_PER_PT,
    Block,
    Box,
    Colour,
    Frame,
    PageSize,
    Picture,
    Rule,
    Shape,
    TextRun,
)
from dingmi_mark.formats.base import Faces
from dingmi_mark.formats.docx.drawingml import (
    emu,
    geometry_of,
    move,
    outline_of,
    set_extent,
    transform_at,
)
from dingmi_mark.formats.docx.marks import DRAWING_PREFIX, drawing_title
from dingmi_mark.formats.docx.names import NAMESPACES, Element, new, q
from dingmi_mark.formats.docx.plaintext import line_paragraph

_TWENTIETHS_PER_PT = 20
_LEADING = 1.25
"""Line height of our text boxes, in ems: room for all ink, and where every rule for placing a
baseline in an exact line (80 %, centred, descent below) comes out within 0.1 em."""
_ABOVE_BASELINE = 0.8
"""Part of an exact line that lies above the baseline (LibreOffice, as Word)."""
_SLACK_EM = 1.0
"""Width added to a text box, so that a somewhat wider substitute face does not wrap."""
_ON_TOP = 500_000_000
_OUTLINE_LIMIT = 0x1DFF_FFFF


@dataclass(frozen=True)
class Brush:
    """What painting needs: faces, unused ids, the marking, the page and a place for pictures.

    `picture` stores PNG bytes beside the part that is painted on and returns the relationship.
    """

    faces: Faces
    ids: Iterator[int]
    marking_id: str
    page: PageSize
    picture: Callable[[bytes], str]


@dataclass(frozen=True)
class _Item:
    """One shape with its box (mm); `build` takes the box's offset in EMU."""

    box: Box
    build: Callable[[int, int], Element]


def body_drawing(block: Block, brush: Brush) -> Element:
    """Return a run (`w:r`) that shows the block, to be put into a paragraph of the body."""
    properties_id = next(brush.ids)
    items = [_item(shape, brush) for shape in block.shapes]
    if len(block.shapes) == 1 and isinstance(block.shapes[0], TextRun):
        return _anchored(block, brush, properties_id, items[0].box, items[0].build(0, 0), "wps")
    bounds = _around(items, block.box)
    return _anchored(block, brush, properties_id, bounds, _group(items, bounds), "wpg")


def header_drawing(block: Block, brush: Brush) -> Element:
    """Return a run that shows the block, to be put into a paragraph of a header.

    LibreOffice (7.4) drops the offset of text boxes in headers, but keeps places inside a group.
    So the group begins at the page's corner, and an unseen rectangle holds it open from there.
    """
    properties_id = next(brush.ids)
    items = [_item(shape, brush) for shape in block.shapes]
    around = _around(items, block.box)
    bounds = Box(0, 0, around.right, around.bottom)
    items.insert(0, _unseen(bounds, brush))
    return _anchored(block, brush, properties_id, bounds, _group(items, bounds), "wpg")


def _around(items: list[_Item], otherwise: Box) -> Box:
    if not items:
        return otherwise
    x, y = min(item.box.x for item in items), min(item.box.y for item in items)
    right = max(item.box.right for item in items)
    return Box(x, y, right - x, max(item.box.bottom for item in items) - y)


def _item(shape: Shape, brush: Brush) -> _Item:
    match shape:
        case TextRun():
            return _text_item(shape, brush)
        case Frame():
            return _frame_item(shape, brush)
        case Rule():
            return _rule_item(shape, brush)
        case Picture():
            return _picture_item(shape, brush)


def _text_item(run: TextRun, brush: Brush) -> _Item:
    """Return a text box whose only line has its baseline where the run has it."""
    leading = round(run.size_pt * _LEADING * _TWENTIETHS_PER_PT)
    height = leading / _TWENTIETHS_PER_PT * MM_PER_PT
    top = run.baseline - _ABOVE_BASELINE * height
    room = max(brush.page.width - run.box.x, run.box.width)
    width = min(run.box.width + _SLACK_EM * run.size_pt * MM_PER_PT, room)
    box = Box(run.box.x, top, width, height + MM_PER_PT)
    paragraph = line_paragraph(
        run.text, brush.faces.family(run.face), run.size_pt, leading, run.colour
    )
    return _ready_item(box, brush, _ready_text_box(), paragraph)


def _frame_item(frame: Frame, brush: Brush) -> _Item:
    box = frame.box.grown(-frame.line / 2)
    return _shape_item(
        box, brush, new("wps:cNvSpPr"), geometry="rect", line=(frame.line, frame.colour)
    )


def _rule_item(rule: Rule, brush: Brush) -> _Item:
    x, y = min(rule.x1, rule.x2), min(rule.y1, rule.y2)
    box = Box(x, y, abs(rule.x2 - rule.x1), abs(rule.y2 - rule.y1))
    rising = (rule.x2 - rule.x1) * (rule.y2 - rule.y1) < 0
    return _shape_item(
        box,
        brush,
        new("wps:cNvCnPr"),
        geometry="line",
        line=(rule.line, rule.colour),
        rising=rising,
    )


def _unseen(box: Box, brush: Brush) -> _Item:
    return _ready_item(box, brush, _ready_unseen())


def _ready_item(box: Box, brush: Brush, ready: Element, paragraph: Element | None = None) -> _Item:
    """Return a shape like one that is ready, which is copied at the cost of one new element."""
    number = next(brush.ids)

    def build(x: int, y: int) -> Element:
        shape = copy(ready)
        named, _, look, *text, _ = shape
        named.set("id", str(number))
        named.set("name", f"{DRAWING_PREFIX}{number}")
        move(look[0], x, y, box)
        if paragraph is not None:
            text[0][0].append(paragraph)
        return shape

    return _Item(box, build)


@cache
def _ready_text_box() -> Element:
    text = new("wps:txbx", children=[new("w:txbxContent")])
    return _shape("0", new("wps:cNvSpPr", {"txBox": "1"}), _place(), "rect", None, text)


@cache
def _ready_unseen() -> Element:
    return _shape("0", new("wps:cNvSpPr"), _place(), "rect", None)


def _place() -> Element:
    return transform_at(0, 0, Box(0, 0, 0, 0))


def _shape_item(
    box: Box,
    brush: Brush,
    kind: Element,
    *,
    geometry: str,
    line: tuple[float, Colour] | None,
    rising: bool = False,
) -> _Item:
    number = next(brush.ids)

    def build(x: int, y: int) -> Element:
        transform = transform_at(x, y, box)
        if rising:
            transform.set("flipV", "1")
        return _shape(str(number), kind, transform, geometry, line)

    return _Item(box, build)


def _shape(
    number: str,
    kind: Element,
    transform: Element,
    geometry: str,
    line: tuple[float, Colour] | None,
    *text: Element,
) -> Element:
    look = [transform, geometry_of(geometry), new("a:noFill"), outline_of(line)]
    return new(
        "wps:wsp",
        children=[
            new("wps:cNvPr", {"id": number, "name": f"{DRAWING_PREFIX}{number}"}),
            kind,
            new("wps:spPr", children=look),
            *text,
            _body_properties(),
        ],
    )


def _picture_item(picture: Picture, brush: Brush) -> _Item:
    number, relationship = next(brush.ids), brush.picture(picture.png)
    naming = {"id": str(number), "name": f"{DRAWING_PREFIX}{number}"}

    def build(x: int, y: int) -> Element:
        fill = [
            new("a:blip", {"r:embed": relationship}),
            new("a:stretch", children=[new("a:fillRect")]),
        ]
        return new(
            "pic:pic",
            children=[
                new("pic:nvPicPr", children=[new("pic:cNvPr", naming), new("pic:cNvPicPr")]),
                new("pic:blipFill", children=fill),
                new("pic:spPr", children=[transform_at(x, y, picture.box), geometry_of("rect")]),
            ],
        )

    return _Item(picture.box, build)


def _group(items: list[_Item], bounds: Box) -> Element:
    group = copy(_ready_group())
    _, size, _, inner_size = group[1][0]
    for each in (size, inner_size):
        set_extent(each, bounds)
    group.extend(
        [item.build(emu(item.box.x - bounds.x), emu(item.box.y - bounds.y)) for item in items]
    )
    return group


@cache
def _ready_group() -> Element:
    corner, size = {"x": "0", "y": "0"}, {"cx": "0", "cy": "0"}
    parts = (("a:off", corner), ("a:ext", size), ("a:chOff", corner), ("a:chExt", size))
    transform = new("a:xfrm", children=[new(name, given) for name, given in parts])
    children = [new("wpg:cNvGrpSpPr"), new("wpg:grpSpPr", children=[transform])]
    return new("wpg:wgp", children=children)


def _anchored(
    block: Block, brush: Brush, number: int, place: Box, content: Element, prefix: str
) -> Element:
    """Return a run with the drawing as Word writes it: an alternative that needs `prefix`."""
    run = copy(_ready_run(prefix))
    anchor = run[1][0][0][0]
    anchor.set("relativeHeight", str(min(_ON_TOP + number, _OUTLINE_LIMIT)))
    _, across, down, size, _, _, named, _, graphic = anchor
    across[0].text, down[0].text = str(emu(place.x)), str(emu(place.y))
    set_extent(size, place)
    named.set("id", str(number))
    named.set("name", f"{DRAWING_PREFIX}{block.name}")
    named.set("descr", block.text.replace("\n", " "))
    named.set("title", drawing_title(brush.marking_id, block.text))
    graphic[0].append(content)
    return run


@cache
def _ready_run(prefix: str) -> Element:
    """Return such a run without its drawing: copied, it costs what one new element does."""
    anchor = new(
        "wp:anchor",
        {
            **{f"dist{side}": "0" for side in "TBLR"},
            "simplePos": "0", "relativeHeight": "0", "behindDoc": "0", "locked": "1",
            "layoutInCell": "0", "allowOverlap": "1",
        },
        [
            new("wp:simplePos", {"x": "0", "y": "0"}),
            *(
                new(name, {"relativeFrom": "page"}, [new("wp:posOffset")])
                for name in ("wp:positionH", "wp:positionV")
            ),
            new("wp:extent", {"cx": "0", "cy": "0"}),
            new("wp:effectExtent", dict.fromkeys("ltrb", "0")),
            new("wp:wrapNone"),
            new("wp:docPr"),
            new("wp:cNvGraphicFramePr"),
            new("a:graphic", children=[new("a:graphicData", {"uri": NAMESPACES[prefix]})]),
        ],
    )  # fmt: skip
    choice = new("mc:Choice", {"Requires": prefix}, [new("w:drawing", children=[anchor])])
    # Word hides a drawing with its run; a style or the document's defaults may hide all runs.
    seen = [new("w:noProof"), new("w:vanish", {"w:val": "0"})]
    run = new("w:r", children=[new("w:rPr", children=seen)])
    # Word looks `Requires` up among the prefixes in scope, so it is declared on the element.
    scope = {name: NAMESPACES[name] for name in ("mc", prefix)}
    run.append(etree.Element(q("mc:AlternateContent"), nsmap=scope))
    run[-1].append(choice)
    return run


def _body_properties() -> Element:
    return copy(_ready_body_properties())


@cache
def _ready_body_properties() -> Element:
    insets = {f"{side}Ins": "0" for side in "ltrb"}
    look = {"rot": "0", "vert": "horz", "wrap": "square", "anchor": "t", "anchorCtr": "0"}
    return new("wps:bodyPr", {**look, **insets}, [new("a:noAutofit")])
