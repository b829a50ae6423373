"""密点: the smallest units of a secret, where they stand in the draft and how they are marked.

A 密点 mark is additional to the document's mark and shows the level only (R30;
标志的规定(1990)第五条, repealed in 2014). 密点 is “决定一个事项具备国家秘密本质属性的关键内容”
(派生国家秘密定密管理暂行办法第四条).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from dingmi_mark.domain.terms import SecrecyLevel, SecrecyPeriod


@dataclass(frozen=True)
class QuoteAnchor:
    """The paragraph in which these words stand; they must stand in one place only.

    `occurrence` (1-based) picks one of several places when the record's author says so.
    """

    quote: str
    occurrence: int | None = None


@dataclass(frozen=True)
class BoxAnchor:
    """A rectangle on a page (1-based), in mm from the top left of the upright visible page."""

    page: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class ParagraphAnchor:
    """The n-th paragraph that is not empty (1-based); in a table: of that cell (all 1-based).

    `begins` is how the paragraph must begin; pages without paragraphs of their own (PDF) need it.
    """

    number: int
    begins: str = ""
    table: int | None = None
    row: int | None = None
    column: int | None = None


PointAnchor: TypeAlias = QuoteAnchor | BoxAnchor | ParagraphAnchor


class PointStyle(Enum):
    """How a classified point is shown (标志的规定(1990)第五条, repealed 2014, had both)."""

    BEFORE_PARAGRAPH = "段前标注"
    IN_WORDS = "文字指明"


@dataclass(frozen=True)
class ClassifiedPoint:
    """One 密点 of a record: its level, its place, and period and source where they are its own."""

    id: str
    level: SecrecyLevel
    anchor: PointAnchor
    style: PointStyle = PointStyle.BEFORE_PARAGRAPH
    period: SecrecyPeriod | None = None
    source: str = ""

    @property
    def text(self) -> str:
        """The level as it stands before the paragraph."""
        return point_text(self.level)


def point_text(level: SecrecyLevel) -> str:
    """Return a level as it stands before a paragraph: `（机密）`."""
    return f"（{level.value}）"
