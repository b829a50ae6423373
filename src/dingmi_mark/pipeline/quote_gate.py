"""In `mark`: what the draft quotes without naming it stops it; what was marked is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dingmi_mark.domain.quotations import RULE, Undeclared
from dingmi_mark.errors import (
    CopyUndeclared,
    DingmiError,
    QuotationUndeclared,
    QuotationUnexplained,
)
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.quote_text import DocumentText, text_of
from dingmi_mark.pipeline.quoted_points import points_in
from dingmi_mark.pipeline.quoting import (
    COPY_SHARE,
    Found,
    Shelves,
    open_shelves,
    quotations_in,
    remember,
)
from dingmi_mark.pipeline.work import Work
from dingmi_mark.store.quote_index import MARKED, POINTS_READING, IndexedPoint, IndexedText

_SCAN_SHARE = 0.5
"""Share of a file's time limit that reading its scanned pages may take."""


@dataclass(frozen=True)
class Looked:
    """A draft that was searched: its text, and what the user should know."""

    read: DocumentText
    remarks: tuple[Message, ...]


def looked_for_quotations(work: Work) -> Looked:
    """Search a draft before it is marked.

    Raises QuotationUndeclared, QuotationUnexplained, CopyUndeclared, QuoteIndexDamaged.
    """
    desk, record = work.desk, work.record
    seconds = desk.office.limits.seconds * _SCAN_SHARE
    read = text_of(work.source, work.paper.handler, seconds, work.paper.view)
    policy = desk.office.quotations
    if policy.undeclared is Undeclared.OFF:
        return Looked(read, ())
    shelves = open_shelves(desk.office, desk.secret, desk.ledger, desk.today, work.known)
    found = quotations_in(read, shelves, record=record, is_own=_own_of(work))
    told = found.remarks
    error = undeclared_error(found, work.task.draft, policy.undeclared, shelves)
    if error is None:
        return Looked(read, told)
    if policy.undeclared is Undeclared.EXPLAIN and record.explanation(RULE):
        count = len(found.undeclared)
        explained = say("{count} undeclared quotation(s); the record explains them.", count=count)
        return Looked(read, (*told, explained))
    raise error


def undeclared_error(
    found: Found, file: Path, policy: Undeclared, shelves: Shelves
) -> DingmiError | None:
    """Return the error that says what is quoted and not named; None where nothing is."""
    undeclared = found.undeclared
    if not undeclared:
        return None
    texts = {each.text for each in undeclared}
    copies = {text: share for text, share in found.shares.items() if text in texts}
    most = max(copies, key=lambda text: copies[text])
    if copies[most] >= COPY_SHARE and policy is not Undeclared.EXPLAIN:
        name = shelves.name(most)
        return CopyUndeclared(str(file), documents=name, share=copies[most], file=str(file))
    names = "、".join(sorted({shelves.name(text) for text in texts}))
    kind = QuotationUnexplained if policy is Undeclared.EXPLAIN else QuotationUndeclared
    return kind(str(file), count=len(undeclared), documents=names, file=str(file))


def _own_of(work: Work) -> Callable[[IndexedText], bool]:
    """Return what tells a draft's own earlier mark, of this approval or the one it follows."""
    numbers = {work.record.number, work.record.successor_of}
    sm3, content = work.content.digests.sm3, work.paper.draft.content_digest

    def own(text: IndexedText) -> bool:
        if text.kind != MARKED:
            return False
        return (
            text.approval_number in numbers
            or text.draft_sm3 == sm3
            or (bool(content) and text.content_digest == content)
        )

    return own


def remembered(work: Work, read: DocumentText) -> tuple[Message, ...]:
    """Fingerprint a draft that was marked; a failure costs no mark, and is told."""
    desk = work.desk
    try:
        found = points_in(work.record, read, work.source, work.paper.handler)
        remember(desk.office, desk.secret, [(indexed_text(work, read, found.points), read)])
    except DingmiError as error:
        return (
            say(
                "It is marked, but its text was not kept to find quotations ({why}). Afterwards: "
                "dingmi-mark quotes --rebuild",
                why=error.message,
            ),
        )
    return found.remarks


def indexed_text(work: Work, read: DocumentText, points: tuple[IndexedPoint, ...]) -> IndexedText:
    """Return what the index knows of a marked draft besides its fingerprints."""
    return IndexedText(
        MARKED,
        work.identity("").document_id,
        work.record.number,
        work.record.secrecy.marking.level.value,
        len(read.normal),
        work.content.digests.sm3,
        work.paper.draft.content_digest,
        points=points,
        reading=POINTS_READING,
    )
