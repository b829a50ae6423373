"""Find what a draft quotes from classified documents, and remember documents to be found.

The index holds keyed fingerprints only. Whether a document is still secret is asked of the ledger
when a draft is looked at; what a record names as its sources is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.approval import ApprovalRecord, Derivative
from dingmi_mark.domain.known import Known, KnownDocument
from dingmi_mark.domain.quotations import QuotationPolicy
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import Message
from dingmi_mark.pipeline.known import known_documents
from dingmi_mark.pipeline.public_texts import public_shingles
from dingmi_mark.pipeline.quote_text import DocumentText
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.office import Office
from dingmi_mark.store.quote_index import SOURCE, IndexedPoint, IndexedText, QuoteIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dingmi_mark.quoting.passages import Passage
    from dingmi_mark.quoting.siphash import Words
    from dingmi_mark.store.ledger import Ledger

COPY_SHARE: Final = 80
"""From this share (%) of a draft on that stands in one document, it is a copy or version of it."""

_COVERED: Final = 0.9
_EXCERPT: Final = 24


@dataclass(frozen=True)
class Quotation:
    """A passage of a draft that stands in a classified document.

    `place` and `excerpt` are of the draft; `text_start` to `text_end` are letters and figures of
    the document, counted from its beginning. `points` are the classified points it belongs to, and
    `level` is the highest of what it touches: that of the document where some of it stands in no
    point, or may do so (`beyond`). `exact`: nothing in it was changed.
    """

    text: IndexedText
    place: Message
    excerpt: str = field(repr=False)
    characters: int
    exact: bool
    level: str
    points: tuple[str, ...]
    text_start: int
    text_end: int
    codes: frozenset[int] = field(repr=False)
    beyond: bool = True
    declared: bool = False


@dataclass(frozen=True)
class Found:
    """What was found in a draft, by document and place. `letters` counts those of the draft."""

    quotations: tuple[Quotation, ...]
    letters: int
    remarks: tuple[Message, ...] = ()

    @property
    def undeclared(self) -> tuple[Quotation, ...]:
        """What the record does not name."""
        return tuple(each for each in self.quotations if not each.declared)

    @property
    def shares(self) -> dict[IndexedText, int]:
        """How much of the draft (%) stands in each document."""
        codes: dict[IndexedText, set[int]] = {}
        for each in self.quotations:
            codes.setdefault(each.text, set()).update(each.codes)
        return {text: 100 * len(found) // max(1, self.letters) for text, found in codes.items()}


@dataclass(frozen=True)
class Shelves:
    """The index with all that is asked beside it."""

    office: Office
    index: QuoteIndex
    ledger: Ledger
    today: date
    read_already: Known | None = None

    @cached_property
    def known(self) -> Known:
        """What the ledger knows of documents; read where somebody asks."""
        return self.read_already or known_documents(self.ledger)

    def in_force(self, text: IndexedText) -> IndexedText | None:
        """Return a text with its level of today, None where it is secret no longer (法24)."""
        document = self._document(text)
        if document is None:
            last = text.last_secret_day
            return text if not last or date.fromisoformat(last) >= self.today else None
        if document.is_over_on(self.today):
            return None
        points = tuple(_as_known(point, text, document) for point in text.points)
        return replace(text, level=document.level.value, points=points)

    def name(self, text: IndexedText) -> str:
        """How people refer to the document of a text: its approval, or 文号; else its id."""
        document = self._document(text)
        return text.approval_number or (document.name if document else text.id)

    def _document(self, text: IndexedText) -> KnownDocument | None:
        """The document of a text as the ledger knows it after all changes."""
        if text.kind == SOURCE:
            return self.known.document(text.id)
        return self._own.get(text.id)

    @cached_property
    def _own(self) -> Mapping[str, KnownDocument]:
        return {one.document_id: one for one in self.known.documents if one.is_own and one.in_force}

    def record(self, number: str) -> ApprovalRecord | None:
        """Return the record of a document where it lies in the office's tree."""
        try:
            return find_record(self.office.approvals, number).record if number else None
        except DingmiError:
            return None


def _as_known(point: IndexedPoint, text: IndexedText, document: KnownDocument) -> IndexedPoint:
    """Return a point as it counts today: nobody said which point it is that a raised level is of.

    The same goes for a point that is known by a higher level than when the text was indexed.
    """
    known = [one.level for one in document.points if one.id == point.id]
    level = SecrecyLevel(point.level)
    raised = document.level > SecrecyLevel(text.level) or any(one > level for one in known)
    return replace(point, partly=True) if raised else point


def open_shelves(
    office: Office, secret: bytes, ledger: Ledger, today: date, known: Known | None = None
) -> Shelves:
    """Open the index of an office; `known` is what was read from the ledger already."""
    return Shelves(office, QuoteIndex(office.folder, secret), ledger, today, known)


