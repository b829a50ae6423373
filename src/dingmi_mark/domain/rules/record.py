"""Is the record complete, decided, and in order? (R24)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dingmi_mark.domain.approval import Decision, Original
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.authority import another_organ_decides
from dingmi_mark.domain.rules.case import Case, Remark, refuse
from dingmi_mark.messages import N_


def record_is_complete(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十六条、第十九条: level, period, scope, basis, proposer (R24).

    An unclear matter has no item to rest on (条例(2024)第二十五条): the reply is its basis.
    """
    approval = case.approval
    if not (approval.draft.title or approval.draft.document_number):
        yield refuse(N_("The record names neither title nor document number (文号)."))
    if not approval.secrecy.scope:
        yield refuse(N_("The record says nothing of who may know (知悉范围)."))
    if not approval.proposal.by.name:
        yield refuse(N_("The record names no drafter in charge (承办人)."))
    if isinstance(approval.classification, Original):
        if not approval.classification.bases and approval.unclear is None:
            yield refuse(N_("The record gives no basis of classification (定密依据)."))
    elif not approval.classification.sources:
        yield refuse(N_("A derivative record names no source document."))


def officer_has_approved(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十六条第二款: 经定密责任人审核批准 (R24).

    Where another organ decides (法17, 条例25), its reply (批复) takes the place of his approval,
    and nobody is told to ask him for it.
    """
    decided, replied = case.approval.decision, case.approval.deciding_organ is not None
    if not replied and (case.approval.officer is None or decided is None):
        yield _not_approved(case)
    if decided is None:
        return
    if decided.decision is Decision.RETURNED:
        yield refuse(N_("The classification officer returned it (退回)."))
    if decided.decision is Decision.CORRECTED and decided.corrected is None:
        yield refuse(N_("The officer corrected it (纠正), but the new values are missing."))
    if decided.decision is Decision.AGREED and decided.corrected not in (
        None,
        case.approval.proposal.secrecy,
    ):
        yield refuse(
            N_("The officer agreed (同意), but the approved values differ from the proposal.")
        )
    if decided.day is None and not replied:
        yield refuse(N_("The decision bears no date."))


def _not_approved(case: Case) -> Remark:
    if not another_organ_decides(case):
        return refuse(N_("The classification officer (定密责任人) has not approved it."))
    remark = refuse(N_("Another organ is to decide it; its reply (批复) is not in the record yet."))
    return replace(remark, next=N_("Report it as said here, and enter the reply when it is there."))


def days_are_in_order(case: Case, row: LawRow) -> Iterator[Remark]:
    """A decision follows the proposal and is not of tomorrow (own choice)."""
    decided, proposed = case.approval.decision_day, case.approval.proposal.day
    if decided is None:
        return
    if decided > case.today:
        yield refuse(N_("The decision bears a date in the future ({day})."), day=str(decided))
    if proposed is not None and proposed > decided:
        yield refuse(N_("The decision ({day}) is older than the proposal."), day=str(decided))


def paper_has_copy_numbers(case: Case, row: LawRow) -> Iterator[Remark]:
    """党政机关公文处理工作条例(2012)第九条: 涉密公文应当标注份号 (R14)."""
    draft = case.approval.draft
    if draft.form in row.words("forms") and draft.copies < 1:
        yield refuse(
            N_("A classified paper bears copy numbers: the record gives no number of copies.")
        )
