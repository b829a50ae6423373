"""Forms of one matter, filled from its approval record: nothing that the record does not say.

A star (★) stands only where the record is approved; whether it may be, the maker of the form asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dingmi_mark.domain.approval import ApprovalRecord, Basis, OfficerKind
from dingmi_mark.domain.change import MarkingInForce, in_force
from dingmi_mark.domain.copies import receiver_of
from dingmi_mark.domain.plan import copy_numbers
from dingmi_mark.domain.reading import period_words
from dingmi_mark.domain.report_path import ReportPath
from dingmi_mark.formats.xlsx import Value
from dingmi_mark.forms.authority_forms import levels_text, told
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.values import BETWEEN

Values = Mapping[str, Value]


def no_authority_report(record: ApprovalRecord, path: ReportPath) -> Filled:
    """附件10: the proposal, what was said of it in the unit, and whom to ask."""
    values = told(报请依据=str(path.citation), 报请期限=path.deadline)
    asked = {"报请的机关、单位": path.asked, **_officer_opinion(record)}
    return Filled({**_reported(record), **values, **asked}, _bases(record))


def unclear_report(record: ApprovalRecord, path: ReportPath) -> Filled:
    """The report of an unclear matter (条例25): why, since when, to whom, by which day."""
    unclear = record.unclear
    assert unclear is not None, "only an unclear matter goes this way"
    values = told(
        不明确的理由=unclear.reason,
        认定不明确之日=unclear.since,
        主张的密级=levels_text(unclear.claimed),
        报请的机关=path.asked,
        报请依据=str(path.citation),
        报请的最后一日=path.last.day if path.last else None,
        报请日期=unclear.reported,
    )
    return Filled({**_reported(record), **values}, _bases(record))


def written_notice(record: ApprovalRecord, day: date | None) -> Filled:
    """书面通知 (R38): the mark in words, told to the receivers that the record names."""
    values = told(
        通知单位=record.organ,
        通知日期=day,
        国家秘密事项=record.draft.title,
        国家秘密标志=record.wording,
        制发日=record.draft.issue_day,
        最后保密日=in_force(record).last_secret_day,
        知悉范围=BETWEEN.join(record.secrecy.scope),
        定密审批编号=record.number,
    )
    rows = tuple({"受通知的机关、单位和人员": name} for name in record.draft.receivers)
    return Filled({**values, **_decided_by(record)}, {"受通知者": rows})


def media_label(standing: MarkingInForce, number: str) -> Filled:
    """标签 of a medium and of its box or bag, as the secret stands now (R22)."""
    record = standing.record
    values = told(
        载体标志=standing.text,
        包装标志=standing.text,
        包装上的载体编号=number,
        定密审批编号=record.number,
        标题=record.draft.title,
        制发日=record.draft.issue_day,
        知悉范围=BETWEEN.join(standing.secrecy.scope),
        最后保密日=standing.last_secret_day,
    )
    package = {"包装上的定密机关、单位": record.decided_by}
    return Filled({**values, **_decided_by(record), **package})


def change_approval(standing: MarkingInForce) -> Filled:
    """变更、解除审批表: the marking as it is now; what it becomes is for people to write."""
    record, marking = standing.record, standing.secrecy.marking
    values = told(
        定密审批编号=record.number,
        定密日期=record.decision_day,
        定密类型=record.kind.value,
        标题=record.draft.title,
        文号=record.draft.document_number,
        制发日=record.draft.issue_day,
        原标志=standing.text,
        原密级=marking.level.value,
        原保密期限=period_words(marking.period),
        原最后保密日=standing.last_secret_day,
        原知悉范围=BETWEEN.join(standing.secrecy.scope),
    )
    return Filled({**values, **_decided_by(record)})


def copy_approval(standing: MarkingInForce, organ: str) -> Filled:
    """复制审批表: the original as it is marked now, and the organ that makes the copies."""
    record = standing.record
    values = told(
        定密审批编号=record.number,
        标题=record.draft.title,
        文号=record.draft.document_number,
        原件份数=record.draft.copies or None,
        制发日=record.draft.issue_day,
    )
    copying = {"复制机关、单位": organ}
    return Filled({**values, **_secrecy(standing), **_decided_by(record), **copying})


def readers(standing: MarkingInForce) -> Filled:
    """知悉人员名单 (条例20, R50): a line for each copy where each has its receiver.

    Where copies and receivers do not go together, the receivers stand without copy numbers: which
    of them has which copy the record does not say.
    """
    record, draft = standing.record, standing.record.draft
    values = told(
        审批编号=record.number,
        标题=draft.title,
        文号=draft.document_number,
        份数=draft.copies or None,
    )
    rows: tuple[Values, ...] = tuple({_RECEIVER: name} for name in draft.receivers)
    if one_each(record):
        rows = tuple(
            {"份号": number, _RECEIVER: receiver_of(draft, number)}
            for number in copy_numbers(record)
        )
    return Filled({**values, **_secrecy(standing), **_decided_by(record)}, {"知悉人员": rows})


def one_each(record: ApprovalRecord) -> bool:
    """Tell whether the record says who gets which copy."""
    return 0 < record.draft.copies == len(record.draft.receivers)


_RECEIVER = "领受的机关、单位和人员"


def _reported(record: ApprovalRecord) -> Values:
    """Return what both reports to another body say of the matter and of its proposal."""
    proposal = record.proposal
    opinion = record.security_review
    return told(
        审批编号=record.number,
        申报单位=record.organ,
        定密类型=record.kind.value,
        标题=record.draft.title,
        文号=record.draft.document_number,
        制发日=record.draft.issue_day,
        拟办密级=proposal.secrecy.marking.level.value,
        拟办保密期限=period_words(proposal.secrecy.marking.period),
        拟办知悉范围=BETWEEN.join(proposal.secrecy.scope),
        拟办意见=proposal.opinion,
        承办人=proposal.by.name,
        承办人职务=proposal.by.post,
        拟办日期=proposal.day,
        保密员意见=opinion.text if opinion else "",
        保密员=opinion.by.name if opinion else "",
        保密员日期=opinion.day if opinion else None,
    )


def _bases(record: ApprovalRecord) -> Mapping[str, tuple[Values, ...]]:
    rows = (_basis(basis) for basis in record.classification.bases)
    return {"定密依据": tuple(rows)}


def _basis(basis: Basis) -> Values:
    return {"保密事项范围名称": basis.catalogue, "条款、目录项": basis.item}


def _officer_opinion(record: ApprovalRecord) -> Values:
    """Return what the officer wrote: of the head of the unit it is the 呈报意见 (条例14)."""
    decision, officer = record.decision, record.officer
    if decision is None or officer is None:
        return {}
    words = decision.opinion or decision.decision.value
    if officer.kind is OfficerKind.STATUTORY:
        return told(呈报意见=words, 呈报日期=decision.day)
    return told(定密责任人审核意见=words, 审核日期=decision.day)


def _secrecy(standing: MarkingInForce) -> Values:
    marking = standing.secrecy.marking
    return told(
        密级=marking.level.value,
        保密期限=period_words(marking.period),
        最后保密日=standing.last_secret_day,
        知悉范围=BETWEEN.join(standing.secrecy.scope),
    )


def _decided_by(record: ApprovalRecord) -> Values:
    return {"定密机关、单位": record.decided_by}
