"""Which documents a notice means, what the rules say of each, and its signing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.changes import DocumentRef, standing_after
from dingmi_mark.domain.keys import SigningKey
from dingmi_mark.domain.known import Known, KnownDocument
from dingmi_mark.domain.law import Finding
from dingmi_mark.domain.ledger_changes import NoticeRegistered
from dingmi_mark.domain.legacy import LegacyPaper, legacy_record
from dingmi_mark.domain.notices import (
    NOTICE,
    FiledNotice,
    NoticeItem,
    NoticeSignature,
    statement_bytes,
)
from dingmi_mark.domain.rules.change import ChangeCase
from dingmi_mark.domain.rules.changing import examine_change
from dingmi_mark.domain.rules.examining import refusals
from dingmi_mark.domain.terms import plain
from dingmi_mark.errors import (
    ChangeRefused,
    DingmiError,
    NoticeAltered,
    NoticeExists,
    NoticeItemsUnclear,
    NoticeUnknown,
    RecordUnknown,
)
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.evidence import changes_of
from dingmi_mark.pipeline.known import known_documents, titled
from dingmi_mark.pipeline.legacy_papers import legacy_paper
from dingmi_mark.pipeline.trust import Trust, refuse_if_clock_set_back, trust_of
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.approvals import StoredApproval, approval_digest
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.notices import keep_notice, kept_notice, notice_digest, read_notice
from dingmi_mark.store.office import Office
from dingmi_mark.store.signatures import Signer, verify

if TYPE_CHECKING:
    from dingmi_mark.domain.law import Lawbook
    from dingmi_mark.store.ledger import Ledger


@dataclass(frozen=True)
class NoticeDesk:
    """What notices are checked with: office, ledger, and records that lie outside its tree."""

    office: Office
    ledger: Ledger
    records: Mapping[str, ApprovalRecord]

    @cached_property
    def lawbook(self) -> Lawbook:
        """The office's law."""
        return read_lawbook(self.office.profile)

    @cached_property
    def known(self) -> Known:
        """All documents that the ledger knows."""
        return known_documents(self.ledger)

    @cached_property
    def trust(self) -> Trust:
        """The office's keys."""
        return trust_of(self.ledger)


@dataclass(frozen=True)
class CheckedItem:
    """One item of a notice: the document it means and what the rules say, or what is amiss.

    `standing` is the secret as it stands before the notice. `legacy` is set where others marked
    the paper before this program.
    """

    item: NoticeItem
    document: DocumentRef | None = None
    record: ApprovalRecord | None = None
    standing: MarkingInForce | None = None
    findings: tuple[Finding, ...] = ()
    trouble: Message | None = None
    legacy: LegacyPaper | None = None

    @property
    def holds(self) -> bool:
        """Tell whether it is clear which document is meant and nothing stands against it."""
        return self.trouble is None and not refusals(self.findings)


@dataclass(frozen=True)
class CheckedNotice:
    """A notice with all its items looked at."""

    filed: FiledNotice
    digest: str
    items: tuple[CheckedItem, ...]

    @property
    def holds(self) -> bool:
        """Tell whether it may be signed."""
        return all(item.holds for item in self.items)


def records_by_number(stored: tuple[StoredApproval, ...]) -> Mapping[str, ApprovalRecord]:
    """Return records that were given by the number they have."""
    return {one.record.number: one.record for one in stored}


def check_notice(filed: FiledNotice, desk: NoticeDesk) -> CheckedNotice:
    """Find the document of every item, and examine the change of each by the rules."""
    seen: dict[str, NoticeItem] = {}
    items = tuple(_checked(item, filed, desk, seen) for item in filed.items)
    return CheckedNotice(filed, notice_digest(filed), items)


