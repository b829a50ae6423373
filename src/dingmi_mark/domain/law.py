"""Dated legal tables: each row has its provision, its first and last day and how sure it is.

No number of the law stands in code: rules take it from the row in force on the day of the fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

from dingmi_mark.domain.working_days import WorkCalendar
from dingmi_mark.messages import Message

RowValue: TypeAlias = str | int | bool | tuple[str, ...]


class Certainty(Enum):
    """How sure a fact is; only law is binding everywhere, the rest is a switch of a profile."""

    LAW = "法律"
    OFFICIAL_COPY = "官方文本摘录"
    PRACTICE = "惯例"
    HANDBOOK = "试点手册"
    UNVERIFIED = "未核实"
    OWN_CHOICE = "本项目自定"

    @property
    def is_law(self) -> bool:
        """Tell whether the text of the law itself was read."""
        return self in (Certainty.LAW, Certainty.OFFICIAL_COPY)


@dataclass(frozen=True)
class Citation:
    """Where a rule comes from: the text, its provision, and how sure that is."""

    law: str
    provision: str
    certainty: Certainty

    def __str__(self) -> str:
        text = f"{self.law}{self.provision}"
        return text if self.certainty.is_law else f"{text}（{self.certainty.value}）"


@dataclass(frozen=True)
class LawRow:
    """One rule's row for a span of days: its citation and its values."""

    rule: str
    effective_from: date
    effective_until: date | None
    citation: Citation
    values: Mapping[str, RowValue] = field(default_factory=lambda: MappingProxyType({}))

    def covers(self, day: date) -> bool:
        """Tell whether the row is in force on the day."""
        return self.effective_from <= day and (
            self.effective_until is None or day <= self.effective_until
        )

    def number(self, key: str) -> int:
        """A whole number of the row. Raises KeyError, TypeError for a wrong table."""
        value = self.values[key]
        if not isinstance(value, int):
            raise TypeError(f"{self.rule}.{key} is no number")
        return value

    def text(self, key: str) -> str:
        """A word of the row. Raises KeyError, TypeError for a wrong table."""
        value = self.values[key]
        if not isinstance(value, str):
            raise TypeError(f"{self.rule}.{key} is no text")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words of the row. Raises KeyError, TypeError for a wrong table."""
        value = self.values[key]
        if not isinstance(value, tuple):
            raise TypeError(f"{self.rule}.{key} is no list")
        return value


def is_settled(rows: Sequence[LawRow]) -> bool:
    """Tell whether a rule's row in force last is law: then no profile switches the rule.

    Where it is not, a switch acts on the rows that are no law, and on no other.
    """
    return bool(rows) and max(rows, key=_first_day).citation.certainty.is_law


def _first_day(row: LawRow) -> date:
    return row.effective_from


class Severity(Enum):
    """Refuse; or ask the record for its own basis (explain); or tell only (note)."""

    REFUSE = "不予标志"
    EXPLAIN = "须说明"
    NOTE = "提示"
    OFF = "关闭"


class Theme(Enum):
    """What a finding is about, which decides the exit code and the way out."""

    RECORD = "审批记录"
    AUTHORITY = "定密权限"
    UNCLEAR = "不明确事项"
    PERIOD_OVER = "期限已满"
    PAPER = "文件"


@dataclass(frozen=True)
class Finding:
    """One thing the rules have to say about a case; `next` is the way out of it."""

    rule: str
    message: Message
    citation: Citation
    severity: Severity
    theme: Theme = Theme.RECORD
    next: Message | None = None


@dataclass(frozen=True)
class Lawbook:
    """All rows, the switches of a profile (`national`, a unit's own …), the official holidays.

    `titles` are the rules' headings in Chinese, by name.
    """

    rows: tuple[LawRow, ...]
    profile: str
    switches: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    calendar: WorkCalendar = WorkCalendar()

    def row(self, rule: str, day: date) -> LawRow | None:
        """Return the row of the rule in force on the day, None where there was none."""
        return next((row for row in self.rows if row.rule == rule and row.covers(day)), None)

    @property
    def first_day(self) -> date:
        """The first day the tables know."""
        return min(row.effective_from for row in self.rows)
