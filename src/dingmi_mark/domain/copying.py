"""复制、翻印、汇编: what a copy says of itself, and a request for copies (R47-R49)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from dingmi_mark.domain.approval import Person, Secrecy
from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.ledger_printing import CopyingApproved
from dingmi_mark.domain.plan import COPY_NUMBER_DIGITS


class CopyKind(Enum):
    """How something is made from a classified paper (党政机关公文处理工作条例(2012)第三十二条)."""

    COPY = "复制"
    REPRINT = "翻印"
    COMPILATION = "汇编"


@dataclass(frozen=True)
class CopyRequest:
    """复制（翻印、汇编）审批 as one value.

    `originals` is one marking, or the classified parts of a 汇编. `numbers` are the copies to be
    made now (1-based), `approved_copies` how many were approved in all. `approved_by` is the unit
    head; `consent` the document by which the originator or its superior agreed (绝密).
    `secrecy` is what the copies will bear.
    """

    number: str
    kind: CopyKind
    organ: str
    day: date
    originals: tuple[MarkingInForce, ...]
    secrecy: Secrecy
    numbers: tuple[int, ...] = ()
    approved_copies: int = 0
    approved_by: Person = Person("")
    consent: str = ""
    explanations: tuple[tuple[str, str], ...] = field(default_factory=tuple)

    def explanation(self, rule: str) -> str:
        """Return what the request answers to a rule, or empty."""
        return next((text for name, text in self.explanations if name == rule), "")


def copy_line(kind: CopyKind, organ: str, day: date, number: int) -> str:
    """Return what stands beside the original mark; the wording is our own choice (R47, R48).

    `复制件 示例市示范局 2026年5月6日 第2份`. 条例27 asks for the copying body's 戳记, 公文条例32
    for the reprinting body's name and the date.
    """
    return f"{kind.value}件 {organ} {day.year}年{day.month}月{day.day}日 第{number}份"


def name_of_copy(kind: CopyKind, number: int) -> str:
    """Return how the register names a copy that was made by 复制 or 翻印: `复制-000001`."""
    return f"{kind.value}-{number:0{COPY_NUMBER_DIGITS}d}"


def approved_beyond(
    approvals: Iterable[CopyingApproved], holding: Collection[CopyingApproved]
) -> Mapping[CopyKind, tuple[int, ...]]:
    """Return the numbers of the copies beyond the record's that may be made, by kind.

    Each approval has the numbers after those of the one before, also where that holds no longer
    (`holding` are those that do): a number is one approval's for good.
    """
    found: dict[CopyKind, tuple[int, ...]] = {}
    last: dict[CopyKind, int] = {}
    for approval in approvals:
        kind = CopyKind(approval.kind)
        before = last.get(kind, 0)
        last[kind] = before + approval.copies
        if approval in holding:
            numbers = range(before + 1, last[kind] + 1)
            found[kind] = (*found.get(kind, ()), *numbers)
    return found


def numbers_beyond(request: CopyRequest) -> tuple[int, ...]:
    """Return the numbers that were not approved, or stand twice."""
    seen: set[int] = set()
    beyond: list[int] = []
    for number in request.numbers:
        if not 1 <= number <= request.approved_copies or number in seen:
            beyond.append(number)
        seen.add(number)
    return tuple(beyond)


def still_secret(originals: Sequence[MarkingInForce], day: date) -> tuple[MarkingInForce, ...]:
    """Return those that are secret on the day (保守国家秘密法(2024)第二十四条)."""
    return tuple(o for o in originals if o.is_over_on is None or day < o.is_over_on)
