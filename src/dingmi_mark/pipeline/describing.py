"""Tell the ledger what is needed of a marked document when others are derived from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dingmi_mark.domain.approval import ApprovalRecord, Derivative, Source
from dingmi_mark.domain.identity import opaque_id
from dingmi_mark.domain.known import Known, KnownPoint
from dingmi_mark.domain.ledger_sources import DocumentDescribed
from dingmi_mark.domain.reading import period_words
from dingmi_mark.domain.source_values import point_mark
from dingmi_mark.domain.terms import last_secret_day, plain
from dingmi_mark.pipeline.work import Work


def described(work: Work) -> DocumentDescribed:
    """Return the entry about the document that is marked: its values, its points, its sources."""
    record, desk = work.record, work.desk
    identity = work.identity(work.task.copy_numbers[0])
    marking, start = record.secrecy.marking, record.draft.period_start
    last = last_secret_day(marking.period, start) if start else None
    points = (KnownPoint(point.id, point.level, point.period) for point in record.points)
    ids, unknown = _named(_sources(record), work.known or Known(), desk.secret)
    return DocumentDescribed(
        approval_number=record.number,
        document_id=identity.document_id,
        marking_id=identity.marking_id,
        document_number=record.draft.document_number,
        organ=record.decided_by,
        level=marking.level.value,
        period=period_words(marking.period),
        issue_day=start.isoformat() if start else "",
        last_secret_day=last.isoformat() if last else "",
        scope=record.secrecy.scope,
        points={point.id: point_mark(point) for point in points},
        bases=bool(record.classification.bases),
        sources=ids,
        unknown_sources=unknown,
        at=desk.now(),
    )


def with_whole_sources(record: ApprovalRecord, known: Known | None) -> ApprovalRecord:
    """Return a record whose sources say all that the ledger knows of them, for the label."""
    classification = record.classification
    if known is None or not isinstance(classification, Derivative):
        return record
    whole = tuple(known.completed(source) for source in classification.sources)
    return replace(record, classification=replace(classification, sources=whole))


def _sources(record: ApprovalRecord) -> tuple[Source, ...]:
    classification = record.classification
    return classification.sources if isinstance(classification, Derivative) else ()


def _named(
    sources: Iterable[Source], known: Known, secret: bytes
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    ids, unknown = [], []
    for source in sources:
        found = known.candidates(source)
        if len(found) == 1:
            ids.append(found[0].id)
        else:
            untitled = source.document_number or source.marking_id or source.digest
            unknown.append(untitled or opaque_id(secret, "source-title", plain(source.title)))
    return tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(unknown))
