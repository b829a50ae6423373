"""变更与解除: a change notice, and the marking it makes out of the one in force (R39-R46).

Pure values. Whether a notice may do what it says is for `rules.change`; how the old mark is struck
and the new one put beside it is another's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Final

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    ClassificationOfficer,
    Person,
    Secrecy,
    Source,
    SpecialBasis,
)
from dingmi_mark.domain.points import ClassifiedPoint
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    last_secret_day,
    released_from,
)


class ChangeKind(Enum):
    """What a notice does to a secret (保守国家秘密法(2024)第二十三条、第二十四条、第二十条)."""

    CHANGED = "变更"
    EXTENDED = "延长期限"
    RELEASED_EARLY = "提前解密"
    EXPIRED = "期满自行解密"
    PUBLISHED = "公布解密"
    PARTLY_RELEASED = "部分解密"
    SCOPE_CHANGED = "知悉范围变更"


RELEASES: Final = frozenset({ChangeKind.RELEASED_EARLY, ChangeKind.EXPIRED, ChangeKind.PUBLISHED})
"""Kinds after which nothing of the document is secret any more."""


class ChangeRight(Enum):
    """By what right an organ changes a secret (R42); OTHER may only suggest (条例22)."""

    ORIGINATOR = "原定密机关"
    SUPERIOR = "上级机关"
    SUCCESSOR = "承继机关"
    CORRECTING = "上级机关纠正"
    DEPARTMENT = "主管部门"
    OTHER = "其他"


class RunsFrom(Enum):
    """From which day a changed period counts. No text says: the notice must (R39)."""

    ISSUE = "制发日"
    DECISION = "决定日"


@dataclass(frozen=True)
class NewValues:
    """What a notice states anew; None or empty is not stated and stays as it was."""

    level: SecrecyLevel | None = None
    period: SecrecyPeriod | None = None
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """That a secret is one no longer: how, since when, by which notice."""

    kind: ChangeKind
    day: date
    number: str

    @property
    def text(self) -> str:
        """What is written at the struck mark: `解密 2029年2月1日 示密〔2029〕2号` (R41).

        暂行规定(2014)第三十四条第二款 asks for a 解密标志 near the old mark; the rest is our own.
        """
        day = f"{self.day.year}年{self.day.month}月{self.day.day}日"
        return " ".join(part for part in ("解密", day, self.number) if part)


@dataclass(frozen=True)
class MarkingInForce:
    """A secret as it stands after all its changes.

    `record` is the decision it began with, `start` the day its period counts from, `since` the
    day of the last decision, `release` tells that it is secret no longer.
    """

    record: ApprovalRecord
    secrecy: Secrecy
    start: date | None
    since: date | None
    points: tuple[ClassifiedPoint, ...] = ()
    special_basis: SpecialBasis | None = None
    release: Release | None = None

    @property
    def last_secret_day(self) -> date | None:
        """The last day it is secret by its period; None where no day can be computed."""
        return (
            None if self.start is None else last_secret_day(self.secrecy.marking.period, self.start)
        )

    @property
    def is_over_on(self) -> date | None:
        """The first day it is no longer secret: by release, or by its period."""
        if self.release is not None:
            return self.release.day
        return (
            None if self.start is None else released_from(self.secrecy.marking.period, self.start)
        )

    @property
    def text(self) -> str:
        """What its mark says now: `机密★10年`, or the line of its release."""
        return self.release.text if self.release else self.secrecy.marking.text


@dataclass(frozen=True)
class ChangeNotice:
    """变更或者解除的决定 as one value.

    `number` is the 文号 of the decision or notice; `items` are the ids of the points that are
    released (部分解密). `source_change` names the document that changed a derivative's source and
    `sources` are the sources as they stand since; `approved_by` is the central organ that approved
    the release of 长期 items; `agreed_by` the organs that decided jointly and agree;
    `happened` says of a condition of release when and how it came about.
    """

    number: str
    kind: ChangeKind
    decided_by: str
    right: ChangeRight
    day: date
    reason: str = ""
    new: NewValues = NewValues()
    runs_from: RunsFrom | None = None
    items: tuple[str, ...] = ()
    proposed_by: Person = Person("")
    officer: ClassificationOfficer | None = None
    special_basis: SpecialBasis | None = None
    source_change: str = ""
    sources: tuple[Source, ...] = ()
    approved_by: str = ""
    agreed_by: tuple[str, ...] = ()
    published_on: date | None = None
    published_in: str = ""
    happened: str = ""
    explanations: tuple[tuple[str, str], ...] = field(default_factory=tuple)

    def explanation(self, rule: str) -> str:
        """What the notice answers to an explainable finding of this rule, or empty."""
        return next((text for name, text in self.explanations if name == rule), "")


def in_force(record: ApprovalRecord) -> MarkingInForce:
    """Return the marking as a record made it, before any change."""
    return MarkingInForce(
        record,
        record.secrecy,
        record.draft.period_start,
        record.decision_day,
        record.points,
        record.special_basis,
    )


def after(prior: MarkingInForce, notice: ChangeNotice) -> MarkingInForce:
    """Return the marking as the notice makes it; whether it may is for `rules.change`."""
    if notice.kind in RELEASES:
        return replace(prior, release=_release(prior, notice), since=notice.day)
    if notice.kind is ChangeKind.PARTLY_RELEASED:
        left = tuple(point for point in prior.points if point.id not in notice.items)
        return replace(prior, points=left, since=notice.day)
    secrecy = changed_secrecy(prior.secrecy, notice.new)
    return replace(
        prior,
        secrecy=secrecy,
        start=new_start(prior, notice),
        since=notice.day,
        special_basis=notice.special_basis or prior.special_basis,
    )


def changed_secrecy(prior: Secrecy, new: NewValues) -> Secrecy:
    """Return the three values with those in place that are stated anew."""
    marking = Marking(new.level or prior.marking.level, new.period or prior.marking.period)
    same = marking.period == prior.marking.period
    return Secrecy(
        marking,
        new.scope or prior.scope,
        same and prior.period_defaulted,
        same and prior.months_confirmed,
    )


def is_counted(period: SecrecyPeriod | None) -> bool:
    """Tell whether a period needs a day to count from."""
    return isinstance(period, ForYears | ForMonths | ForDays)


def new_start(prior: MarkingInForce, notice: ChangeNotice) -> date | None:
    """Return the day the period counts from: the notice's choice, else as before (制发日, R39)."""
    chosen = notice.runs_from is RunsFrom.DECISION and is_counted(notice.new.period)
    return notice.day if chosen else prior.start


def _release(prior: MarkingInForce, notice: ChangeNotice) -> Release:
    days = {ChangeKind.PUBLISHED: notice.published_on, ChangeKind.EXPIRED: prior.is_over_on}
    return Release(notice.kind, days.get(notice.kind) or notice.day, notice.number)
