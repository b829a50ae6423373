"""Compare a draft with the approved one beside its record, and accept what was filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord, LateField
from dingmi_mark.domain.comparison import (
    Comparison,
    Content,
    Difference,
    Part,
    Piece,
    compare,
    narrowed,
)
from dingmi_mark.domain.late_values import LateValues, late_values
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.ledger_drafts import DraftCompleted
from dingmi_mark.errors import (
    ApprovalDigestDiffers,
    DraftDiffers,
    DraftNotComparable,
    DraftNotFilledIn,
    OtherDraftMarked,
)
from dingmi_mark.formats.handlers import handler_for, only_converted
from dingmi_mark.formats.office_convert import find_soffice, to_pdf
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import DraftBytes, read_bytes_of
from dingmi_mark.pipeline.looking import looks_differ
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.store.approval_tree import draft_beside

MOST_TOLD = 20
"""Differences that a terminal shows; the page shows all."""

_LONGEST = 60


_WORDS: Final = frozenset({Part.BODY, Part.EDGE})
"""What of a page is words."""


@dataclass(frozen=True)
class Completion:
    """A draft that was filled in after its approval: the approved one's digest, and what."""

    approved_sm3: str
    fields: tuple[str, ...]

    @property
    def remark(self) -> Message:
        """What the user should know of it."""
        if not self.fields:
            return say("The draft was saved anew; its content is that of the approved one.")
        return say(
            "Filled in after the approval: {fields}. Nothing else differs from the approved draft.",
            fields="、".join(self.fields),
        )


def compare_drafts(approved: Path, given: Path, late: LateValues) -> Comparison:
    """Compare two files, for a worker process.

    Raises DraftNotComparable where they are pictures or of two formats, and the errors of drafts.
    """
    if only_converted(approved) or only_converted(given):
        cause = say("such a file is converted before it is marked; save it as .docx or PDF first")
        raise DraftNotComparable(str(given), cause=cause)
    before, after = handler_for(approved), handler_for(given)
    if before.name != after.name:
        cause = say(
            "a {approved} file was approved, this is {given}: another form is another file",
            approved=before.name,
            given=after.name,
        )
        raise DraftNotComparable(str(given), cause=cause)
    before.inspect(approved)
    after.inspect(given)
    old, new = before.content(approved), after.content(given)
    if old is None or new is None:
        cause = say("nothing can be filled in into pictures after the approval")
        raise DraftNotComparable(str(given), cause=cause)
    found = compare(old, new, late)
    if not old.lines:
        # Saved anew without filling in, the same content is laid out the same.
        settled = found.differences or not found.filled
        return found if settled else _as_laid_out(approved, given, late, found)
    looks = tuple(looks_differ(approved, given, found))
    return replace(found, differences=(*found.differences, *looks))


def _as_laid_out(approved: Path, given: Path, late: LateValues, found: Comparison) -> Comparison:
    """Compare the words that two Word files show on their pages, where LibreOffice is installed.

    What decides whether words are shown stands in many places; on the page all of it comes
    together. Pictures and places are left out: a program that saves a file anew moves them a bit.
    """
    if find_soffice() is None:
        return found
    suffix = handler_for(given).suffixes[0]
    with TemporaryDirectory(prefix="dingmi-compare-") as room:
        folders = [Path(room, name) for name in ("approved", "given")]
        for folder in folders:
            folder.mkdir()
        pages = [
            to_pdf(path, folder, suffix)
            for path, folder in zip((approved, given), folders, strict=True)
        ]
        reader = handler_for(pages[0])
        old, new = (_words_of(reader.content(page)) for page in pages)
        shown = compare(old, new, late)
    return replace(found, differences=shown.differences)


def _words_of(content: Content | None) -> Content:
    assert content is not None, "a PDF has content"
    return replace(content, pieces=tuple(p for p in content.pieces if p.part in _WORDS))


def completion_of(task: MarkTask, content: DraftBytes, desk: Desk) -> Completion:
    """Accept a draft in which only late fields were filled in.

    Raises DraftDiffers with what else differs, DraftNotComparable, ApprovalDigestDiffers.
    """
    record = task.kept.record
    approved = approved_draft(record, task.kept.path, desk.office.approvals)
    before = read_bytes_of(approved, most_mib=desk.office.limits.file_mb)
    if record.draft.digest not in before.names:
        raise ApprovalDigestDiffers(str(approved), record=record.number)
    found = compare_drafts(approved, task.draft, late_values(record))
    if found.differences:
        raise differs(found, record)
    _refuse_blanks(record, found.fields)
    return Completion(before.digests.sm3, tuple(field.value for field in found.fields))


