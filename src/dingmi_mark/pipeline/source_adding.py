"""Register a classified document from outside, so that others may be derived from it.

It asks for nothing that the file or the ledger tells, and writes nothing where two of them disagree
and nobody said which holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.approval import Source
from dingmi_mark.domain.identity import opaque_id
from dingmi_mark.domain.known import Known, KnownDocument
from dingmi_mark.domain.law import Lawbook
from dingmi_mark.domain.ledger_sources import SourceRegistered
from dingmi_mark.domain.reading import period_words
from dingmi_mark.domain.rules.sources import SourceTerm, term_of
from dingmi_mark.domain.source_values import (
    Difference,
    From,
    Joined,
    SourceValues,
    joined,
    of_known,
    of_label,
    of_mark,
    point_mark,
)
from dingmi_mark.domain.visible_marks import Contradiction, SeenMark, the_mark
from dingmi_mark.errors import (
    SourceDiffers,
    SourceMarksContradict,
    SourceOnlyProposed,
    SourceValueMissing,
)
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline.draft_file import DraftBytes, read_bytes_of
from dingmi_mark.pipeline.known import known_documents, title_digest, titled
from dingmi_mark.pipeline.quote_sources import remember_source
from dingmi_mark.pipeline.source_reading import SeenSource, look_into
from dingmi_mark.pipeline.unmarked import recognise
from dingmi_mark.store.office import Office
from dingmi_mark.store.source_titles import write_title

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

NAMES: Final = {
    "title": "文件名称",
    "document_number": "文号",
    "organ": "原定密机关",
    "level": "密级",
    "period": "保密期限",
    "issue_day": "制发日",
    "scope": "知悉范围",
    "points": "密点",
    "limits": "使用限制",
    "released": "提前解密",
}
"""What the values are called, in the order of reading."""

OPTIONS: Final = {
    "level": "--level 密级",
    "period": "--period 期限",
    "issue_day": "--issue-date 日期",
    "title": "--title 名称",
    "document_number": "--number 文号",
}


class Status(Enum):
    """What became of a registration."""

    REGISTERED = "registered"
    KNOWN = "known"
    CORRECTED = "corrected"
    OWN = "own"


@dataclass(frozen=True)
class Added:
    """A document that the ledger knows now, and where each value comes from.

    `term` is its period by the law of today, defaulted where the source states none.
    """

    status: Status
    document: KnownDocument
    origin: dict[str, From]
    term: SourceTerm
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Register:
    """What registering needs: the office, its ledger and law, the day and the moment."""

    office: Office
    ledger: Ledger
    lawbook: Lawbook
    today: date
    now: str


def add_source(
    file: Path, typed: SourceValues, reason: str, desk: Register, password: str = ""
) -> Added:
    """Register a file with what is known of it; a second time it only says so.

    Its text is fingerprinted, so that drafts that quote it are found; the second time too, if that
    failed or the index was made anew.

    `reason`: why what was typed goes before what the file shows or the ledger holds. Raises the
    errors of drafts, SourceMarksContradict, SourceOnlyProposed, SourceValueMissing, SourceDiffers,
    and the error of an unmarked copy of one of our own drafts.
    """
    added = _added(file, typed, reason, desk, password)
    if added.status is Status.OWN:
        return added
    remarks = remember_source(file, added.document, desk.office, password)
    return replace(added, remarks=(*added.remarks, *remarks))


def _added(file: Path, typed: SourceValues, reason: str, desk: Register, password: str) -> Added:
    content = read_bytes_of(file, most_mib=desk.office.limits.file_mb)
    known = known_documents(desk.ledger)
    seen = look_into(file, desk.office, password)
    own = _own(content, seen, known)
    if own is not None:
        document = titled(own, desk.office)
        return Added(Status.OWN, document, _all_from(document), _term(document, desk))
    _refuse_unmarked_copy(file, content, seen, desk)
    earlier = _earlier(content, seen, known)
    if earlier is not None:
        earlier = titled(earlier, desk.office)
    witnesses = {**_in_file(file, seen, typed, reason)}
    if earlier is not None:
        witnesses = {From.LEDGER: of_known(earlier)}
    found = joined({**witnesses, From.TYPED: typed})
    if found.differences and not reason:
        raise SourceDiffers(str(file), differences=_told(found.differences))
    if earlier is not None and not found.differences and _same(earlier, found.values):
        return Added(Status.KNOWN, earlier, dict(found.origin), _term(earlier, desk))
    return _registered(file, content, seen, found, earlier, reason, desk)


def _own(content: DraftBytes, seen: SeenSource, known: Known) -> KnownDocument | None:
    """Return the document this office itself marked, by the bytes or by its label."""
    for digest in sorted(content.names):
        for one in known.named(digest):
            if one.is_own and (seen.label or seen.marks):
                return one
    if seen.label:
        marked = known.document(str(seen.label["marking"]["id"]))
        return marked if marked is not None and marked.is_own else None
    return None


def _refuse_unmarked_copy(
    file: Path, content: DraftBytes, seen: SeenSource, desk: Register
) -> None:
    if seen.label or seen.marks:
        return
    copy = recognise(desk.office, desk.ledger, content.digests, seen.content_digest, file)
    if copy is not None:
        raise copy.error(file)


def _earlier(content: DraftBytes, seen: SeenSource, known: Known) -> KnownDocument | None:
    names = sorted(content.names)
    if seen.content_digest:
        names.append(f"content:{seen.content_digest}")
    for name in names:
        for one in known.named(name):
            if not one.is_own:
                return one
    return None


def _in_file(
    file: Path, seen: SeenSource, typed: SourceValues, reason: str
) -> dict[From, SourceValues]:
    """Return what label and page say. Raises where they do not agree, or only propose."""
    mark = the_mark(seen.marks)
    if isinstance(mark, Contradiction):
        if not (reason and typed.level):
            raise _contradiction(file, mark.one, mark.other)
        mark = None
    if seen.provisional or (mark is not None and mark.proposed):
        told: str | Message = mark.read.wording if mark is not None else say("in its label")
        raise SourceOnlyProposed(str(file), found=told)
    if not seen.label:
        return {} if mark is None else {From.MARK: of_mark(mark.read)}
    label = of_label(seen.label)
    if mark is not None:
        shown = of_mark(mark.read)
        differs = shown.level != label.level or shown.period not in (None, label.period)
        if differs and not reason:
            raise SourceMarksContradict(
                str(file),
                one=str(seen.label["marking"]["text"]),
                where_one=say("its label"),
                other=mark.read.wording,
                where_other=mark.corner.value,
            )
    return {From.LABEL: label}


def _contradiction(file: Path, one: SeenMark, other: SeenMark) -> SourceMarksContradict:
    return SourceMarksContradict(
        str(file),
        one=one.read.wording,
        where_one=one.corner.value,
        other=other.read.wording,
        where_other=other.corner.value,
    )


def _registered(
    file: Path,
    content: DraftBytes,
    seen: SeenSource,
    found: Joined,
    earlier: KnownDocument | None,
    reason: str,
    desk: Register,
) -> Added:
    values, secret = found.values, desk.office.secret()
    term = term_of(values.as_source(), desk.lawbook.rows, desk.today)
    _refuse_missing(file, values, term)
    digests = content.digests
    id_ = earlier.id if earlier else opaque_id(secret, "source", digests.sm3)
    entry = _entry(id_, content, seen, found, term, reason, desk)
    if values.title:
        # Before the entry: a title that no entry names does no harm, the other way round it would.
        write_title(desk.office.folder, id_, values.title)
    desk.ledger.append(entry)
    known = known_documents(desk.ledger)
    document = known.document(id_)
    assert document is not None, "it was registered just now"
    status = Status.REGISTERED if earlier is None else Status.CORRECTED
    remarks = tuple(_remarks(document, known, seen, found))
    document = replace(document, title=values.title)
    return Added(status, document, dict(found.origin), term, remarks)


def _entry(
    id_: str,
    content: DraftBytes,
    seen: SeenSource,
    found: Joined,
    term: SourceTerm,
    reason: str,
    desk: Register,
) -> SourceRegistered:
    values, digests = found.values, content.digests
    assert values.level is not None, "what is missing was refused"
    witness = next((w for w in (From.LABEL, From.MARK) if w in found.origin.values()), From.TYPED)
    return SourceRegistered(
        source_id=id_,
        sm3=digests.sm3,
        sha256=digests.sha256,
        content_digest=seen.content_digest,
        title_digest=title_digest(desk.office.secret(), values.title),
        document_number=values.document_number,
        organ=values.organ,
        level=values.level.value,
        period=period_words(values.period) if values.period else "",
        issue_day=_iso(values.issue_day),
        last_secret_day=_iso(term.last),
        scope=values.scope,
        points={point.id: point_mark(point) for point in values.points},
        limits=tuple(limit.value for limit in values.limits),
        released=_iso(values.released),
        read_from=witness.value,
        defaulted=("period",) if term.default is not None else (),
        typed=tuple(name for name, where in found.origin.items() if where is From.TYPED),
        reason=reason if found.differences else "",
        at=desk.now,
    )


def _refuse_missing(file: Path, values: SourceValues, term: SourceTerm) -> None:
    missing = []
    if values.level is None:
        missing.append("level")
    if not (values.title or values.document_number):
        missing += ["document_number", "title"]
    counted = term.is_unknown or values.level is None
    if counted and values.issue_day is None:
        missing.append("issue_day")
    elif counted and values.level is not None:
        missing.append("period")
    if missing:
        raise SourceValueMissing(
            str(file),
            missing="、".join(NAMES[name] for name in missing),
            options=" ".join(OPTIONS[name] for name in missing),
        )


def _remarks(
    document: KnownDocument, known: Known, seen: SeenSource, found: Joined
) -> Iterator[Message]:
    for mark in seen.marks:
        if not mark.read.conforms:
            text = mark.read.wording
            yield say("“{text}” is not spelled as the rules say (密级★保密期限).", text=text)
    if not seen.has_text:
        yield say("The file has no text (a scan): compare what was typed with the paper.")
    same = [one.id for one in known.named(document.document_number) if one.id != document.id]
    if document.document_number and same:
        yield say(
            "The same 文号 is registered as {ids} too: name the one that is meant by its id.",
            ids="、".join(same),
        )
    for each in found.differences:
        yield say(
            "{name}: {new} goes before {old}, by the reason given.",
            name=NAMES[each.name],
            new=each.other,
            old=each.one,
        )


def _told(differences: tuple[Difference, ...]) -> tuple[Fault, ...]:
    return tuple(
        Fault(NAMES[each.name], say("{one} ≠ {other}", one=each.one, other=each.other))
        for each in differences
    )


def _same(earlier: KnownDocument, values: SourceValues) -> bool:
    return not joined({From.LEDGER: of_known(earlier), From.TYPED: values}).differences and set(
        values.said
    ) == set(of_known(earlier).said)


def _all_from(document: KnownDocument) -> dict[str, From]:
    return dict.fromkeys(of_known(document).said, From.LEDGER)


def _term(document: KnownDocument, desk: Register) -> SourceTerm:
    source: Source = document.as_source()
    return term_of(source, desk.lawbook.rows, desk.today)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
