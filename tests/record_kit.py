"""A complete fictional record, for tests: change what a test is about with `replace`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    Basis,
    ClassificationOfficer,
    Corner,
    Decision,
    DraftIdentity,
    OfficerDecision,
    OfficerKind,
    Opinion,
    Original,
    Person,
    Proposal,
    Secrecy,
    Urgency,
)
from dingmi_mark.domain.points import ClassifiedPoint
from dingmi_mark.domain.terms import ForYears, Marking, SecrecyLevel, SecrecyPeriod

ORGAN = "示例市示范局"
OFFICER = "张示范"
DAY = date(2026, 11, 2)


def record(
    *,
    number: str = "示密审〔2026〕1号",
    level: SecrecyLevel = SecrecyLevel.HIGHLY_SECRET,
    period: SecrecyPeriod | None = None,
    files: tuple[str, ...] = ("通知.docx",),
    digest: str = "",
    copies: int = 1,
    form: str = "公文",
    urgency: Urgency | None = None,
    points: tuple[ClassifiedPoint, ...] = (),
    landmark_y_mm: float | None = None,
) -> ApprovalRecord:
    """Return a record that the law lets pass on any day near its own."""
    marking = Marking(level, period or ForYears(10))
    draft = DraftIdentity(
        title="样例：关于示例事项的通知",
        document_number="示密〔2026〕3号",
        files=files,
        digest=digest,
        form=form,
        urgency=urgency,
        issue_day=DAY,
        copies=copies,
        landmark_y_mm=landmark_y_mm,
    )
    return ApprovalRecord(
        number=number,
        organ=ORGAN,
        draft=draft,
        classification=Original((Basis("示例领域保密事项范围", "第1项"),)),
        proposal=Proposal(
            Person("王样例", "科员"), Secrecy(marking, ("示例市示范局办公室",)), day=DAY
        ),
        officer=ClassificationOfficer(
            OFFICER, "局长", OfficerKind.STATUTORY, Corner.A, certificate="示定资〔2024〕001号"
        ),
        decision=OfficerDecision(Decision.AGREED, DAY, "同意"),
        review=Opinion(Person("李样例", "办公室主任"), "同意", DAY),
        security_review=Opinion(Person("赵样例", "保密员"), "同意", DAY),
        points=points,
    )


def with_draft(whole: ApprovalRecord, **changes: object) -> ApprovalRecord:
    """Return the record with another draft identity."""
    return replace(whole, draft=replace(whole.draft, **changes))  # type: ignore[arg-type]