def _checked(
    item: NoticeItem, filed: FiledNotice, desk: NoticeDesk, seen: dict[str, NoticeItem]
) -> CheckedItem:
    paper = legacy_paper(item, desk)
    if isinstance(paper, LegacyPaper):
        found: DocumentRef | Message = DocumentRef(paper.document_id, paper.marking_id, "")
    else:
        found = paper or document_of(item, desk)
    if isinstance(found, Message):
        return CheckedItem(item, trouble=found)
    if found.document_id in seen:
        return CheckedItem(item, found, trouble=say("the same document stands twice"))
    seen[found.document_id] = item
    legacy = paper if isinstance(paper, LegacyPaper) else None
    try:
        record = legacy_record(legacy) if legacy else record_of(found, desk)
    except RecordUnknown as error:
        trouble = say(
            "{cause} If it lies outside the office, name its folder: --approvals DIR",
            cause=error.message,
        )
        return CheckedItem(item, found, trouble=trouble)
    except DingmiError as error:
        return CheckedItem(item, found, trouble=error.message)
    changes = changes_of(found.document_id, desk.ledger)
    earlier = [one for one in changes if one.notice_number != filed.notice.number]
    standing = standing_after(record, earlier)
    office = desk.office
    case = ChangeCase(standing, filed.notice, office.authority, clock.today(), office.beijing)
    findings = examine_change(case, desk.lawbook)
    return CheckedItem(item, found, record, standing, findings, legacy=legacy)


def document_of(item: NoticeItem, desk: NoticeDesk) -> DocumentRef | Message:
    """Return our document that an item means, or say why none, or not one alone, is meant."""
    found: dict[str, KnownDocument] | None = None
    for name in item.names:
        meant = {one.document_id or one.id: one for one in _named(name, item, desk)}
        if not meant:
            return say("the ledger knows no document “{name}”", name=name)
        found = meant if found is None else {id_: found[id_] for id_ in found if id_ in meant}
    if not found:
        return say("what is given means different documents")
    if len(found) > 1:
        ids = "、".join(sorted(id_[:8] for id_ in found))
        return say("it may be several documents: {ids}", ids=ids)
    (document,) = found.values()
    if not document.is_own:
        return say("it came from outside: enter its change by dingmi-mark source change")
    return DocumentRef(document.document_id, document.id, document.approval_number)


def _named(name: str, item: NoticeItem, desk: NoticeDesk) -> list[KnownDocument]:
    known = desk.known
    if name == item.title:
        return [one for one in known.documents if _has_title(one, name, desk)]
    if name == item.document_id:
        beginning = name.lower()
        own = [one for one in known.documents if one.document_id.startswith(beginning)]
        return [one for one in own if one.in_force and len(name) >= 8] or list(known.named(name))
    return list(known.named(name))


def _has_title(document: KnownDocument, title: str, desk: NoticeDesk) -> bool:
    if not document.is_own or not document.in_force:
        return False
    given = desk.records.get(document.approval_number)
    found = given.draft.title if given else titled(document, desk.office).title
    return bool(found) and plain(found) == plain(title)


def record_of(document: DocumentRef, desk: NoticeDesk) -> ApprovalRecord:
    """Return the record a document was marked by. Raises NoticeItemsUnclear, RecordUnknown."""
    number = document.approval_number
    record = desk.records.get(number)
    if record is None:
        record = find_record(desk.office.approvals, number).record
    digests = {
        one.intended.approval_digest
        for one in desk.ledger.done_for(document.document_id)
        if one.intended.marking_id == document.marking_id
    }
    if approval_digest(record) not in digests:
        fault = Fault(number, say("its record is not as it was when the document was marked"))
        raise NoticeItemsUnclear(count=1, faults=(fault,))
    return record


def sign_notice(
    filed: FiledNotice,
    key: SigningKey,
    make_signer: Callable[[], Signer],
    desk: NoticeDesk,
) -> tuple[CheckedNotice, Path]:
    """Check a notice, sign it, keep it in the office and register it in the ledger.

    Raises NoticeItemsUnclear, ChangeRefused, NoticeExists, KeyUnusable, PassphraseWrong.
    """
    refuse_if_registered(filed, desk)
    checked = check_notice(filed, desk)
    refuse_unclear(checked)
    now = clock.now()
    refuse_if_clock_set_back(desk.ledger, now)
    message = statement_bytes(
        *(NOTICE, desk.ledger.office_id, checked.digest, key.holder, key.key_id, now)
    )
    value = make_signer().sign(message)
    signature = NoticeSignature(key.holder, key.key_id, key.algorithm, now, value)
    signed = replace(filed, signatures=(signature,))
    kept = keep_notice(signed, desk.office.folder)
    desk.ledger.append(_entry(checked, (key.key_id,), now))
    return replace(checked, filed=signed), kept


