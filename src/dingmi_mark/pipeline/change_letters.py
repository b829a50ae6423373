"""Letters of a notice: to those who hold copies, or to the organ that alone may decide."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.change import ChangeKind, ChangeNotice, ChangeRight
from dingmi_mark.domain.change_letters import (
    ChangeLetter,
    ToldDocument,
    day_text,
    holders_of,
    last_day_told,
    letters_of,
    mark_told,
    new_values_told,
    start_told,
    what_to_do,
    without_receiver,
)
from dingmi_mark.domain.changes import standing_after
from dingmi_mark.domain.known import KnownDocument
from dingmi_mark.domain.law import Citation, Theme
from dingmi_mark.domain.ledger_changes import NoticeTold
from dingmi_mark.domain.rules.examining import refusals
from dingmi_mark.domain.terms import Marking
from dingmi_mark.errors import (
    DingmiError,
    NobodyToTell,
    NoCopies,
    OutputExists,
    SuggestionNotFitting,
)
from dingmi_mark.forms.definition import SHIPPED, Form, read_form
from dingmi_mark.forms.filled import Filled
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.evidence import changes_of
from dingmi_mark.pipeline.known import titled
from dingmi_mark.pipeline.notices import (
    CheckedItem,
    CheckedNotice,
    NoticeDesk,
    check_notice,
    refuse_unclear,
)
from dingmi_mark.pipeline.printing import made_form
from dingmi_mark.pipeline.replacing import make_folder
from dingmi_mark.pipeline.returning import copies_of
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.approvals import approval_digest
from dingmi_mark.store.new_file import new_file

if TYPE_CHECKING:
    from dingmi_mark.domain.approval import ApprovalRecord
    from dingmi_mark.domain.notices import FiledNotice, NoticeItem

LETTERS: Final = SHIPPED / "letters"
_NOTIFYING: Final = ("change-notice", "release-notice")
_UNFIT: Final = re.compile(r"[^\w（）()-]+")
_MOST_IN_NAME: Final = 40


@dataclass(frozen=True)
class WrittenLetter:
    """A letter that was written: to whom, where, and what the unit's own form has no cell for."""

    receiver: str
    file: Path
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """All letters of a notice, and the documents of which no receiver is known."""

    letters: tuple[WrittenLetter, ...]
    untold: tuple[str, ...]


def write_letters(checked: CheckedNotice, folder: Path, desk: NoticeDesk) -> Told:
    """Write a letter for every receiver into the folder, all or none; the ledger hears of them.

    Raises NoticeItemsUnclear, ChangeRefused, NobodyToTell, OutputExists, and what forms do.
    """
    refuse_unclear(checked)
    documents = tuple(_told_document(one, checked, desk) for one in checked.items)
    letters = letters_of(documents)
    if not letters:
        raise NobodyToTell(number=checked.filed.notice.number)
    form = read_form("change-letter", LETTERS)
    basis = _notifying_basis(checked.filed.notice, desk)
    made = [
        (one.receiver, made_form(form, _letter(one, checked, basis, desk), desk.office))
        for one in letters
    ]
    targets = [folder / _file_name(place, one.receiver) for place, one in enumerate(letters, 1)]
    for target in targets:
        if target.exists() or target.is_symlink():
            raise OutputExists(str(target))
    make_folder(folder)
    untold = without_receiver(documents)
    with ExitStack() as undo:
        for target, (_, paper) in zip(targets, made, strict=True):
            with new_file(target) as stream:
                stream.write(paper.content)
            undo.callback(target.unlink, missing_ok=True)
        digests = tuple(_sm3(paper.content) for _, paper in made)
        desk.ledger.append(_entry(checked, digests, untold))
        undo.pop_all()
    written = zip(made, targets, strict=True)
    return Told(
        tuple(WrittenLetter(name, file, paper.left_out) for (name, paper), file in written),
        tuple(one.document_number or one.document_id[:8] for one in untold),
    )


def _sm3(content: bytes) -> str:
    return f"sm3:{hashlib.new('sm3', content).hexdigest()}"


