"""Blocks as shapes of a slide, in true size, placed from the slide's top left corner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
    extent,
    geometry_of,
    outline_of,
    solid,
    transform_at,
)
from dingmi_mark.formats.docx.marks import DRAWING_PREFIX
from dingmi_mark.formats.docx.names import Element, new, text_element
from dingmi_mark.formats.pptx.marks import shape_name

_LEADING = 1.25
"""Line height of our text boxes, in ems, as in Word files: room for all ink."""
_ABOVE_BASELINE = 0.9
"""Part of an exact line that lies above the baseline: all but what letters have below it
(LibreOffice 7.4, measured)."""
_SLACK_EM = 1.0
_SLACK_SHARE = 0.35
"""Width added to a text box, so that a wider substitute face does not wrap, nor the gaps which
LibreOffice leaves between figures and ideographs."""
_HUNDREDTHS = 100
"""Sizes are given in hundredths of a point."""


@dataclass(frozen=True)
class Brush:
    """What painting needs: faces, unused ids, the marking, the slide and a place for pictures.

    `picture` stores PNG bytes beside the slide and returns the relationship.
    """

    faces: Faces
    ids: Iterator[int]
    marking_id: str
    page: PageSize
    picture: Callable[[bytes], str]


def slide_shape(block: Block, brush: Brush) -> Element:
    """Return the shape that shows a block: a text box, or a group of what it is made of."""
    naming = {
        "id": str(next(brush.ids)),
        "name": shape_name(block.name, brush.marking_id, block.text),
        "descr": block.text.replace("\n", " "),
    }
    if len(block.shapes) == 1 and isinstance(block.shapes[0], TextRun):
        return _text(block.shapes[0], naming, brush)
    inner = [_shape(shape, brush) for shape in block.shapes]
    corner = {"x": str(emu(block.box.x)), "y": str(emu(block.box.y))}
    transform = new("a:xfrm", children=[
        new("a:off", corner), new("a:ext", extent(block.box)),
        new("a:chOff", corner), new("a:chExt", extent(block.box)),
    ])  # fmt: skip
    named = [new("p:cNvPr", naming), new("p:cNvGrpSpPr"), new("p:nvPr")]
    properties = [new("p:nvGrpSpPr", children=named), new("p:grpSpPr", children=[transform])]
    return new("p:grpSp", children=[*properties, *inner])


def _shape(shape: Shape, brush: Brush) -> Element:
    number = str(next(brush.ids))
    naming = {"id": number, "name": f"{DRAWING_PREFIX}{number}"}
    match shape:
        case TextRun():
            return _text(shape, naming, brush)
        case Frame():
            return _frame(shape, naming)
        case Rule():
            return _rule(shape, naming)
        case Picture():
            return _picture(shape, naming, brush)


def _text(run: TextRun, naming: dict[str, str], brush: Brush) -> Element:
    """Return a text box whose only line has its baseline where the run has it."""
    leading = run.size_pt * _LEADING
    height = leading * MM_PER_PT
    room = max(brush.page.width - run.box.x, run.box.width)
    slack = _SLACK_EM * run.size_pt * MM_PER_PT + _SLACK_SHARE * run.box.width
    width = min(run.box.width + slack, room)
    box = Box(run.box.x, run.baseline - _ABOVE_BASELINE * height, width, height + MM_PER_PT)
    insets = {f"{side}Ins": "0" for side in "ltrb"}
    look = {"rot": "0", "vert": "horz", "wrap": "square", "rtlCol": "0", "anchor": "t"}
    body = [
        new("a:bodyPr", {**look, **insets, "anchorCtr": "0"}, [new("a:noAutofit")]),
        new("a:lstStyle"),
        _line(run, leading, brush.faces.family(run.face)),
    ]
    named = [new("p:cNvPr", naming), new("p:cNvSpPr", {"txBox": "1"}), new("p:nvPr")]
    return new("p:sp", children=[
        new("p:nvSpPr", children=named),
        _look(_at_its_place(box), "rect", None),
        new("p:txBody", children=body),
    ])  # fmt: skip


def _line(run: TextRun, leading_pt: float, family: str) -> Element:
    """Return a paragraph in which no style of the presentation shows through."""
    nothing = [new("a:spcPts", {"val": "0"})]
    exact = [new("a:spcPts", {"val": str(round(leading_pt * _HUNDREDTHS))})]
    paragraph = new(
        "a:pPr",
        {"marL": "0", "marR": "0", "indent": "0", "algn": "l", "rtl": "0"},
        [
            new("a:lnSpc", children=exact),
            new("a:spcBef", children=nothing),
            new("a:spcAft", children=[new("a:spcPts", {"val": "0"})]),
            new("a:buNone"),
        ],
    )
    look = {
        "lang": "zh-CN", "altLang": "en-US", "sz": str(round(run.size_pt * _HUNDREDTHS)),
        "b": "0", "i": "0", "u": "none", "strike": "noStrike", "kern": "0", "cap": "none",
        "spc": "0", "baseline": "0",
    }  # fmt: skip
    faces = [new(f"a:{slot}", {"typeface": family}) for slot in ("latin", "ea", "cs")]
    bare = [new("a:ln", children=[new("a:noFill")]), solid(run.colour), new("a:effectLst")]
    words = new(
        "a:r", children=[new("a:rPr", look, [*bare, *faces]), text_element("a:t", run.text)]
    )
    return new("a:p", children=[paragraph, words])


def _frame(frame: Frame, naming: dict[str, str]) -> Element:
    box = frame.box.grown(-frame.line / 2)
    named = [new("p:cNvPr", naming), new("p:cNvSpPr"), new("p:nvPr")]
    look = _look(_at_its_place(box), "rect", (frame.line, frame.colour))
    return new("p:sp", children=[new("p:nvSpPr", children=named), look])


def _rule(rule: Rule, naming: dict[str, str]) -> Element:
    x, y = min(rule.x1, rule.x2), min(rule.y1, rule.y2)
    transform = _at_its_place(Box(x, y, abs(rule.x2 - rule.x1), abs(rule.y2 - rule.y1)))
    if (rule.x2 - rule.x1) * (rule.y2 - rule.y1) < 0:
        transform.set("flipV", "1")
    named = [new("p:cNvPr", naming), new("p:cNvCxnSpPr"), new("p:nvPr")]
    look = _look(transform, "line", (rule.line, rule.colour))
    return new("p:cxnSp", children=[new("p:nvCxnSpPr", children=named), look])


def _picture(picture: Picture, naming: dict[str, str], brush: Brush) -> Element:
    relationship = brush.picture(picture.png)
    named = [new("p:cNvPr", naming), new("p:cNvPicPr"), new("p:nvPr")]
    fill = [
        new("a:blip", {"r:embed": relationship}),
        new("a:stretch", children=[new("a:fillRect")]),
    ]
    look = [_at_its_place(picture.box), geometry_of("rect")]
    return new("p:pic", children=[
        new("p:nvPicPr", children=named),
        new("p:blipFill", children=fill),
        new("p:spPr", children=look),
    ])  # fmt: skip


def _look(transform: Element, geometry: str, line: tuple[float, Colour] | None) -> Element:
    """Return how a shape looks: no fill, no effect of the theme, its outline or none."""
    kind = geometry_of(geometry)
    drawn = [transform, kind, new("a:noFill"), outline_of(line), new("a:effectLst")]
    return new("p:spPr", children=drawn)


def _at_its_place(box: Box) -> Element:
    return transform_at(emu(box.x), emu(box.y), box)