def refuse_if_registered(filed: FiledNotice, desk: NoticeDesk) -> None:
    """Raise NoticeExists where the number is taken: by the ledger, or a file a crash left."""
    number = filed.notice.number
    if desk.ledger.acts(NoticeRegistered, subject=number):
        raise NoticeExists(number=number)
    left = kept_notice(desk.office.folder, number)
    if left.exists() and notice_digest(read_notice(left)) == notice_digest(filed):
        # Kept, and then the program was stopped before the ledger heard of it.
        left.unlink()


def refuse_unclear(checked: CheckedNotice) -> None:
    """Raise NoticeItemsUnclear or ChangeRefused with all that stands against the notice."""
    unclear = [one for one in checked.items if one.trouble is not None]
    if unclear:
        faults = tuple(Fault(one.item.names[0], one.trouble) for one in unclear if one.trouble)
        raise NoticeItemsUnclear(count=len(unclear), faults=faults)
    findings = tuple(_against(checked))
    if findings:
        raise ChangeRefused(findings=findings)


def lacks_records(checked: CheckedNotice) -> bool:
    """Tell whether the record of a document that is meant is neither in the office nor given."""
    return any(one.document is not None and one.record is None for one in checked.items)


def _against(checked: CheckedNotice) -> Iterator[Fault]:
    for one in checked.items:
        for finding in refusals(one.findings):
            place = f"{one.item.names[0]} {finding.citation}"
            yield Fault(place, finding.message)


def _entry(checked: CheckedNotice, key_ids: tuple[str, ...], now: str) -> NoticeRegistered:
    notice = checked.filed.notice
    return NoticeRegistered(
        notice_number=notice.number,
        kind=notice.kind.value,
        decided_by=notice.decided_by,
        right=notice.right.value,
        day=notice.day.isoformat(),
        notice_digest=checked.digest,
        key_ids=key_ids,
        documents=tuple(one.document.document_id for one in checked.items if one.document),
        at=now,
    )


def registered_notice(named: str, desk: NoticeDesk) -> CheckedNotice:
    """Return a notice that was signed, by its number or its file, with its items found anew.

    Raises NoticeUnknown, NoticeAltered where file, ledger and signature do not agree.
    """
    path = Path(named)
    number = read_notice(path).notice.number if path.is_file() else named
    entries = desk.ledger.acts(NoticeRegistered, subject=number)
    kept = kept_notice(desk.office.folder, number)
    if not entries or not kept.is_file():
        raise NoticeUnknown(number=number)
    filed, (_, entry) = read_notice(kept), entries[-1]
    if notice_digest(filed) != entry.notice_digest:
        raise NoticeAltered(str(kept), number=number, cause=say("its text was changed"))
    cause = _bad_signature(filed, entry, desk)
    if cause is not None:
        raise NoticeAltered(str(kept), number=number, cause=cause)
    checked = check_notice(filed, desk)
    found = tuple(one.document.document_id for one in checked.items if one.document)
    if found != entry.documents:
        cause = say("it means other documents than when it was signed")
        raise NoticeAltered(str(kept), number=number, cause=cause)
    return checked


def _bad_signature(filed: FiledNotice, entry: NoticeRegistered, desk: NoticeDesk) -> Message | None:
    """Say why the notice's signature does not count; None where it does."""
    if tuple(one.key_id for one in filed.signatures) != entry.key_ids or not entry.key_ids:
        return say("it bears other signatures than the ledger names")
    for one in filed.signatures:
        key = desk.trust.register.key(one.key_id)
        if key is None:
            return say("the key {key} is not enrolled", key=one.key_id)
        if (doubt := desk.trust.doubt(key)) is not None:
            return doubt
        told = (NOTICE, desk.ledger.office_id, entry.notice_digest, one.signer, one.key_id, one.at)
        good = verify(key.algorithm, key.public_key, statement_bytes(*told), one.value)
        if not good or key.holder != one.signer:
            return say("its signature does not fit")
    return None