def _entry(
    checked: CheckedNotice, digests: tuple[str, ...], untold: tuple[ToldDocument, ...]
) -> NoticeTold:
    return NoticeTold(
        notice_number=checked.filed.notice.number,
        notice_digest=checked.digest,
        receivers=len(digests),
        letters=digests,
        untold=tuple(one.document_id for one in untold),
        at=clock.now(),
    )


def _told_document(one: CheckedItem, checked: CheckedNotice, desk: NoticeDesk) -> ToldDocument:
    """A document as it stood before the notice, whether or not files were re-marked since."""
    assert one.document is not None and one.record is not None, "what is unclear was refused"
    number = checked.filed.notice.number
    changes = changes_of(one.document.document_id, desk.ledger)
    earlier = takewhile(lambda change: change.notice_number != number, changes)
    draft, approval = one.record.draft, one.document.approval_number
    try:
        copies = copies_of(approval, desk.office, desk.ledger)
    except NoCopies:
        copies = ()
    return ToldDocument(
        document_id=one.document.document_id,
        document_number=draft.document_number,
        title=_title(one.record, desk),
        before=standing_after(one.record, earlier),
        holders=holders_of(draft, copies),
    )


def _title(record: ApprovalRecord, desk: NoticeDesk) -> str:
    """Return the title where the office's own tree has the record; else it stays for the pen."""
    try:
        kept = find_record(desk.office.approvals, record.number).record
    except DingmiError:
        return ""
    return record.draft.title if approval_digest(kept) == approval_digest(record) else ""


def _notifying_basis(notice: ChangeNotice, desk: NoticeDesk) -> str:
    """Return the provision that asks for the letter, and how sure it is."""
    for name in _NOTIFYING:
        row = desk.lawbook.row(name, notice.day)
        if row is not None and notice.kind.value in row.words("kinds"):
            return cited(row.citation)
    return "法律没有要求书面通知的（自行解密、公布解密），由本单位决定通知"


def _letter(letter: ChangeLetter, checked: CheckedNotice, basis: str, desk: NoticeDesk) -> Filled:
    notice = checked.filed.notice
    scope = notice.new.scope if notice.kind is not ChangeKind.PARTLY_RELEASED else ()
    values = {
        "受通知者": letter.receiver,
        "依据文号": notice.number,
        "决定日期": day_text(notice.day),
        "决定的机关、单位": notice.decided_by,
        "种类": notice.kind.value,
        "通知依据": basis,
        "变更后的知悉范围": "、".join(scope),
        "解除的密点": "、".join(notice.items),
        "原件怎样办": what_to_do(notice.kind),
        "通知单位": desk.office.name,
        "通知日期": day_text(clock.today()),
    }
    rows = tuple(
        {
            "文号": document.document_number,
            "标题": document.title,
            "所持份号": "、".join(copies),
            "原标志": document.before.text,
            "现标志": mark_told(document.before, notice),
            "自何日起": start_told(document.before, notice),
            "最后保密日": last_day_told(document.before, notice),
        }
        for document, copies in letter.documents
    )
    said = {name: value for name, value in values.items() if value}
    return Filled(said, {"有关文件": rows})


def cited(citation: Citation) -> str:
    """Return a provision with how sure it is: `保守国家秘密法(2024)第二十三条（法律）`."""
    return f"{citation}（{citation.certainty.value}）"


def _file_name(place: int, receiver: str) -> str:
    return f"{place:02d}-{_UNFIT.sub('', receiver)[:_MOST_IN_NAME]}.docx"


# ── a suggestion, where the right to decide is another organ's ───────────────────────────────


@dataclass(frozen=True)
class Suggestion:
    """A letter of suggestion that was made: to whom, and what the unit's form has no cell for."""

    content: bytes
    originator: str
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Suggested:
    """One document of a suggestion: who decided it at first, how it is called and marked."""

    originator: str
    document_number: str
    title: str
    mark: str
    basis: str


