"""From an approval record back to the tables of its file; what is at its default is left out."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from typing import Any, Final, TypeAlias, assert_never

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    Derivative,
    OfficerDecision,
    Proposal,
    Secrecy,
    Source,
)
from dingmi_mark.domain.points import (
    BoxAnchor,
    ClassifiedPoint,
    ParagraphAnchor,
    PointAnchor,
    PointStyle,
    QuoteAnchor,
)
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    LongTerm,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)

SCHEMA: Final = 1

Tables: TypeAlias = dict[str, Any]

_KEYS: Final = {
    "day": "date",
    "issue_day": "issue_date",
    "notice_day": "notice_date",
    "recall_day": "recall_date",
}
"""Fields whose key in the file has another name."""


def approval_to_mapping(record: ApprovalRecord) -> Tables:
    """Return the record as the tables of its file, dates as `date`; reading it gives it back."""
    classification = record.classification
    sources = classification.sources if isinstance(classification, Derivative) else ()
    tables = {
        "schema": SCHEMA,
        "number": record.number,
        "organ": record.organ,
        "kind": record.kind.value,
        "status": record.status.value,
        "points_complete": record.points_complete,
        "joint_organs": list(record.joint_organs),
        "successor_of": record.successor_of,
        "draft": _plain(record.draft),
        "basis": [_plain(basis) for basis in classification.bases],
        "source": [_plain(source) for source in sources],
        "proposal": _proposal(record.proposal),
        "review": _plain(record.review),
        "security_review": _plain(record.security_review),
        "officer": _plain(record.officer),
        "decision": _decision(record.decision, record.proposal.secrecy),
        "point": [_point(point) for point in record.points],
        "deciding_organ": _plain(record.deciding_organ),
        "unclear": _plain(record.unclear),
        "special_basis": _plain(record.special_basis),
        "explanation": [{"rule": rule, "text": text} for rule, text in record.explanations],
        "history": [_plain(line) for line in record.history],
        "signature": [_plain(signature) for signature in record.signatures],
    }
    return {key: value for key, value in tables.items() if value not in (None, "", [], False)}


def source_table(source: Source) -> Tables:
    """Return a source as the table of its file."""
    table: Tables = _plain(source)
    return table


def value_table(value: Any) -> Any:
    """Return any value of the domain as its part of a file; see `_plain`."""
    return _plain(value)


def _plain(value: Any) -> Any:
    """Turn a value of the domain into one of TOML; fields at their default are left out."""
    match value:
        case Enum():
            return value.value
        case tuple():
            return [_plain(entry) for entry in value]
        case ForYears() | ForMonths() | ForDays() | UntilDate() | UntilCondition() | LongTerm():
            return period_table(value)
        case _ if hasattr(value, "__dataclass_fields__"):
            return {
                _KEYS.get(field.name, field.name): _plain(getattr(value, field.name))
                for field in fields(value)
                if getattr(value, field.name) not in (None, field.default)
            }
        case _:
            return value


def period_table(period: SecrecyPeriod) -> Tables:
    """Return a period as the table of its file: `{"years": 10}`."""
    match period:
        case ForYears(years):
            return {"years": years}
        case ForMonths(months):
            return {"months": months}
        case ForDays(days):
            return {"days": days}
        case UntilDate(day):
            return {"until": day}
        case UntilCondition(condition):
            return {"condition": condition}
        case LongTerm():
            return {"long_term": True}
        case _:
            assert_never(period)


def _proposal(proposal: Proposal) -> Tables:
    secrecy = proposal.secrecy
    flags = {
        "period_defaulted": secrecy.period_defaulted,
        "months_confirmed": secrecy.months_confirmed,
    }
    rest = {"opinion": proposal.opinion, "date": proposal.day}
    return {
        "by": _plain(proposal.by),
        **_secrecy(secrecy),
        **{key: value for key, value in {**flags, **rest}.items() if value},
    }


def _decision(decision: OfficerDecision | None, proposed: Secrecy) -> Tables | None:
    if decision is None:
        return None
    tables: Tables = {
        "decision": decision.decision.value,
        "date": decision.day,
        "opinion": decision.opinion,
    }
    found: Tables = {key: value for key, value in tables.items() if value}
    if decision.corrected is not None:
        found["corrected"] = _corrected(decision.corrected, proposed)
    return found


def _corrected(corrected: Secrecy, proposed: Secrecy) -> Tables:
    """Write the flags only where reading would not infer them from the proposal."""
    same = corrected.marking.period == proposed.marking.period
    tables = _secrecy(corrected)
    if corrected.period_defaulted != (same and proposed.period_defaulted):
        tables["period_defaulted"] = corrected.period_defaulted
    if corrected.months_confirmed != (same and proposed.months_confirmed):
        tables["months_confirmed"] = corrected.months_confirmed
    return tables


def _secrecy(secrecy: Secrecy) -> Tables:
    marking = secrecy.marking
    return {
        "level": marking.level.value,
        "period": period_table(marking.period),
        "scope": list(secrecy.scope),
    }


def _point(point: ClassifiedPoint) -> Tables:
    tables: Tables = {"id": point.id, "level": point.level.value}
    if point.style is not PointStyle.BEFORE_PARAGRAPH:
        tables["style"] = point.style.value
    tables |= _anchor(point.anchor)
    if point.period is not None:
        tables["period"] = period_table(point.period)
    return tables | ({"source": point.source} if point.source else {})


def _anchor(anchor: PointAnchor) -> Tables:
    match anchor:
        case BoxAnchor(page, x, y, width, height):
            return {"page": page, "box_mm": [x, y, width, height]}
        case ParagraphAnchor(number):
            place = _plain(anchor)
            del place["number"]
            return {"paragraph": number, **place}
        case QuoteAnchor():
            quote: Tables = _plain(anchor)
            return quote
        case _:
            assert_never(anchor)
