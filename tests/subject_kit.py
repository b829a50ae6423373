"""What the written cases are about besides records: changes, copies, notices, reviews, duties.

`subject_of` builds one from the tables of a case over the record of its base; `examined` examines
any of them by its own rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    ClassificationOfficer,
    Person,
    Secrecy,
    SpecialBasis,
)
from dingmi_mark.domain.authority import Authority
from dingmi_mark.domain.change import (
    ChangeKind,
    ChangeNotice,
    ChangeRight,
    MarkingInForce,
    NewValues,
    Release,
    RunsFrom,
    in_force,
)
from dingmi_mark.domain.copying import CopyKind, CopyRequest
from dingmi_mark.domain.known import Known, KnownDocument
from dingmi_mark.domain.law import Finding, Lawbook
from dingmi_mark.domain.notice import MediumLabel, WrittenNotice
from dingmi_mark.domain.registered import points_of
from dingmi_mark.domain.rules import examine
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.rules.change import ChangeCase
from dingmi_mark.domain.rules.changing import examine_change
from dingmi_mark.domain.rules.copying import CopyCase, examine_copies
from dingmi_mark.domain.rules.duties import DUTIES
from dingmi_mark.domain.rules.examining import findings_in, outcomes
from dingmi_mark.domain.rules.notice import NoticeCase, examine_notice
from dingmi_mark.domain.rules.review import ReviewCase, examine_review
from dingmi_mark.domain.rules.yearly import StatisticsCase, examine_statistics
from dingmi_mark.domain.terms import (
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilDate,
    last_secret_day,
)
from dingmi_mark.store.approval_model import PeriodPart, SourcePart

OWN_NAME = "示例市示范局"
Tables: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Duty:
    """A record, looked at for its duties."""

    case: Case

    @property
    def day(self) -> date:
        return self.case.day


AnySubject: TypeAlias = (
    Case | Duty | ChangeCase | CopyCase | NoticeCase | ReviewCase | StatisticsCase
)


def examined(subject: AnySubject, lawbook: Lawbook) -> tuple[Finding, ...]:
    """Return the findings of the rules that are for such a subject."""
    match subject:
        case Case():
            return examine(subject, lawbook)
        case Duty(case):
            return findings_in(outcomes(DUTIES, replace(case, rows=lawbook.rows), lawbook))
        case ChangeCase():
            return examine_change(subject, lawbook)
        case CopyCase():
            return examine_copies(subject, lawbook)
        case NoticeCase():
            return examine_notice(subject, lawbook)
        case ReviewCase():
            return examine_review(subject, lawbook)
        case StatisticsCase():
            return examine_statistics(subject, lawbook)


def subject_of(table: Tables, record: ApprovalRecord, authority: Authority) -> AnySubject:
    """Return what a case is about: its `subject`, else the record itself."""
    day: date = table["day"]
    today: date = table.get("today", day)
    beijing = table.get("beijing", False)
    match table.get("subject", "审批"):
        case "审批":
            return Case(record, authority, today, beijing, known=_known(table.get("known")))
        case "义务":
            return Duty(Case(record, authority, today, beijing))
        case "变更":
            prior = _prior(table.get("prior", {}), record)
            notice = change_notice(table["notice"], day)
            return ChangeCase(prior, notice, authority, today, beijing)
        case "复制":
            return CopyCase(_request(table["request"], record, day))
        case "通知":
            return NoticeCase(_notice(table["notice"], record, day))
        case "标签":
            return NoticeCase(_label(table["label"], record, day))
        case "提醒":
            return ReviewCase(_prior(table.get("prior", {}), record), today, table.get("reviewed"))
        case "统计":
            return StatisticsCase(today, table.get("filed"))
        case other:
            raise ValueError(other)


def _known(given: list[Tables] | None) -> Known | None:
    """Return what a case says that the ledger knows; None where it asks no ledger."""
    if given is None:
        return None
    return Known(tuple(known_document(one) for one in given))


def known_document(given: Tables) -> KnownDocument:
    """Return one document as a case writes it; its last day is that of its period."""
    part = PeriodPart.model_validate(given["period"]) if "period" in given else None
    period = part.value() if part else None
    issued = given.get("issue_date")
    if period is None or (issued is None and not isinstance(period, UntilDate)):
        last = None
    else:
        last = last_secret_day(period, issued or date.min)
    return KnownDocument(
        id=given["id"],
        level=SecrecyLevel(given["level"]),
        period=period,
        last=last,
        issue_day=issued,
        title=given.get("title", ""),
        document_number=given.get("document_number", ""),
        scope=tuple(given.get("scope", ())),
        points=points_of(given.get("points", {})),
        released=given.get("released"),
        approval_number=given.get("approval", ""),
        document_id=given["id"] if given.get("approval") else "",
        sources=tuple(given.get("sources", ())),
    )


def change_notice(given: Tables, day: date) -> ChangeNotice:
    """Return a notice of the office's own; what the case does not say is as it should be."""
    filled = {
        "number": "示密〔2026〕7号",
        "reason": "情况变化",
        "by": "王承办",
        "officer": "张示范",
    }
    t = {**filled, **given}
    special = t.get("special_basis")
    return ChangeNotice(
        number=t["number"],
        kind=ChangeKind(t["kind"]),
        decided_by=t.get("decided_by", OWN_NAME),
        right=ChangeRight(t.get("right", "原定密机关")),
        day=day,
        reason=t["reason"],
        new=_new_values(t.get("new", {})),
        runs_from=RunsFrom(t["runs_from"]) if "runs_from" in t else None,
        items=tuple(t.get("items", ())),
        proposed_by=Person(t["by"]),
        officer=ClassificationOfficer(t["officer"]) if t["officer"] else None,
        special_basis=SpecialBasis(*special) if special else None,
        source_change=t.get("source_change", ""),
        sources=tuple(SourcePart.model_validate(s).value() for s in t.get("sources", ())),
        approved_by=t.get("approved_by", ""),
        agreed_by=tuple(t.get("agreed_by", ())),
        published_on=t.get("published_on"),
        published_in=t.get("published_in", ""),
        happened=t.get("happened", ""),
        explanations=tuple((e["rule"], e["text"]) for e in t.get("explanation", ())),
    )


