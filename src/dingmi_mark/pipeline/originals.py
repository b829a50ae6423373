"""The unmarked original after all its copies are made: kept, archived or deleted, and proven.

The ledger hears first what is intended, then it is done, then the ledger gets the proof. Every step
can be done again from wherever a crash stopped it (see `originals_settled`). Nothing is removed
before its bytes were read again where they belong: in the archive, or in the marked copies.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.domain.ledger_drafts import DraftLeaving, DraftLeft, DraftRegistered
from dingmi_mark.domain.originals import Outcome, as_they_stand
from dingmi_mark.errors import (
    ArchiveDiskFull,
    ArchiveNotWritable,
    DingmiError,
    OriginalChanged,
    OriginalHasOtherNames,
    OriginalIsLink,
    OriginalNotRemoved,
    OriginalWithoutMarkedCopy,
    OriginalWriteProtected,
)
from dingmi_mark.messages import say
from dingmi_mark.pipeline.draft_file import DraftBytes, read_bytes_of
from dingmi_mark.pipeline.leaving import Proof, carried_out
from dingmi_mark.pipeline.recorded_paths import inside, recorded
from dingmi_mark.pipeline.verdicts import MarkedCopy, OriginalLeft, Status, Verdict
from dingmi_mark.store.approval_tree import REVIEW_PAGE, draft_in_tree, folder_of
from dingmi_mark.store.office import DraftsAfter, Office

if TYPE_CHECKING:
    from dingmi_mark.pipeline.desk import Desk
    from dingmi_mark.pipeline.tasks import MarkTask
    from dingmi_mark.store.ledger import Ledger

_ANY_SIZE_MIB: Final = 1 << 30

REASONS: Final[Mapping[type[DingmiError], str]] = MappingProxyType(
    {
        OriginalChanged: "changed",
        OriginalHasOtherNames: "other_names",
        OriginalIsLink: "link",
        OriginalWriteProtected: "write_protected",
        OriginalNotRemoved: "not_removed",
        OriginalWithoutMarkedCopy: "marked_copy_missing",
        ArchiveDiskFull: "archive_full",
        ArchiveNotWritable: "archive_not_writable",
    }
)
"""Why an original remains, as the ledger keeps it."""


@dataclass(frozen=True)
class _Original:
    """An unmarked original and the digests it had when it was approved and marked."""

    path: Path
    digests: FileDigests


def leave_originals(
    task: MarkTask, desk: Desk, made: Sequence[MarkedCopy]
) -> tuple[OriginalLeft, ...]:
    """Do with the originals of a draft what the office says; all its copies must be made.

    The draft itself, and the copy that lies beside its record. What cannot be done is told in the
    result and raises nothing: the marks are valid all the same.
    """
    copies = {copy.copy_id: copy for copy in made}
    results = []
    for original in _originals(task, desk, made):
        try:
            left = _leave(original, task, desk, copies)
        except DingmiError as error:
            left = OriginalLeft(original.path, Outcome.REMAINS, error=error)
        if left is not None:
            results.append(left)
    if desk.office.policies.drafts_after is not DraftsAfter.KEEP:
        results += _without_review_page(task.kept.record.number, desk)
    return tuple(results)


def _without_review_page(number: str, desk: Desk) -> Iterator[OriginalLeft]:
    """The page an officer saw shows the unmarked first page: it goes where originals may not stay.

    It can be made again as long as the draft is there, so the ledger has nothing to say of it.
    """
    page = folder_of(desk.office.approvals, number) / REVIEW_PAGE
    try:
        page.unlink(missing_ok=True)
    except OSError as error:
        cause = error.strerror or str(error)
        fault = OriginalNotRemoved(str(page), cause=cause)
        yield OriginalLeft(page, Outcome.REMAINS, error=fault)


def proof_entry(leaving: DraftLeaving, proof: Proof, now: str, *, settled: bool) -> DraftLeft:
    """Return what the ledger keeps of the end of a leaving."""
    return DraftLeft(
        leaving_id=leaving.leaving_id,
        approval_number=leaving.approval_number,
        sm3=leaving.sm3,
        sha256=leaving.sha256,
        outcome=proof.outcome.value,
        reason=REASONS.get(type(proof.error), "other") if proof.error else "",
        origin=leaving.origin,
        place=proof.place,
        origin_gone=proof.origin_gone,
        copies=proof.copies,
        settled=settled,
        at=now,
    )


def originals_of(ledger: Ledger, approval_number: str) -> tuple[DraftLeft, ...]:
    """Return where the originals of an approval are, as the ledger knows it last."""
    acts = ledger.acts(DraftLeft, subject=approval_number)
    return as_they_stand(act for _, act in acts)


def left_earlier(draft: Path, desk: Desk) -> Verdict | None:
    """Tell of a draft that is not there any more because it was marked and left by policy."""
    if os.path.lexists(draft):
        return None
    origin = recorded(draft, desk.office.folder)
    lefts = [left for _, left in desk.ledger.acts(DraftLeft) if left.origin == origin]
    if not lefts or not lefts[-1].origin_gone:
        return None
    left = lefts[-1]
    place = desk.office.folder / left.place if left.place else None
    return Verdict(
        draft,
        Status.UNCHANGED,
        left.approval_number,
        remarks=(say("It was marked earlier; there is nothing to do."),),
        originals=(OriginalLeft(draft, Outcome(left.outcome), place),),
    )


def _originals(task: MarkTask, desk: Desk, made: Sequence[MarkedCopy]) -> Iterator[_Original]:
    """Yield the draft, and the copy in the approvals tree; what is in the archive has its place."""
    office, record = desk.office, task.kept.record
    if not inside(task.draft, office.archive):
        yield _Original(task.draft, _as_marked(desk, made[0]))
    in_tree = draft_in_tree(office.approvals, record)
    if in_tree is not None and os.path.realpath(in_tree) != os.path.realpath(task.draft):
        yield _Original(in_tree, _as_approved(in_tree, record.number, record.draft.digest, desk))


def _as_marked(desk: Desk, copy: MarkedCopy) -> FileDigests:
    known = desk.ledger.marking(copy.marking_id, copy.copy_id)
    assert known is not None, "a copy is made when the ledger knows it"
    return known.intended.draft


def _as_approved(in_tree: Path, number: str, digest: str, desk: Desk) -> FileDigests:
    for _, act in desk.ledger.acts(DraftRegistered, subject=number, file_digest=digest):
        return FileDigests(act.sm3, act.sha256)
    content = _content(in_tree)
    if content is not None and digest in content.names:
        return content.digests
    algorithm, _, known = digest.partition(":")
    return FileDigests(known if algorithm == "sm3" else "", known if algorithm == "sha256" else "")


def _content(path: Path) -> DraftBytes | None:
    try:
        return read_bytes_of(path, most_mib=_ANY_SIZE_MIB)
    except DingmiError:
        return None


def _leave(
    original: _Original, task: MarkTask, desk: Desk, copies: Mapping[str, MarkedCopy]
) -> OriginalLeft | None:
    action = desk.office.policies.drafts_after
    number = task.kept.record.number
    origin = recorded(original.path, desk.office.folder)
    if action is DraftsAfter.KEEP and _is_kept_already(desk.ledger, number, origin, original):
        return None
    leaving = _leaving(original, task, desk, action)
    if action is not DraftsAfter.KEEP:
        desk.ledger.append(leaving)
    paths = {copy_id: copy.path for copy_id, copy in copies.items()}
    proof = carried_out(leaving, desk.office.folder, paths)
    end = proof_entry(leaving, proof, desk.now(), settled=False)
    # Where nothing is to be moved or deleted there is no state in between that a crash could leave.
    desk.ledger.append(*((leaving, end) if action is DraftsAfter.KEEP else (end,)))
    place = desk.office.folder / proof.place if proof.place else None
    return OriginalLeft(original.path, proof.outcome, place, proof.error)


def _is_kept_already(ledger: Ledger, number: str, origin: str, original: _Original) -> bool:
    return any(
        left.outcome == Outcome.KEPT.value
        and (left.place, left.sm3) == (origin, original.digests.sm3)
        for left in originals_of(ledger, number)
    )


def _leaving(original: _Original, task: MarkTask, desk: Desk, action: DraftsAfter) -> DraftLeaving:
    office, number = desk.office, task.kept.record.number
    moved_to = ""
    if action is DraftsAfter.ARCHIVE:
        place = _place_in_archive(office, number, task.draft.name, original.digests)
        moved_to = recorded(place, office.folder)
    deletes = action is DraftsAfter.DELETE
    return DraftLeaving(
        leaving_id=secrets.token_hex(8),
        approval_number=number,
        sm3=original.digests.sm3,
        sha256=original.digests.sha256,
        action=action.value,
        origin=recorded(original.path, office.folder),
        destination=moved_to,
        copies=_marked_copies(desk.ledger, number) if deletes else {},
        runner=desk.runner,
        at=desk.now(),
    )


def _marked_copies(ledger: Ledger, number: str) -> Mapping[str, str]:
    """Return the copies that must be there before an original is deleted."""
    from dingmi_mark.domain.ledger import MarkingState

    return {
        known.intended.copy_id: known.prepared.marked.sm3
        for known in ledger.by_approval(number)
        if known.state is MarkingState.DONE and known.prepared is not None
    }


def _place_in_archive(office: Office, number: str, name: str, digests: FileDigests) -> Path:
    """Return the place in the archive: nothing is overwritten, the same bytes lie there once."""
    folder = folder_of(office.archive, number)
    named = folder / name
    by_digest = named.with_name(f"{named.stem}-{digests.sm3[:16]}{named.suffix}")
    by_chance = named.with_name(f"{named.stem}-{secrets.token_hex(8)}{named.suffix}")
    for place in (named, by_digest):
        if not os.path.lexists(place):
            return place
        found = None if place.is_symlink() else _content(place)
        if found is not None and found.digests == digests:
            return place
    return by_chance