def refuse_unfilled(record: ApprovalRecord) -> None:
    """Refuse the very draft that was approved where its blanks are to be filled in first.

    Raises DraftNotFilledIn.
    """
    _refuse_blanks(record, ())


def _refuse_blanks(record: ApprovalRecord, filled: Sequence[LateField]) -> None:
    """A page number may be nowhere; 文号 and 成文日期 that the record has stand on the paper."""
    named = (f for f in record.draft.late_fields if f is not LateField.PAGE_NUMBERS)
    blank = [field.value for field in named if field not in filled]
    if blank:
        raise DraftNotFilledIn(fields="、".join(blank))


def approved_draft(record: ApprovalRecord, path: Path, tree: Path) -> Path:
    """Return the approved draft beside a record. Raises DraftNotComparable where there is none."""
    found = draft_beside(record, path, tree)
    if found is None:
        cause = say(
            "the approved draft lies beside records in the office's approvals folder only; "
            "there is none beside {record}",
            record=str(path),
        )
        raise DraftNotComparable(cause=cause)
    return found


def refuse_second_draft(record: ApprovalRecord, content: DraftBytes, desk: Desk) -> None:
    """Raise OtherDraftMarked: blank or filled in, only one draft is marked by an approval."""
    if not record.draft.late_fields:
        return
    for known in desk.ledger.by_approval(record.number):
        other = known.intended.draft.sm3 != content.digests.sm3
        if other and known.state is not MarkingState.VOIDED:
            raise OtherDraftMarked(number=record.number)


def completed_act(record: ApprovalRecord, found: Completion, sm3: str, at: str) -> DraftCompleted:
    """Return what the ledger keeps of it: both digests, and which fields."""
    return DraftCompleted(
        record.number, f"sm3:{found.approved_sm3}", f"sm3:{sm3}", found.fields, at
    )


def differs(found: Comparison, record: ApprovalRecord) -> DraftDiffers:
    """Return the error that tells what differs, as much of it as a terminal should show."""
    fields = "、".join(field.value for field in record.draft.late_fields)
    told = [*difference_lines(found.differences)]
    told += [Fault("", each) for each in (another_program(found), still_to_fill(record)) if each]
    return DraftDiffers(fields=fields or say("nothing"), differences=tuple(told))


def another_program(found: Comparison) -> Message | None:
    """Say that another program saved the draft: it writes all of the file anew."""
    if not found.differences or found.makers is None:
        return None
    approved, given = (maker or say("an unknown program") for maker in found.makers)
    return say(
        "the approved draft was saved by {approved}, this one by {given}; such a program writes "
        "all of the file anew, also what nobody changed",
        approved=approved,
        given=given,
    )


def still_to_fill(record: ApprovalRecord) -> Message | None:
    """Say which late values the record has not yet: without them nothing is accepted."""
    values = {
        LateField.DOCUMENT_NUMBER: record.draft.document_number,
        LateField.ISSUE_DAY: record.draft.issue_day,
    }
    named = [late.value for late in record.draft.late_fields if not values.get(late, True)]
    if not named:
        return None
    fields = "、".join(named)
    return say("the record has no {fields} yet: dingmi-mark approval fill NUMBER", fields=fields)


def difference_lines(differences: Iterable[Difference], most: int = MOST_TOLD) -> Iterator[Fault]:
    """Yield each difference with its place and the words before and after."""
    differences = tuple(differences)
    for each in differences[:most]:
        yield Fault("", say("{place}: {what}", place=each.place, what=difference_words(each)))
    if len(differences) > most:
        yield Fault("", say("and {count} more", count=len(differences) - most))


def difference_words(each: Difference) -> Message:
    """Say in a line what differs."""
    if each.what is not None:
        return each.what
    if not each.old:
        return say("added: {new}", new=_cut(each.new))
    if not each.new:
        return say("left out: {old}", old=_cut(each.old))
    one, other = _shown(each.old), _shown(each.new)
    if one == other and any(piece.is_digest for piece in each.new):
        return say("it is another one: {what}", what=one)
    if one == other:
        return say("it stands elsewhere: {what}", what=one)
    before, after = narrowed(one, other)
    return say("approved “{old}”, now “{new}”", old=_shortened(before), new=_shortened(after))


def _shown(pieces: Iterable[Piece]) -> str:
    return " ¶ ".join(piece.words for piece in pieces)


def _cut(pieces: Iterable[Piece]) -> str:
    shown = _shown(pieces).strip(" ¶")
    return _shortened(shown) if shown else "¶"


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"