def _prior(given: Tables, record: ApprovalRecord) -> MarkingInForce:
    found = in_force(record)
    if "since" in given:
        found = replace(found, since=given["since"])
    if "released" in given:
        release = Release(ChangeKind.RELEASED_EARLY, given["released"], "示密〔2020〕1号")
        found = replace(found, release=release)
    return found


def _new_values(given: Tables) -> NewValues:
    level = SecrecyLevel(given["level"]) if "level" in given else None
    period = _period(given["period"]) if "period" in given else None
    return NewValues(level, period, tuple(given.get("scope", ())))


def _period(given: Tables) -> SecrecyPeriod:
    return PeriodPart.model_validate(given).value()


def _request(given: Tables, record: ApprovalRecord, day: date) -> CopyRequest:
    parts = [
        replace(
            in_force(record),
            secrecy=_secrecy(part, record.secrecy),
            start=part.get("start", record.draft.period_start),
        )
        for part in given.get("parts", [{}])
    ]
    return CopyRequest(
        number="示复〔2026〕1号",
        kind=CopyKind(given.get("kind", "复制")),
        organ=given.get("organ", OWN_NAME),
        day=day,
        originals=tuple(parts),
        secrecy=_secrecy(given.get("cover", {}), record.secrecy),
        numbers=tuple(given.get("numbers", (1, 2))),
        approved_copies=given.get("approved_copies", 2),
        approved_by=Person(given.get("approved_by", "张示范")),
        consent=given.get("consent", ""),
        explanations=tuple((e["rule"], e["text"]) for e in given.get("explanation", ())),
    )


def _secrecy(given: Tables, usual: Secrecy) -> Secrecy:
    level = SecrecyLevel(given.get("level", usual.marking.level.value))
    period = _period(given["period"]) if "period" in given else usual.marking.period
    return Secrecy(Marking(level, period), tuple(given.get("scope", usual.scope)))


def _notice(given: Tables, record: ApprovalRecord, day: date) -> WrittenNotice:
    return WrittenNotice(
        number=given.get("number", "示密通〔2026〕1号"),
        record=record,
        unit=given.get("unit", OWN_NAME),
        matter=given.get("matter", "示例工作"),
        day=day,
        receivers=tuple(given.get("receivers", record.secrecy.scope)),
        explanations=tuple((e["rule"], e["text"]) for e in given.get("explanation", ())),
    )


def _label(given: Tables, record: ApprovalRecord, day: date) -> MediumLabel:
    mark = record.wording
    return MediumLabel(
        record=record,
        medium=given.get("medium", "光盘"),
        medium_number="盘001",
        day=day,
        mark=given.get("mark", mark),
        package_mark=given.get("package_mark", mark),
        packaged=given.get("packaged", True),
    )