def make_suggestion(filed: FiledNotice, desk: NoticeDesk) -> Suggestion:
    """Make the 建议函 to the organ that decided at first (条例22, R42).

    Raises SuggestionNotFitting where anything but the right to decide stands against the notice.
    """
    notice = filed.notice
    faults = list(_notice_unfit(notice))
    found: list[_Suggested] = []
    for one in check_notice(filed, desk).items:
        result = _suggested(one, notice, desk)
        if isinstance(result, _Suggested):
            found.append(result)
        else:
            faults += (Fault(one.item.names[0], cause) for cause in result)
    if not faults and len({one.originator for one in found}) > 1:
        names = "、".join(dict.fromkeys(one.originator for one in found))
        faults.append(Fault(notice.number, say("several organs decided: {names}", names=names)))
    if faults:
        raise SuggestionNotFitting(faults=tuple(faults))
    form: Form = read_form("suggestion-letter", LETTERS)
    paper = made_form(form, _suggestion(notice, found), desk.office)
    return Suggestion(paper.content, found[0].originator, paper.left_out)


def _notice_unfit(notice: ChangeNotice) -> Iterator[Fault]:
    if notice.right is not ChangeRight.OTHER:
        cause = say("it says that the right is “{right}”, not 其他", right=notice.right.value)
        yield Fault(notice.number, cause)
    if not notice.reason:
        yield Fault(notice.number, say("a suggestion gives its reason"))


def _suggested(
    one: CheckedItem, notice: ChangeNotice, desk: NoticeDesk
) -> _Suggested | list[Message]:
    """Return a document another organ decided on, or what keeps it from a suggestion."""
    outside = _from_outside(one.item, desk)
    if outside is not None:
        return _of_outside(outside, notice, desk)
    if one.trouble is not None or one.standing is None or one.record is None:
        return [one.trouble or say("it is not clear which document is meant")]
    stopped = refusals(one.findings)
    others = [finding.message for finding in stopped if finding.theme is not Theme.AUTHORITY]
    if others:
        return others
    originator = one.record.decided_by
    organ = next((finding for finding in stopped if finding.rule == "change-organ"), None)
    if organ is None or originator == notice.decided_by:
        return [say("“{organ}” decided it at first and changes it itself", organ=originator)]
    number, title = one.record.draft.document_number, _title(one.record, desk)
    return _Suggested(originator, number, title, one.standing.text, cited(organ.citation))


def _from_outside(item: NoticeItem, desk: NoticeDesk) -> KnownDocument | None:
    """Return the one document from outside that an item means by all that it gives."""
    found = [{one.id: one for one in desk.known.named(name)} for name in item.names]
    shared = set.intersection(*(set(each) for each in found)) if found else set()
    if len(shared) != 1:
        return None
    document = found[0][shared.pop()]
    return None if document.is_own else titled(document, desk.office)


def _of_outside(
    document: KnownDocument, notice: ChangeNotice, desk: NoticeDesk
) -> _Suggested | list[Message]:
    if document.is_over_on(notice.day):
        return [say("by the ledger it is no state secret any more")]
    if not document.organ:
        return [say("the ledger does not know which organ decided it")]
    if document.organ == notice.decided_by:
        return [say("“{organ}” decided it at first and changes it itself", organ=document.organ)]
    row = desk.lawbook.row("change-organ", notice.day)
    level, period = document.level, document.period
    mark = Marking(level, period).text if period else level.value
    basis = cited(row.citation) if row is not None else ""
    return _Suggested(document.organ, document.document_number, document.title, mark, basis)


def _suggestion(notice: ChangeNotice, found: list[_Suggested]) -> Filled:
    values = {
        "原定密机关、单位": found[0].originator,
        "建议的机关、单位": notice.decided_by,
        "建议日期": day_text(notice.day),
        "建议函文号": notice.number,
        "建议的内容": new_values_told(notice),
        "理由": notice.reason,
        "建议的依据": found[0].basis,
        "承办人": notice.proposed_by.name,
        "定密责任人": notice.officer.name if notice.officer else "",
    }
    rows = tuple(
        {"文号": one.document_number, "标题": one.title, "现有标志": one.mark} for one in found
    )
    return Filled(values, {"有关文件": rows})
