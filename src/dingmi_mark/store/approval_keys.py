"""Which keys of an approval record go together, told from the keys alone.

This looks at the raw tables, so that its faults are reported beside those of the single values and
not only after they are mended. What is no table is left to the border models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from dingmi_mark.domain.approval import ClassificationKind, Decision
from dingmi_mark.messages import Fault, say

Raw: TypeAlias = Mapping[str, Any]

PERIOD_KINDS: Final = {
    "years": "年",
    "months": "月",
    "days": "日",
    "until": "解密时间",
    "condition": "解密条件",
    "long_term": "长期",
}
_ANCHORS: Final = {
    "quote": ("quote", "occurrence"),
    "box_mm": ("page", "box_mm"),
    "paragraph": ("paragraph", "begins", "table", "row", "column"),
}
"""Each way to say where a point stands, and the keys that belong to it."""


_NAMES_SOURCE: Final = ("title", "document_number", "marking_id", "digest")


def key_faults(top: Raw) -> Iterator[Fault]:
    """Yield every fault in how keys are combined."""
    for place, period in _periods(top):
        yield from one_kind_of_period(place, period)
    points = list(_tables(top, "point"))
    for place, point in points:
        yield from _one_anchor(place, point)
    yield from _ids_differ(points)
    for place, source in _tables(top, "source"):
        if not any(source.get(key) for key in _NAMES_SOURCE):
            yield Fault(place, say("title, document_number, marking_id or digest is needed"))
    yield from _kind_fits_sources(top)
    yield from _corrected_fits_decision(top)


def one_kind_of_period(place: str, period: Raw) -> Iterator[Fault]:
    """保守国家秘密法(2024)第二十条第三款: a period, a day or a condition of release (R8)."""
    given = [key for key in PERIOD_KINDS if period.get(key) is not None]
    if not given:
        yield Fault(place, say("one of {options} is expected", options="、".join(PERIOD_KINDS)))
    if len(given) > 1:
        kinds = "、".join(f"{key}（{PERIOD_KINDS[key]}）" for key in given)
        yield Fault(
            place,
            say(
                "one kind of period only, here are {kinds} ({citation})",
                kinds=kinds,
                citation="保守国家秘密法(2024)第二十条第三款",
            ),
        )
    if period.get("long_term") is False:
        yield Fault(f"{place}.long_term", say("true is expected, or leave it out"))


def _one_anchor(place: str, point: Raw) -> Iterator[Fault]:
    given = {key for key in point if point[key] is not None}
    ways = [way for way, keys in _ANCHORS.items() if given.intersection(keys)]
    if len(ways) != 1:
        yield Fault(place, say("one place is expected: quote, or page and box_mm, or paragraph"))
        return
    needed = {"quote": {"quote"}, "box_mm": {"page", "box_mm"}, "paragraph": {"paragraph"}}[ways[0]]
    if given & {"table", "row", "column"}:
        needed |= {"table", "row", "column"}
    for key in sorted(needed - given):
        yield Fault(f"{place}.{key}", say("this key is missing"))
    yield from _box_has_a_size(place, point.get("box_mm"))


def _box_has_a_size(place: str, box: object) -> Iterator[Fault]:
    if not isinstance(box, list) or len(box) != 4:
        return
    if any(isinstance(side, (int, float)) and side <= 0 for side in box[2:]):
        yield Fault(f"{place}.box_mm", say("width and height above 0 are expected"))


def _ids_differ(points: list[tuple[str, Raw]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, point in points:
        name = point.get("id")
        if isinstance(name, str):
            if name.strip() in seen:
                yield Fault(f"{place}.id", say("another point has the same id"))
            seen.add(name.strip())


def _kind_fits_sources(top: Raw) -> Iterator[Fault]:
    if top.get("kind") == ClassificationKind.ORIGINAL.value and top.get("source"):
        expected = say(
            "no [[source]] beside {kind}: a document with sources is {other}",
            kind=ClassificationKind.ORIGINAL.value,
            other=ClassificationKind.DERIVATIVE.value,
        )
        yield Fault("kind", expected)


def _corrected_fits_decision(top: Raw) -> Iterator[Fault]:
    decision = _table(top, "decision")
    if decision.get("decision") == Decision.RETURNED.value and decision.get("corrected"):
        expected = say("no corrected values beside {word}", word=Decision.RETURNED.value)
        yield Fault("decision.corrected", expected)


def _periods(top: Raw) -> Iterator[tuple[str, Raw]]:
    corrected = _table(_table(top, "decision"), "corrected")
    owners = [("proposal", _table(top, "proposal")), ("decision.corrected", corrected)]
    for place, owner in [*owners, *_tables(top, "source"), *_tables(top, "point")]:
        if isinstance(owner.get("period"), Mapping):
            yield f"{place}.period", owner["period"]


def _table(owner: Raw, key: str) -> Raw:
    found = owner.get(key)
    return found if isinstance(found, Mapping) else {}


def _tables(owner: Raw, key: str) -> Iterator[tuple[str, Raw]]:
    found = owner.get(key)
    for number, table in enumerate(found if isinstance(found, list) else (), 1):
        if isinstance(table, Mapping):
            yield f"{key}[{number}]", table
