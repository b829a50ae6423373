"""What is painted, in millimetres from the top left corner of the visible, upright page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

MM_PER_PT = 25.4 / 72


@dataclass(frozen=True)
class Box:
    """An upright rectangle (mm); `x`, `y` is its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def moved(self, dx: float, dy: float) -> Box:
        """Return the same box `dx` to the right and `dy` down (mm)."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, by: float) -> Box:
        """Return the box larger by `by` mm on every side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def within(self, other: Box, tolerance: float = 0.01) -> bool:
        """Tell whether this box lies inside `other`, up to `tolerance` mm."""
        return (
            self.x >= other.x - tolerance
            and self.y >= other.y - tolerance
            and self.right <= other.right + tolerance
            and self.bottom <= other.bottom + tolerance
        )

    def overlaps(self, other: Box) -> bool:
        """Tell whether the two boxes share any area."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


@dataclass(frozen=True)
class PageSize:
    """The visible page as the reader sees it, upright (mm)."""

    width: float
    height: float

    @property
    def box(self) -> Box:
        return Box(0, 0, self.width, self.height)


@dataclass(frozen=True)
class Colour:
    """RGB, each 0..255."""

    red: int = 0
    green: int = 0
    blue: int = 0

    @property
    def hex(self) -> str:
        return f"{self.red:02X}{self.green:02X}{self.blue:02X}"

    @property
    def is_black(self) -> bool:
        return not (self.red or self.green or self.blue)


BLACK = Colour()
WHITE = Colour(255, 255, 255)


@dataclass(frozen=True)
class TextRun:
    """One line of text: its em box and baseline (mm, from the page's top), face, size (pt).

    `face` is a font role of the office (`heiti`, `fangsong` …), resolved by the fonts in use.
    """

    text: str
    box: Box
    baseline: float
    face: str
    size_pt: float
    colour: Colour = BLACK


@dataclass(frozen=True)
class Frame:
    """A rectangle's outline, `line` mm wide, drawn wholly inside `box`."""

    box: Box
    line: float
    colour: Colour


@dataclass(frozen=True)
class Rule:
    """A straight line from (x1, y1) to (x2, y2), `line` mm wide."""

    x1: float
    y1: float
    x2: float
    y2: float
    line: float
    colour: Colour


@dataclass(frozen=True)
class Picture:
    """A picture scaled to `box`, as PNG bytes: a signature the policy allows, or a 2D code.

    `says` is what readers of 2D codes find in it; empty for other pictures.
    """

    box: Box
    png: bytes = field(repr=False)
    says: str = ""


Shape: TypeAlias = TextRun | Frame | Rule | Picture


@dataclass(frozen=True)
class Block:
    """One mark as a whole (`mark`, `copy_number`, `stamp`, `point:3` …): its place and its shapes.

    `box` is where ink may fall; nothing else may stand in it. Shapes carry page coordinates.
    """

    name: str
    box: Box
    shapes: tuple[Shape, ...]

    def __hash__(self) -> int:
        """Name and place tell blocks apart well enough; all of a block's letters take long."""
        return hash((self.name, self.box.x, self.box.y))

    @property
    def text(self) -> str:
        """All text of the block, in reading order, one line a run."""
        return "\n".join(shape.text for shape in self.shapes if isinstance(shape, TextRun))

    @property
    def says(self) -> str:
        """Its text and what its 2D codes say, one line each."""
        codes = (shape.says for shape in self.shapes if isinstance(shape, Picture))
        return "\n".join(filter(None, (self.text, *codes)))


def ink_box(block: Block) -> Box:
    """Return the smallest box around what the block really draws (mm); slots may be wider."""
    boxes = [bounds(shape) for shape in block.shapes]
    if not boxes:  # a slot that holds only the place of a signature nobody gave
        return Box(block.box.x, block.box.y, 0, 0)
    x, y = min(b.x for b in boxes), min(b.y for b in boxes)
    return Box(x, y, max(b.right for b in boxes) - x, max(b.bottom for b in boxes) - y)


def bounds(shape: Shape) -> Box:
    """Return the box around a shape (mm), a line with its thickness."""
    if isinstance(shape, Rule):
        x, y = min(shape.x1, shape.x2), min(shape.y1, shape.y2)
        return Box(x, y, abs(shape.x2 - shape.x1), abs(shape.y2 - shape.y1)).grown(shape.line / 2)
    return shape.box
