"""What the rules look at, and how they say what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from dingmi_mark.domain.approval import ApprovalRecord, Derivative, Source
from dingmi_mark.domain.authority import Authority, EnrolledOfficer
from dingmi_mark.domain.known import Known
from dingmi_mark.domain.law import LawRow, Severity, Theme
from dingmi_mark.domain.working_days import WorkCalendar
from dingmi_mark.messages import Message, Parameter


@dataclass(frozen=True)
class Case:
    """The record, the office's authority table, and the day of marking.

    `beijing`: the office is bound by the Beijing regulation too. `rows` are the legal tables, for
    rules that need more than their own row of the day, and `calendar` the official holidays and the
    office's own; `examine` fills them in. `known` is what the ledger knows of classified documents,
    None where it was not asked.
    """

    approval: ApprovalRecord
    authority: Authority
    today: date
    beijing: bool = False
    rows: tuple[LawRow, ...] = ()
    calendar: WorkCalendar = WorkCalendar()
    known: Known | None = None

    @property
    def day(self) -> date:
        """The day of the fact that selects the law: the decision, else today."""
        return self.approval.decision_day or self.today

    @property
    def paper_day(self) -> date:
        """The day on which sources must still be secret: of decision or issue, the later one."""
        start = self.approval.draft.period_start
        return self.day if start is None else max(self.day, start)

    @property
    def officer(self) -> EnrolledOfficer | None:
        """The deciding officer as the office's own list knows him on that day."""
        named = self.approval.officer
        if named is None:
            return None
        return self.authority.officer(named.name, self.approval.organ, self.day)

    @property
    def is_unclear(self) -> bool:
        """Whether the matter still waits for a bureau to say what it is (条例25)."""
        return self.approval.unclear is not None and self.approval.deciding_organ is None

    @property
    def needs_authority(self) -> bool:
        """Whether the level rests on original classification (保守国家秘密法(2024)第十七条).

        So it does in a derived paper too, where own secret matter with a basis of its own raises
        the level above every source: only deriving is free of it (定密管理规定(2025)第十一条). An
        unclear matter gets provisional values and asks for none.
        """
        if self.is_unclear:
            return False
        classification = self.approval.classification
        if not isinstance(classification, Derivative):
            return True
        known = [source.level for source in self.sources if source.level is not None]
        level = self.approval.secrecy.marking.level
        return bool(classification.bases) and (not known or level > max(known))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of a derivative record, with what the ledger knows of them; else none."""
        if self.known is None:
            return self.stated_sources
        return tuple(self.known.completed(source) for source in self.stated_sources)

    @property
    def stated_sources(self) -> tuple[Source, ...]:
        """The sources just as a derivative record states them, else none."""
        classification = self.approval.classification
        return classification.sources if isinstance(classification, Derivative) else ()

    def row(self, rule: str) -> LawRow | None:
        """Return the row of another rule in force on the day of the fact."""
        return next((row for row in self.rows if row.rule == rule and row.covers(self.day)), None)

    def explanation(self, rule: str) -> str:
        """Return what the record answers to a rule, or empty."""
        return self.approval.explanation(rule)


@dataclass(frozen=True)
class Remark:
    """What one rule has to say; `examine` adds the citation of the row in force.

    `row` is the row to cite where another day than that of the decision selects it. `binding`
    remarks are never switched, not even where the row in force was read in a quotation only.
    `next` is a wording of what to do, where the way out of the rule (`ways_out`) does not fit.
    """

    message: Message
    severity: Severity = Severity.REFUSE
    theme: Theme = Theme.RECORD
    row: LawRow | None = None
    binding: bool = False
    next: str = ""


class Subject(Protocol):
    """What a family of rules examines: a record, a change, a copy, a notice."""

    @property
    def day(self) -> date:
        """The day of the fact, which selects the law."""

    def explanation(self, rule: str) -> str:
        """Return what is answered to a rule, or empty."""


S = TypeVar("S", bound=Subject)


@dataclass(frozen=True)
class Rule(Generic[S]):
    """A rule by the name of its rows in `law/rules.toml`.

    `binding`: no profile switches it and no answer explains it away, though it rests on no law.
    """

    name: str
    check: Callable[[S, LawRow], Iterator[Remark]]
    binding: bool = False


def refuse(msgid: str, **params: str | int) -> Remark:
    """A remark that stops the mark."""
    return Remark(Message(msgid, params))


def explain(msgid: str, **params: str | int) -> Remark:
    """A remark that the record may answer with a basis of its own."""
    return Remark(Message(msgid, params), Severity.EXPLAIN)


def note(msgid: str, **params: str | int) -> Remark:
    """A remark that only tells."""
    return Remark(Message(msgid, params), Severity.NOTE)


def no_authority(msgid: str, **params: Parameter) -> Remark:
    """A remark that the deciders had not the power; it can never be explained away."""
    return Remark(Message(msgid, params), Severity.REFUSE, Theme.AUTHORITY, binding=True)
