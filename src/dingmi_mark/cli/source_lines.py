"""How documents that papers are derived from are shown: their values, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dingmi_mark.cli.telling import tell, tell_line, tell_note
from dingmi_mark.cli.wide import columns
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.domain.source_values import From, of_known, shown
from dingmi_mark.domain.terms import period_text
from dingmi_mark.messages import N_, Message, say

if TYPE_CHECKING:
    from dingmi_mark.domain.known import KnownDocument
    from dingmi_mark.domain.rules.sources import SourceTerm
    from dingmi_mark.pipeline.source_adding import Added

ORIGINS: Mapping[From, str] = MappingProxyType(
    {
        From.LABEL: N_("from its label"),
        From.MARK: N_("from the mark on its first page"),
        From.TYPED: N_("typed in"),
        From.LEDGER: N_("from the ledger"),
    }
)


def mark_of(document: KnownDocument, term: SourceTerm) -> str:
    """Return level and period in one: `机密★10年`; of a default the period in brackets."""
    if term.period is None:
        return document.level.value
    text = period_text(term.period)
    return f"{document.level.value}（{text}）" if term.default else f"{document.level.value}★{text}"


def document_shown(document: KnownDocument, term: SourceTerm) -> dict[str, Any]:
    """Return a document as plain values."""
    return {
        "id": document.id,
        "own": document.is_own,
        "title": document.title,
        "document_number": document.document_number,
        "approval": document.approval_number,
        "organ": document.organ,
        "level": document.level.value,
        "period": period_text(term.period) if term.period else "",
        "period_defaulted": term.default is not None,
        "period_basis": str(term.default.citation) if term.default else "",
        "issue_day": str(document.issue_day or ""),
        "last_secret_day": str(term.last or ""),
        "released": str(document.released or ""),
        "changed_by": document.changed_by,
        "scope": list(document.scope),
        "points": [
            {
                "id": point.id,
                "level": point.level.value,
                "period": period_text(point.period) if point.period else "",
            }
            for point in document.points
        ],
        "limits": [limit.value for limit in document.limits],
        "digests": list(document.digests),
        "sources": list(document.sources),
        "unknown_sources": list(document.unknown_sources),
    }


def tell_added(file: Path, added: Added) -> None:
    from dingmi_mark.pipeline.source_adding import Status

    heads = {
        Status.REGISTERED: say("Registered: {file}", file=str(file)),
        Status.KNOWN: say("Known already, nothing was changed: {file}", file=str(file)),
        Status.CORRECTED: say("Corrected: {file}", file=str(file)),
        Status.OWN: say("This office marked it; it needs no registration: {file}", file=str(file)),
    }
    tell(heads[added.status])
    tell_document(added.document, added.term, added.origin)
    for remark in added.remarks:
        tell_note(say("Note: {remark}", remark=remark))


def tell_document(document: KnownDocument, term: SourceTerm, origin: Mapping[str, From]) -> None:
    from dingmi_mark.pipeline.source_adding import NAMES

    values = of_known(document)
    rows = [(words(say("Id")), document.id)]
    for name, title in NAMES.items():
        value = getattr(values, name)
        if name == "period":
            rows.append((title, _period_words(term) + _origin(origin.get(name))))
        elif value:
            rows.append((title, shown(name, value) + _origin(origin.get(name))))
    rows.append(("最后保密日", str(term.last or "-")))
    if document.changed_by:
        rows.append((words(say("Changed by")), document.changed_by))
    for line in columns([(name, harmless(value)) for name, value in rows]):
        tell_line(f"  {line}")


def _period_words(term: SourceTerm) -> str:
    if term.period is None:
        return "-"
    text = period_text(term.period)
    if term.default is None:
        return text
    basis = str(term.default.citation)
    return words(
        say("{period} (not stated: the longest by law, {basis})", period=text, basis=basis)
    )


def _origin(where: From | None) -> str:
    if where is None or where not in ORIGINS:
        return ""
    return f"（{words(Message(ORIGINS[where]))}）"


def state_of(document: KnownDocument, today: date) -> Message:
    if document.released is not None and document.released <= today:
        return say("released on {day}", day=str(document.released))
    if document.is_over_on(today):
        return say("its period is over since {day}", day=str(document.last))
    return say("still secret")