def quotations_in(
    read: DocumentText,
    shelves: Shelves,
    *,
    record: ApprovalRecord | None = None,
    is_own: Callable[[IndexedText], bool] = lambda _: False,
) -> Found:
    """Return what a document quotes. `is_own` tells what is no quotation: its own earlier mark.

    Raises QuoteIndexDamaged.
    """
    from dingmi_mark.quoting.fingerprints import shingles
    from dingmi_mark.quoting.passages import public_codes

    draft, index = read.normal, shelves.index
    hashes = shingles(draft.codes, index.key)
    known, remarks = public_shingles(shelves.office, index)
    public = public_codes(hashes, known, len(draft))
    found: list[Quotation] = []
    in_force: dict[tuple[str, str, str], IndexedText | None] = {}
    for text, passage in _passages(hashes, read, shelves, public):
        if is_own(text):
            continue
        if text.name not in in_force:
            in_force[text.name] = shelves.in_force(text)
        if (today := in_force[text.name]) is not None:
            found.append(_quotation(today, passage, read))
    declared = _with_declared(found, _named_by(record, shelves))
    return Found(declared, len(draft), (*read.unread, *remarks))


def _passages(
    hashes: Words, read: DocumentText, shelves: Shelves, public: NDArray[np.bool_]
) -> Iterator[tuple[IndexedText, Passage]]:
    from dingmi_mark.quoting.match import common_runs, query
    from dingmi_mark.quoting.passages import Lengths, passages

    policy: QuotationPolicy = shelves.office.quotations
    lengths = Lengths(policy.verbatim, policy.edited)
    asked = query(hashes)
    for shelf in shelves.index.shelves():
        runs = common_runs(asked, shelf.shelf)
        for passage in passages(runs, read.normal, public, lengths):
            yield shelves.index.text(shelf, passage.document), passage


def _quotation(text: IndexedText, passage: Passage, read: DocumentText) -> Quotation:
    from dingmi_mark.quoting.belonging import belonging

    start, end = read.normal.stretch(passage.start, passage.end)
    levels = {each.value: each for each in SecrecyLevel}
    stretches = [(point.start, point.end) for point in text.points]
    touched = belonging((passage.text_start, passage.text_end), stretches, text.length)
    points = [text.points[number] for number in touched.stretches]
    beyond = touched.beyond or any(point.partly for point in points)
    # A change of the whole document is one of its points too, where they were higher.
    whole = levels[text.level]
    level = whole if beyond else min(whole, max(levels[point.level] for point in points))
    codes = frozenset(code for first, last in passage.matched for code in range(first, last))
    return Quotation(
        text,
        read.place(start),
        _excerpt(read.text[start:end]),
        passage.characters,
        passage.exact,
        level.value,
        tuple(dict.fromkeys(point.id for point in points)),
        passage.text_start,
        passage.text_end,
        codes,
        beyond,
    )


def _excerpt(words: str) -> str:
    """Return the beginning of a passage and its end, in one line."""
    line = " ".join(words.split())
    return line if len(line) <= 2 * _EXCERPT else f"{line[:_EXCERPT]}…{line[-_EXCERPT:]}"


def _named_by(record: ApprovalRecord | None, shelves: Shelves) -> Callable[[IndexedText], bool]:
    """Return what tells whether a record names a document: by id, digest, 文号 or title."""
    if record is None or not isinstance(record.classification, Derivative):
        return lambda _: False
    sources = record.classification.sources
    ids = {each.marking_id for each in sources if each.marking_id}
    ids |= {one.id for each in sources for one in shelves.known.candidates(each)}
    digests = {each.digest for each in sources if each.digest}
    for digest in tuple(digests):
        for match in shelves.ledger.by_file_digest(digest.partition(":")[2]):
            ids.add(match.record.intended.approval_number)
    numbers = {each.document_number for each in sources if each.document_number}
    titles = {each.title for each in sources if each.title and not each.document_number}

    def named(text: IndexedText) -> bool:
        if {text.id, text.approval_number} & ids or f"sm3:{text.draft_sm3}" in digests:
            return True
        known = shelves.record(text.approval_number)
        marked = shelves.ledger.by_approval(text.approval_number)
        if {each.intended.marking_id for each in marked} & ids:
            return True
        return known is not None and (
            known.draft.document_number in numbers or known.draft.title in titles
        )

    return named


def _with_declared(
    found: Sequence[Quotation], named: Callable[[IndexedText], bool]
) -> tuple[Quotation, ...]:
    """Tell what is declared: what stands in a named document, and so need not be named twice.

    The same words in another document of a higher level are another secret.
    """
    levels = {each.value: each for each in SecrecyLevel}
    known = {text: named(text) for text in {each.text for each in found}}
    stands = [each for each in found if known[each.text]]

    def declared(each: Quotation) -> bool:
        if known[each.text]:
            return True
        covered = {
            code
            for other in stands
            if levels[other.level] >= levels[each.level]
            for code in other.codes & each.codes
        }
        return len(covered) >= _COVERED * len(each.codes)

    return tuple(replace(each, declared=declared(each)) for each in found)


def remember(
    office: Office, secret: bytes, documents: Sequence[tuple[IndexedText, DocumentText]]
) -> int:
    """Fingerprint documents, so that they are found again; return how many were new.

    For marked drafts and for sources registered from outside (`kind` is `source`, `id` that of the
    ledger). Raises QuoteIndexDamaged, OutputDiskFull, OutputNotWritable.
    """
    from dingmi_mark.quoting.fingerprints import fingerprints

    index = QuoteIndex(office.folder, secret)
    return index.add(
        [(text, fingerprints(read.normal.codes, index.key)) for text, read in documents]
    )
