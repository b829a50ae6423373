"""How the points that an author named agree with those of the record.

Quoted words of a record are compared with the passage itself, not with its paragraph: one paragraph
may hold several points. A record's paragraph or cell is the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dingmi_mark.domain.authoring import BRACKET, AuthoredPoint, Notation, Place
from dingmi_mark.domain.points import ClassifiedPoint, ParagraphAnchor, QuoteAnchor
from dingmi_mark.domain.reading import period_words
from dingmi_mark.domain.terms import SecrecyLevel, SecrecyPeriod, plain
from dingmi_mark.messages import Message, say

_SAME_BRACKETS: Final = str.maketrans("〔[〕]", "(())")
"""The year of a 文号 stands in whichever brackets the keyboard had."""


def disagreements(
    points: Sequence[ClassifiedPoint], authored: Sequence[AuthoredPoint]
) -> Iterator[Message]:
    """Yield where the record's points and those in the draft differ, or one side has none.

    A record's point that is a rectangle on a page is no paragraph and is not compared. Where the
    author named none, nothing was forgotten in the record.
    """
    told: set[str] = set()
    for one in authored:
        same = [point for point in points if _touches(point, one)]
        if not same:
            yield say(
                "{place}: the draft names a {level} point, “{words}”; the record has none there",
                place=one.place.words,
                level=one.notation.level.value,
                words=_shortened(one.passage),
            )
        elif not any(_agree(point, one.notation) for point in same):
            told.update(point.id for point in same)
            yield _differs(one, same)
    if authored:
        yield from _not_named_so(points, authored, told)


@dataclass(frozen=True)
class Beside:
    """A point of the record and those of the draft that touch it; either side may have none."""

    point: ClassifiedPoint | None
    authored: tuple[AuthoredPoint, ...]

    @property
    def agrees(self) -> bool:
        """Tell whether both sides are there and say the same."""
        if self.point is None:
            return False
        return any(_agree(self.point, one.notation) for one in self.authored)


def side_by_side(
    points: Sequence[ClassifiedPoint], authored: Sequence[AuthoredPoint]
) -> Iterator[Beside]:
    """Yield the record's points with what the draft names there, then what it names besides."""
    for point in points:
        yield Beside(point, tuple(one for one in authored if _touches(point, one)))
    for one in authored:
        if not any(_touches(point, one) for point in points):
            yield Beside(None, (one,))


def _not_named_so(
    points: Iterable[ClassifiedPoint], authored: Sequence[AuthoredPoint], told: set[str]
) -> Iterator[Message]:
    """Yield the record's points that nobody named, or named as something else; not those `told`."""
    for point in points:
        there = [one for one in authored if _touches(point, one)]
        if not there and isinstance(point.anchor, QuoteAnchor | ParagraphAnchor):
            yield say(
                "point {point} of the record ({level}) is not named in the draft",
                point=point.id,
                level=point.level.value,
            )
        elif (
            there and point.id not in told and not any(_agree(point, one.notation) for one in there)
        ):
            yield _differs(there[0], [point])


def _differs(one: AuthoredPoint, same: Sequence[ClassifiedPoint]) -> Message:
    said = one.notation
    recorded = (_spelled(point.level, point.period, point.source) for point in same)
    return say(
        "{place}: the draft says {authored}, the record {level} (point {point})",
        place=one.place.words,
        authored=_spelled(said.level, said.period, said.source),
        point="、".join(point.id for point in same),
        level="、".join(dict.fromkeys(recorded)),
    )


def _touches(point: ClassifiedPoint, one: AuthoredPoint) -> bool:
    match point.anchor:
        case QuoteAnchor(quote):
            return _overlaps(plain(quote), one)
        case ParagraphAnchor():
            return _meant(point.anchor, one.place)
        case _:
            return False


def _overlaps(quote: str, one: AuthoredPoint) -> bool:
    """Tell whether the quoted words, which stand in one paragraph, share any with the passage."""
    paragraphs = [plain(text) for text in one.paragraphs]
    quoted, begins = list[range](), 0
    for text in paragraphs:
        quoted += _spots(quote, text, begins)
        begins += len(text)
    passage = _spots(plain(BRACKET.sub("", one.passage)), "".join(paragraphs), 0)
    if not passage:  # other words stand between, such as a text box: the paragraph must do
        return bool(quoted)
    return any(a.start < b.stop and b.start < a.stop for a in quoted for b in passage)


def _spots(words: str, text: str, begins: int) -> list[range]:
    """Return where words stand in a text whose first character has the number `begins`."""
    found, at = list[range](), text.find(words) if words else -1
    while at >= 0:
        found.append(range(begins + at, begins + at + len(words)))
        at = text.find(words, at + 1)
    return found


def _meant(anchor: ParagraphAnchor, place: Place) -> bool:
    """An anchor that names no row or column counts through more than a cell: any of them is it."""
    wanted = anchor.table, anchor.row, anchor.column
    if place.cell is None or anchor.table is None:
        return (anchor.number, anchor.table) == (place.number, None) and place.cell is None
    whole = None not in wanted
    same = all(one in (None, there) for one, there in zip(wanted, place.cell, strict=True))
    return same and (not whole or anchor.number == place.number)


def _agree(point: ClassifiedPoint, notation: Notation) -> bool:
    """What only one side says, of period and source, is no difference."""
    same_period = notation.period is None or point.period in (None, notation.period)
    same_source = _same_source(point.source, notation.source)
    return point.level is notation.level and same_period and same_source


def _same_source(recorded: str, named: str) -> bool:
    """A source may be named by its 文号 alone, or with its title besides."""
    short, long = sorted((_source(recorded), _source(named)), key=len)
    return re.search(rf"(?<!\d){re.escape(short)}(?!\d)", long) is not None or not short


def _source(text: str) -> str:
    return plain(text).translate(_SAME_BRACKETS)


def _spelled(level: SecrecyLevel, period: SecrecyPeriod | None, source: str) -> str:
    words = [level.value]
    if period is not None:
        words.append(period_words(period))
    if source:
        words.append(f"来源：{source}")
    return " ".join(words)


def _shortened(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:14]}…{text[-14:]}"
