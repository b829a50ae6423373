"""Do the sources a record names agree with what the ledger knows of them? (R33-R37, R44)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.approval import Source
from dingmi_mark.domain.known import KnownDocument
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.lineage import Cycle, cycle_through
from dingmi_mark.domain.rules.case import Case, Remark, explain, refuse
from dingmi_mark.domain.rules.sources import SourceTerm, term_of
from dingmi_mark.domain.terms import SecrecyPeriod, period_text, plain
from dingmi_mark.messages import N_


def sources_agree_with_ledger(case: Case, row: LawRow) -> Iterator[Remark]:
    """A source has one level and one end: those of the ledger (own choice).

    What the record states lower, or to end earlier, is refused; what it states higher is asked
    about. Silent where no ledger was asked, and of sources that the ledger does not know by 文号
    alone: they are from outside and not registered.
    """
    known = case.known
    if known is None:
        return
    for source in case.stated_sources:
        found = known.candidates(source)
        if len(found) == 1:
            yield from _contradictions(source, found[0], case)
        elif found:
            yield refuse(
                N_("“{source}” may be several documents of the ledger: {ids}."),
                source=source.name,
                ids="、".join(one.id for one in found),
            )
        elif source.marking_id:
            yield _unknown_id(source)


def _unknown_id(source: Source) -> Remark:
    return explain(
        N_("The ledger knows no document {id} (source “{source}”)."),
        id=source.marking_id,
        source=source.name,
    )


def _contradictions(source: Source, found: KnownDocument, case: Case) -> Iterator[Remark]:
    if not found.id.startswith(source.marking_id.lower()):
        yield _unknown_id(source)
    yield from _other_document(source, found)
    if source.level is not None and source.level != found.level:
        tell = refuse if source.level < found.level else explain
        yield tell(
            N_("The record says {stated} of the source “{source}”, the ledger {known}."),
            stated=source.level.value,
            source=source.name,
            known=found.level.value,
        )
    if source.period is not None:
        stated = term_of(source, case.rows, case.day)
        yield from _other_end(stated, term_of(found.as_source(), case.rows, case.day))
    beyond = _beyond(source.scope, found.scope)
    if beyond:
        yield explain(
            N_("The ledger does not give “{source}” this scope (知悉范围): {beyond}."),
            source=source.name,
            beyond=beyond,
        )
    unknown = _unknown_points(source, found)
    if unknown:
        yield refuse(
            N_("The source “{source}” has no classified points {points} in the ledger."),
            source=source.name,
            points=unknown,
        )


def _other_document(source: Source, found: KnownDocument) -> Iterator[Remark]:
    """The id or the digest is of one document, the 文号 of another."""
    stated, known = plain(source.document_number), plain(found.document_number)
    if stated and known and stated not in (known, plain(found.approval_number)):
        yield refuse(
            N_("The record names “{source}”, but {id} is “{known}” in the ledger."),
            source=source.document_number,
            id=found.id,
            known=found.document_number,
        )


def _other_end(stated: SourceTerm, known: SourceTerm) -> Iterator[Remark]:
    source = stated.source.name
    if stated.last is not None and known.last is not None:
        if stated.last != known.last:
            tell = refuse if stated.last < known.last else explain
            yield tell(
                N_("By the record “{source}” ends on {stated}, by the ledger on {known}."),
                source=source,
                stated=str(stated.last),
                known=str(known.last),
            )
    elif stated.period != known.period:
        yield explain(
            N_("By the record “{source}” has the period {stated}, by the ledger {known}."),
            source=source,
            stated=_words(stated.period),
            known=_words(known.period),
        )


def _words(period: SecrecyPeriod | None) -> str:
    return "-" if period is None else period_text(period)


def _beyond(stated: tuple[str, ...], known: tuple[str, ...]) -> str:
    allowed = {plain(entry) for entry in known}
    beyond = [entry for entry in stated if plain(entry) not in allowed] if allowed else []
    return "、".join(beyond)


def _unknown_points(source: Source, found: KnownDocument) -> str:
    known = {point.id for point in found.points}
    return "、".join(point for point in source.points if point not in known)


def sources_are_no_descendants(case: Case, row: LawRow) -> Iterator[Remark]:
    """No paper is derived from itself, over however many generations (own choice).

    A new version of a paper whose source was derived from the paper's earlier one goes back to the
    paper's own sources.
    """
    known = case.known
    if known is None:
        return
    draft = case.approval.draft
    for source in case.stated_sources:
        for found in known.candidates(source):
            path = cycle_through(
                known,
                found,
                Cycle(case.approval.number, draft.document_number, draft.digest),
            )
            if path:
                yield refuse(
                    N_("“{source}” is itself derived from this paper: {path}."),
                    source=source.name,
                    path=" → ".join(one.name for one in path),
                )
