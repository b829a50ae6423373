"""书面通知 and labels of media: for carriers that cannot bear the mark (R22, R38)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dingmi_mark.domain.approval import ApprovalRecord


@dataclass(frozen=True)
class WrittenNotice:
    """书面通知: what the mark would say, told to those who may know (条例21(2), R38).

    `day` is the 通知日, from which the period counts where there is no 制发日.
    """

    number: str
    record: ApprovalRecord
    unit: str
    matter: str
    day: date
    receivers: tuple[str, ...] = ()
    explanations: tuple[tuple[str, str], ...] = field(default_factory=tuple)

    def explanation(self, rule: str) -> str:
        """Return what the notice answers to a rule, or empty."""
        return next((text for name, text in self.explanations if name == rule), "")


@dataclass(frozen=True)
class MediumLabel:
    """What is put on a disc, a stick, a device, and on its box or bag (R22).

    `mark` and `package_mark` are the texts as they will be printed, empty where there is none.
    """

    record: ApprovalRecord
    medium: str
    medium_number: str
    day: date
    mark: str = ""
    package_mark: str = ""
    packaged: bool = True

    def explanation(self, rule: str) -> str:
        """A label answers nothing."""
        return ""


def notice_lines(notice: WrittenNotice) -> tuple[tuple[str, str], ...]:
    """Return the contents of a written notice, name and value, in the order they are read."""
    secrecy = notice.record.secrecy
    day = f"{notice.day.year}年{notice.day.month}月{notice.day.day}日"
    return (
        ("通知编号", notice.number),
        ("国家秘密事项", notice.matter),
        ("国家秘密标志", secrecy.marking.text),
        ("知悉范围", "、".join(secrecy.scope)),
        ("定密机关、单位", notice.record.decided_by),
        ("通知单位", notice.unit),
        ("通知日期", day),
        ("受通知的机关、单位和人员", "、".join(notice.receivers)),
    )


def label_lines(record: ApprovalRecord, medium: str, medium_number: str) -> tuple[str, ...]:
    """Return the lines of a medium's label: mark, number, unit (contents: own choice, R22)."""
    lines = (record.wording, " ".join(filter(None, (medium, medium_number))), record.organ)
    return tuple(line for line in lines if line)
