"""What a stamp or mark template says, as values; `store.templates` reads them from TOML."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from string import Formatter

from dingmi_mark.engine.shapes import BLACK, MM_PER_PT, Colour

FIELDS = (
    "copy_number",
    "mark",
    "level",
    "period",
    "urgency",
    "scope",
    "officer",
    "officer_post",
    "decision_date",
    "issue_date",
    "number",
    "organ",
    "document_number",
    "kind",
)
"""The names a template's text may use, as `{mark}`; all come from the approval record."""

_USUAL_PITCH = 1.25
"""Distance of lines in em where the template does not say."""


class TemplateKind(Enum):
    """What a template is for: the marks of a form of paper, the stamp, points, the 2D code."""

    PAGE = "版式"
    STAMP = "戳记"
    POINTS = "密点"
    CODE = "二维码"


class Pages(Enum):
    """On which pages a slot stands."""

    FIRST = "首页"
    OTHERS = "其他页"
    LAST = "末页"
    ALL = "每页"

    def meets(self, other: Pages) -> bool:
        """Tell whether some page may bear both: a page of one sheet is the first and the last."""
        return {self, other} != {Pages.FIRST, Pages.OTHERS}


class Anchor(Enum):
    """From where dx and dy are measured: nine points of the page, or a landmark on it."""

    TOP_LEFT = "左上"
    TOP_CENTRE = "上中"
    TOP_RIGHT = "右上"
    MIDDLE_LEFT = "左中"
    MIDDLE = "正中"
    MIDDLE_RIGHT = "右中"
    BOTTOM_LEFT = "左下"
    BOTTOM_CENTRE = "下中"
    BOTTOM_RIGHT = "右下"
    BELOW_RED_RULE = "红线之下"
    BELOW_TITLE = "标题之下"

    @property
    def is_landmark(self) -> bool:
        """Tell whether the height depends on something found on the page."""
        return self in (Anchor.BELOW_RED_RULE, Anchor.BELOW_TITLE)


class Align(Enum):
    """How a line stands in its width."""

    LEFT = "左"
    CENTRE = "中"
    RIGHT = "右"


class SlotPolicy(Enum):
    """Slots that stand only where office.toml [policies] says so; the value is its key there."""

    OTHER_PAGE_MARKS = "other_page_marks"
    """No source requires the mark on other pages than the first (R23)."""


class WhenTaken(Enum):
    """What to do where the place is already taken: never overprint (R21).

    Stamp and 2D code alone may be left out, which is told: no law asks for them, as it does for
    the mark.
    """

    STOP = "停止"
    SHIFT_DOWN = "下移"
    LEAVE_OUT = "不盖"


class WhenOutside(Enum):
    """What to do where the page is smaller than the type area: marks are never shrunk (R13)."""

    STOP = "停止"
    MOVE_IN = "移入"


class WhenDark(Enum):
    """What to do where the ground is so dark that the mark's own colour cannot be read on it."""

    STOP = "停止"
    REVERSE = "反白"


class WhenNoRoom(Enum):
    """What to do where no place on the page is free, or the page is too small for the mark."""

    STOP = "停止"
    ADD_STRIP = "加空白"


@dataclass(frozen=True)
class TextItem:
    """A text in a slot; x, y (mm) from the slot's top left to the first line's em box.

    With `height_mm` the lines stand in the middle of that height, however many they are.
    """

    text: str
    font: str
    size_pt: float
    x_mm: float = 0.0
    y_mm: float = 0.0
    width_mm: float | None = None
    align: Align = Align.LEFT
    max_lines: int = 1
    line_mm: float | None = None
    colour: Colour | None = None
    height_mm: float | None = None

    @property
    def em_mm(self) -> float:
        """Height of the em box (mm)."""
        return self.size_pt * MM_PER_PT

    @property
    def pitch_mm(self) -> float:
        """From one line's top to the next one's (mm)."""
        return self.line_mm if self.line_mm is not None else self.em_mm * _USUAL_PITCH

    def lines_mm(self, count: int) -> float:
        """Height of so many lines (mm)."""
        return (count - 1) * self.pitch_mm + self.em_mm

    @property
    def fields(self) -> tuple[str, ...]:
        """The field names its text uses."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.text) if name is not None)


@dataclass(frozen=True)
class RuleItem:
    """A straight line in a slot (mm from the slot's top left)."""

    x1_mm: float
    y1_mm: float
    x2_mm: float
    y2_mm: float
    line_mm: float


class PictureOf(Enum):
    """What a picture shows: the officer's signature, where the policy allows it, or the 2D code
    that tells which copy a paper is."""

    SIGNATURE = "签名"
    CODE = "二维码"


@dataclass(frozen=True)
class PictureItem:
    """The place of a picture in a slot (mm)."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    shows: PictureOf = PictureOf.SIGNATURE


@dataclass(frozen=True)
class Slot:
    """One mark of a template: its place, border and contents. All measures in mm.

    `stack`: slots of one stack move up to the first free rows where compact rows are asked for.
    `optional`: left out when one of its fields is empty; else an empty field is an error.
    `side`: with a landmark, which knows a height only, the side of the page dx is measured from.
    `policy`: left out unless the office's policy of that name is on.
    """

    id: str
    pages: Pages
    anchor: Anchor
    dx_mm: float
    dy_mm: float
    width_mm: float
    height_mm: float
    texts: tuple[TextItem, ...]
    rules: tuple[RuleItem, ...] = ()
    pictures: tuple[PictureItem, ...] = ()
    border_mm: float = 0.0
    colour: Colour = BLACK
    optional: bool = False
    stack: str = ""
    when_taken: WhenTaken = WhenTaken.STOP
    shift_mm: float = 0.0
    shift_max_mm: float = 0.0
    side: Align = Align.LEFT
    when_outside: WhenOutside = WhenOutside.STOP
    when_dark: WhenDark = WhenDark.STOP
    policy: SlotPolicy | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """All field names its texts use."""
        return tuple(name for item in self.texts for name in item.fields)

    @property
    def shows_code(self) -> bool:
        """Tell whether the 2D code stands in it."""
        return any(item.shows is PictureOf.CODE for item in self.pictures)


@dataclass(frozen=True)
class StampPlace:
    """Where a form of paper wants the stamp, in place of the stamp's own place; as in `Slot`.

    With `LEAVE_OUT` it is shifted down first, as far as `shift_max_mm`.
    """

    anchor: Anchor
    dx_mm: float
    dy_mm: float
    side: Align = Align.LEFT
    when_taken: WhenTaken = WhenTaken.STOP
    shift_mm: float = 0.0
    shift_max_mm: float = 0.0
    when_dark: WhenDark = WhenDark.STOP


@dataclass(frozen=True)
class PointType:
    """How classified points are set: face, size (pt), gap to the text (mm), closing sentence."""

    font: str
    size_pt: float
    gap_mm: float
    closing_font: str
    closing_size_pt: float
    colour: Colour = BLACK


@dataclass(frozen=True)
class Template:
    """A page form (公文, 信函 …), a stamp, the type of classified points, or the 2D code.

    `status` says whether a standard gives the layout or it is 非官方样式; `source` cites it.
    `digest` is over the template file and goes into the ledger.
    """

    name: str
    title: str
    status: str
    source: str
    digest: str
    slots: tuple[Slot, ...] = ()
    stamp_place: StampPlace | None = None
    points: PointType | None = None
    compact: bool = False
    no_room: WhenNoRoom = WhenNoRoom.STOP
    bundled: bool = True
    kind: TemplateKind = TemplateKind.PAGE
