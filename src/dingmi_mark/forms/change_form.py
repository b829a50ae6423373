"""A filled change-approval form (变更、解除审批表) read as a notice of change or release."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Final, TypeVar

from dingmi_mark.domain.approval import ClassificationOfficer, Decision, Person
from dingmi_mark.domain.change import ChangeKind, ChangeNotice, ChangeRight, NewValues, RunsFrom
from dingmi_mark.domain.notices import FiledNotice, NoticeItem
from dingmi_mark.domain.reading import written_period
from dingmi_mark.domain.terms import SecrecyLevel, SecrecyPeriod, UntilDate
from dingmi_mark.errors import FormFaulty
from dingmi_mark.forms.definition import read_form
from dingmi_mark.forms.reading import read_filled
from dingmi_mark.forms.values import text_of
from dingmi_mark.messages import Fault, Message, say

CHANGE_FORM: Final = "change-approval"
NOT_TAKEN: Final = (
    *("承办日期", "保密员意见", "保密员签名", "保密员日期", "审批意见", "通知日期"),
    *("受通知的机关、单位和人员", "标志更改人", "更改日期"),
)
"""What a notice has no place for: it stays on the form, which is kept with the notice."""

_APART: Final = re.compile("[；;\n]")
E = TypeVar("E", bound=Enum)


@dataclass(frozen=True)
class ReadForm:
    """The notice, the approval of the paper it is about, and cells that were not taken over."""

    filed: FiledNotice
    approval_number: str
    left: tuple[str, ...]


def read_change_form(path: Path, organ: str) -> ReadForm:
    """Read a form that was decided; `organ` decided it.

    Raises FormUnreadable, FormFaulty with every fault by its cell.
    """
    form = read_form(CHANGE_FORM)
    filled = read_filled(path, form)
    texts = {name: text_of(value).strip() for name, value in filled.values.items()}
    cells = _Cells(texts, {slot.name: slot.label for slot in form.slots})
    filed = FiledNotice(_notice(cells, organ), (_item(cells),))
    if cells.faults:
        raise FormFaulty(str(path), count=len(cells.faults), faults=tuple(cells.faults))
    left = tuple(name for name in NOT_TAKEN if cells.text(name))
    return ReadForm(filed, cells.text("定密审批编号"), left)


@dataclass
class _Cells:
    """The texts of a form by the names of its fields, and what is wrong with them."""

    texts: Mapping[str, str]
    labels: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def fault(self, name: str, what: Message) -> None:
        self.faults.append(Fault(self.labels[name], what))

    def needed(self, name: str) -> str:
        if not self.text(name):
            self.fault(name, say("this must be filled in"))
        return self.text(name)

    def entries(self, name: str) -> tuple[str, ...]:
        return tuple(one.strip() for one in _APART.split(self.text(name)) if one.strip())

    def choice(self, name: str, kind: type[E]) -> E | None:
        """Return the member a cell names; only whole words count, None where it is empty."""
        word = unicodedata.normalize("NFKC", "".join(self.text(name).split()))
        found = next((one for one in kind if one.value == word), None)
        if word and found is None:
            options = "、".join(str(one.value) for one in kind)
            self.fault(name, say("one of {options} is expected", options=options))
        return found

    def day(self, name: str) -> date | None:
        period = written_period(self.text(name)) if self.text(name) else None
        if self.text(name) and not isinstance(period, UntilDate):
            self.fault(name, say("a date is expected, such as 2026-01-10"))
        return period.day if isinstance(period, UntilDate) else None

    def period(self, name: str) -> SecrecyPeriod | None:
        period = written_period(self.text(name)) if self.text(name) else None
        if self.text(name) and period is None:
            what = say(
                "10年, 6个月, 45日, 2030年3月15日, 长期 or 解密条件：… is expected as period"
            )
            self.fault(name, what)
        return period


def _notice(cells: _Cells, organ: str) -> ChangeNotice:
    decision = cells.choice("审批决定", Decision) if cells.needed("审批决定") else None
    if decision is not None and decision is not Decision.AGREED:
        what = say("only what was agreed to (同意) becomes a notice: write out what was decided")
        cells.fault("审批决定", what)
    cells.needed("变更的种类")
    kind = cells.choice("变更的种类", ChangeKind) or ChangeKind.CHANGED
    cells.needed("审批日期")
    day, from_day = cells.day("审批日期"), cells.day("变更或者解密的日期")
    if from_day not in (None, day) and kind is not ChangeKind.PUBLISHED:
        what = say(
            "a notice takes effect on the day of its decision (审批日期): write the same day"
        )
        cells.fault("变更或者解密的日期", what)
    reason = cells.text("变更、解除的理由")
    if basis := cells.text("变更、解除的依据"):
        reason = f"{reason}（依据：{basis}）"
    officer = cells.needed("定密责任人签名")
    new = NewValues(
        cells.choice("新密级", SecrecyLevel),
        cells.period("新保密期限"),
        cells.entries("新知悉范围"),
    )
    return ChangeNotice(
        number=cells.needed("变更通知文号"),
        kind=kind,
        decided_by=organ,
        right=ChangeRight.ORIGINATOR,
        day=day or date.min,
        reason=reason,
        new=new,
        runs_from=cells.choice("新期限的起算日", RunsFrom),
        items=cells.entries("解除的密点"),
        proposed_by=Person(cells.text("承办人签名")),
        officer=ClassificationOfficer(officer) if officer else None,
        published_on=from_day if kind is ChangeKind.PUBLISHED else None,
    )


def _item(cells: _Cells) -> NoticeItem:
    """Name the paper by its 文号; one without by its approval, which the ledger knows as well."""
    return NoticeItem(document_number=cells.text("文号") or cells.needed("定密审批编号"))
