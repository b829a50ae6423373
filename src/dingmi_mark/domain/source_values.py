"""The values of a source from outside: what is known, from where, and what contradicts (R10, R37).

Three things tell of a source, the stronger first: the label a program of ours put in, the mark on
its first page, and what somebody types. None of them is silently preferred to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import Enum
from typing import Any

from dingmi_mark.domain.approval import Source
from dingmi_mark.domain.known import KnownDocument, KnownPoint
from dingmi_mark.domain.reading import ReadMark, read_mark
from dingmi_mark.domain.terms import (
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    period_text,
    plain,
)
from dingmi_mark.domain.uses import UseLimit


class From(Enum):
    """Where a value comes from (stored in the ledger)."""

    LABEL = "label"
    MARK = "mark"
    TYPED = "typed"
    LEDGER = "ledger"
    DEFAULT = "default"


@dataclass(frozen=True)
class SourceValues:
    """What one witness says of a source; None or empty is not said."""

    level: SecrecyLevel | None = None
    period: SecrecyPeriod | None = None
    issue_day: date | None = None
    title: str = ""
    document_number: str = ""
    organ: str = ""
    scope: tuple[str, ...] = ()
    points: tuple[KnownPoint, ...] = ()
    limits: tuple[UseLimit, ...] = ()
    released: date | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """The names of the values it says."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name))

    def as_source(self) -> Source:
        """Return it as the rules look at a source."""
        return Source(
            title=self.title,
            document_number=self.document_number,
            level=self.level,
            period=self.period,
            issue_day=self.issue_day,
            released=self.released,
        )


@dataclass(frozen=True)
class Difference:
    """A value on which two witnesses do not agree, as it is shown."""

    name: str
    one: str
    other: str


@dataclass(frozen=True)
class Joined:
    """The values of all witnesses together, and from which each one comes."""

    values: SourceValues
    origin: Mapping[str, From]
    differences: tuple[Difference, ...] = ()


def joined(witnesses: Mapping[From, SourceValues]) -> Joined:
    """Join what witnesses say, in their order: who comes later is asked about what is open.

    Where a later one contradicts, both are told, and the later value is taken: whether it may be is
    the caller's to decide.
    """
    values, origin, differences = SourceValues(), {}, []
    for witness, says in witnesses.items():
        for name in says.said:
            new, old = getattr(says, name), getattr(values, name)
            if _same(name, old, new):
                continue
            if old:
                differences.append(Difference(name, shown(name, old), shown(name, new)))
            values = replace(values, **{name: new})
            origin[name] = witness
    return Joined(values, origin, tuple(differences))


def of_mark(read: ReadMark) -> SourceValues:
    """Return what a mark on the page says."""
    return SourceValues(level=read.level, period=read.period)


def of_known(document: KnownDocument) -> SourceValues:
    """Return what the ledger knows of a document."""
    return SourceValues(
        level=document.level,
        period=document.period,
        issue_day=document.issue_day,
        title=document.title,
        document_number=document.document_number,
        organ=document.organ,
        scope=document.scope,
        points=document.points,
        limits=document.limits,
        released=document.released,
    )


def of_label(label: Mapping[str, Any]) -> SourceValues:
    """Return what a label of this program says, of whichever office it is."""
    marking, document = label["marking"], label["document"]
    read = read_mark(str(marking["text"]))
    assert read is not None, "a formal label says its mark"
    day = str(marking["issue_day"] or marking["notice_day"])
    return SourceValues(
        level=read.level,
        period=read.period,
        issue_day=date.fromisoformat(day) if day else None,
        title=str(document["title"]),
        document_number=str(document["number"]),
        organ=str(label["approval"]["decided_by"] or label["approval"]["organ"]),
        scope=tuple(str(entry) for entry in marking["scope"]),
        points=tuple(_points(label)),
    )


def _points(label: Mapping[str, Any]) -> Iterator[KnownPoint]:
    for point in label["points"]:
        words = point["period"]["text"] if point["period"] else ""
        read = read_mark(f"{point['level']}★{words}")
        period = read.period if read is not None else None
        yield KnownPoint(str(point["id"]), SecrecyLevel(point["level"]), period)


def shown(name: str, value: Any) -> str:
    """Return a value as people read it."""
    match name:
        case "level":
            return str(value.value)
        case "period":
            return period_text(value)
        case "scope":
            return "、".join(value)
        case "limits":
            return "、".join(limit.value for limit in value)
        case "points":
            return "、".join(f"{point.id} {point_mark(point)}" for point in value)
        case _:
            return str(value)


def point_mark(point: KnownPoint) -> str:
    """Return a point's mark as the ledger keeps it: `机密★10年`, or `机密`."""
    if point.period is None:
        return point.level.value
    return Marking(point.level, point.period).text


def _same(name: str, one: Any, other: Any) -> bool:
    if isinstance(one, str):
        return plain(one) == plain(other)
    if name in ("scope", "limits", "points"):
        return {shown(name, (each,)) for each in one} == {shown(name, (each,)) for each in other}
    return bool(one == other)
