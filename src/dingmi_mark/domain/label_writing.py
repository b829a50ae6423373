"""Write the label of a marking: see `label` for what it is and how it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, assert_never

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    Basis,
    ClassificationOfficer,
    Derivative,
    HistoryLine,
    Original,
    Source,
)
from dingmi_mark.domain.course import trusted_course
from dingmi_mark.domain.label import LEVEL_CODES, SCHEMA, LabelFacts, ShownMark
from dingmi_mark.domain.points import (
    BoxAnchor,
    ClassifiedPoint,
    ParagraphAnchor,
    PointAnchor,
    QuoteAnchor,
)
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    LongTerm,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
    last_secret_day,
    period_text,
    released_from,
)


def label_bytes(
    record: ApprovalRecord, facts: LabelFacts, point_digests: Mapping[str, str]
) -> bytes:
    """Return the label as canonical JSON: sorted keys, no spaces, UTF-8; same in, same out.

    `point_digests` gives the keyed digest of each quoted passage by the point's id (R32).
    """
    label: dict[str, Any] = {
        "schema": SCHEMA,
        "program": facts.program_version,
        "status": facts.standing.value,
        "status_code": facts.standing.code,
        "document": _document(record, facts),
        "marking": _marking(record, facts),
        "classification": {
            "kind": record.kind.value,
            "bases": [_basis(basis) for basis in _bases(record)],
            "sources": [_source(source) for source in _sources(record)],
        },
        "approval": _approval(record, facts),
        "points": [_point(point, point_digests.get(point.id, "")) for point in record.points],
        "marks": [shown_mark(mark) for mark in facts.marks],
        "templates": dict(facts.templates),
        "history": [_step(line) for line in trusted_course(record)],
    }
    if facts.standing is Standing.PROVISIONAL:
        label |= {"until": facts.until}
    return json.dumps(label, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _document(record: ApprovalRecord, facts: LabelFacts) -> dict[str, Any]:
    draft = record.draft
    return {
        "id": facts.identity.document_id,
        "title": draft.title,
        "number": draft.document_number,
        "form": draft.form,
        "urgency": draft.urgency.value if draft.urgency else "",
        "draft_sm3": facts.draft_sm3,
        "content_digest": facts.content_digest,
    }


def _marking(record: ApprovalRecord, facts: LabelFacts) -> dict[str, Any]:
    secrecy, draft = record.secrecy, record.draft
    period, start = secrecy.marking.period, record.draft.period_start
    return {
        "id": facts.identity.marking_id,
        "generation": facts.identity.generation,
        "copy_id": facts.identity.copy_id,
        "copy_number": facts.copy_number,
        "copies": draft.copies,
        "receivers": list(draft.receivers),
        "text": facts.standing.wording(secrecy.marking),
        "level": secrecy.marking.level.value,
        "level_code": LEVEL_CODES[secrecy.marking.level],
        "period": period_shown(period),
        "period_defaulted": secrecy.period_defaulted,
        "scope": list(secrecy.scope),
        "issue_day": _iso(draft.issue_day),
        "notice_day": _iso(draft.notice_day),
        "last_secret_day": _iso(last_secret_day(period, start) if start else None),
        "released_from": _iso(released_from(period, start) if start else None),
    }


def _approval(record: ApprovalRecord, facts: LabelFacts) -> dict[str, Any]:
    return {
        "number": record.number,
        "digest": facts.approval_digest,
        "draft_digest_given": facts.by_digest,
        "organ": record.organ,
        "decided_by": record.decided_by if facts.standing is Standing.FORMAL else "",
        "reply_number": record.deciding_organ.reply_number if record.deciding_organ else "",
        "joint_organs": list(record.joint_organs),
        "proposed_by": record.proposal.by.name,
        "decision": record.decision.decision.value if record.decision else "",
        "decision_day": _iso(record.decision_day),
        "officer": _officer(record.officer) if record.officer else {},
        "special_basis": record.special_basis.provision if record.special_basis else "",
    }


def _officer(officer: ClassificationOfficer) -> dict[str, str]:
    return {
        "name": officer.name,
        "post": officer.post,
        "kind": officer.kind.value if officer.kind else "",
        "corner": officer.corner.value if officer.corner else "",
        "certificate": officer.certificate,
        "letter": officer.letter,
    }


def _step(line: HistoryLine) -> dict[str, str]:
    return {"day": line.day.isoformat(), "by": line.by, "step": line.step, "note": line.note}


def shown_mark(mark: ShownMark) -> dict[str, Any]:
    """Return a mark as the label tells it."""
    box = (mark.x_mm, mark.y_mm, mark.width_mm, mark.height_mm)
    return {
        "slot": mark.slot,
        "page": mark.page,
        "text": mark.text,
        "box_mm": [round(length, 3) for length in box],
        "adopted": mark.adopted,
    }


def _bases(record: ApprovalRecord) -> tuple[Basis, ...]:
    match record.classification:
        case Original(bases) | Derivative(_, bases):
            return bases
        case _:
            assert_never(record.classification)


def _sources(record: ApprovalRecord) -> tuple[Source, ...]:
    match record.classification:
        case Derivative(sources):
            return sources
        case Original():
            return ()
        case _:
            assert_never(record.classification)


def _basis(basis: Basis) -> dict[str, str]:
    return {"catalogue": basis.catalogue, "item": basis.item, "note": basis.note}


def _source(source: Source) -> dict[str, str]:
    return {
        "title": source.title,
        "number": source.document_number,
        "level": source.level.value if source.level else "",
        "period": period_text(source.period) if source.period else "",
        "issue_day": _iso(source.issue_day),
        "marking_id": source.marking_id,
    }


def _point(point: ClassifiedPoint, digest: str) -> dict[str, Any]:
    return {
        "id": point.id,
        "level": point.level.value,
        "style": point.style.value,
        "anchor": _anchor(point.anchor),
        "text_digest": digest,
        "period": period_shown(point.period) if point.period else None,
        "source": point.source,
    }


def _anchor(anchor: PointAnchor) -> dict[str, Any]:
    """The place without its words: those stand in the text itself (R32 wants their digest)."""
    match anchor:
        case QuoteAnchor(_, occurrence):
            return {"kind": "quote", "occurrence": occurrence}
        case BoxAnchor(page, x, y, width, height):
            return {"kind": "box", "page": page, "box_mm": [x, y, width, height]}
        case ParagraphAnchor(number, _, table, row, column):
            cell = [table, row, column] if table is not None else None
            return {"kind": "paragraph", "number": number, "cell": cell}
        case _:
            assert_never(anchor)


def period_shown(period: SecrecyPeriod) -> dict[str, Any]:
    """Return a period as the label tells it."""
    kind: str
    value: str | int
    match period:
        case ForYears(years):
            kind, value = "years", years
        case ForMonths(months):
            kind, value = "months", months
        case ForDays(days):
            kind, value = "days", days
        case UntilDate(day):
            kind, value = "date", day.isoformat()
        case UntilCondition(condition):
            kind, value = "condition", condition
        case LongTerm():
            kind, value = "long-term", ""
        case _:
            assert_never(period)
    return {"kind": kind, "value": value, "text": period_text(period)}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
