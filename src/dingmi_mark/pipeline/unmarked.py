"""Recognise an unmarked copy of a draft that was handed in, approved or marked.

For every file that bears none of our labels: `check` asks, and whoever is about to print. What is
recognised is told by the number of its approval alone.
"""

from __future__ import annotations

import os
from collections.abc import Set
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from dingmi_mark.domain.approval import ApprovalRecord, Decision, SigningStep
from dingmi_mark.domain.ledger import FileDigests, MarkingState
from dingmi_mark.domain.ledger_acts import ApprovalSigned
from dingmi_mark.domain.ledger_changes import ReleaseCopied
from dingmi_mark.domain.ledger_drafts import DraftRegistered, content_name
from dingmi_mark.domain.originals import Outcome
from dingmi_mark.domain.plan import are_all_made
from dingmi_mark.domain.procedure import Waiting, waiting_for
from dingmi_mark.errors import (
    DingmiError,
    UnmarkedProposal,
    UnmarkedReturned,
    UnmarkedSecret,
    UnmarkedSecretLeftOver,
    UnmarkedSecretSavedAnew,
)
from dingmi_mark.pipeline.evidence import changes_of
from dingmi_mark.pipeline.originals import originals_of
from dingmi_mark.pipeline.recorded_paths import inside
from dingmi_mark.store.approval_tree import find_record, folder_of
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


class Standing(IntEnum):
    """How far the approval of a draft has come; what weighs more is told first."""

    RETURNED = 1
    PENDING = 2
    MARKED = 3
    APPROVED = 4


class RegisteredPlace(StrEnum):
    """Where an unmarked original may lie; a copy of what was released may lie anywhere."""

    KEPT = "kept"
    ARCHIVE = "archive"
    APPROVALS = "approvals"
    RELEASED = "released"


@dataclass(frozen=True)
class UnmarkedCopy:
    """What an unmarked file is a copy of.

    `same_bytes`: byte for byte; else only its content is the same, another program saved it.
    `place` is set where the file itself is a registered original, which is no alarm.
    """

    approval_number: str
    standing: Standing
    same_bytes: bool
    place: RegisteredPlace | None = None

    def error(self, file: Path) -> DingmiError:
        """Return the refusal of a file that is such a copy and no registered original."""
        where, number = str(file), self.approval_number
        match self.standing:
            case Standing.APPROVED if self.same_bytes:
                return UnmarkedSecret(where, number=number, file=where)
            case Standing.APPROVED:
                return UnmarkedSecretSavedAnew(where, number=number)
            case Standing.MARKED:
                return UnmarkedSecretLeftOver(where, number=number)
            case Standing.PENDING:
                return UnmarkedProposal(where, number=number)
            case Standing.RETURNED:
                return UnmarkedReturned(where, number=number)
            case _:
                assert_never(self.standing)


def recognise(
    office: Office,
    ledger: Ledger,
    digests: FileDigests,
    content_digest: str = "",
    file: Path | None = None,
) -> UnmarkedCopy | None:
    """Return what a file without our labels is an unmarked copy of, None for what is not known.

    Bytes are asked first, then `content_digest` as handlers give it (empty: not asked). With `file`
    it is also told whether it is a registered original at its place. That a file of the same
    content shows its mark all the same (its labels were lost) is the caller's to see.
    """
    released = released_copy(ledger, digests)
    if released is not None:
        number = released.approval_number
        return UnmarkedCopy(number, Standing.MARKED, True, RegisteredPlace.RELEASED)
    same_bytes = True
    numbers = _by_bytes(ledger, digests)
    if not numbers and content_digest:
        same_bytes = False
        numbers = _by_content(ledger, content_digest)
    found = [
        UnmarkedCopy(number, _standing(office, ledger, number, drafts), same_bytes)
        for number, drafts in numbers.items()
    ]
    if same_bytes and file is not None:
        for copy in found:
            if (place := _place(office, ledger, copy.approval_number, file)) is not None:
                return UnmarkedCopy(copy.approval_number, copy.standing, True, place)
    return max(found, key=lambda copy: copy.standing, default=None)


def released_copy(ledger: Ledger, digests: FileDigests) -> ReleaseCopied | None:
    """Return by what entry a file is a copy without marks of what is released, and still is so."""
    for _, act in reversed(ledger.acts(ReleaseCopied, file_digest=f"sm3:{digests.sm3}")):
        changes = changes_of(act.document_id, ledger)
        if changes and changes[-1].released:
            return act
    return None


def _by_bytes(ledger: Ledger, digests: FileDigests) -> dict[str, set[str]]:
    """Return the approvals that know these bytes, by number, each with its draft's digests."""
    names = {f"sm3:{digests.sm3}", f"sha256:{digests.sha256}"}
    found = {
        act.subject: names
        for name in names
        for _, act in ledger.acts(DraftRegistered, ApprovalSigned, file_digest=name)
    }
    for match in ledger.by_file_digest(digests.sm3):
        if match.role == "draft":
            found[match.record.intended.approval_number] = names
    return found


def _by_content(ledger: Ledger, content_digest: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for _, act in ledger.acts(DraftRegistered, file_digest=content_name(content_digest)):
        found.setdefault(act.approval_number, set()).update(act.file_digests)
    for match in ledger.by_content_digest(content_digest):
        if match.role == "draft":
            intended = match.record.intended
            draft = (f"sm3:{intended.draft.sm3}", f"sha256:{intended.draft.sha256}")
            found.setdefault(intended.approval_number, set()).update(draft)
    return found


def _standing(office: Office, ledger: Ledger, number: str, drafts: Set[str]) -> Standing:
    record = _record(office, number)
    markings = ledger.by_approval(number)
    to_be_marked = {f"sm3:{m.intended.draft.sm3}" for m in markings}
    if record is not None:
        to_be_marked.add(record.draft.digest)
        if to_be_marked.isdisjoint(drafts):
            return Standing.RETURNED
    if markings:
        done = {m.intended.copy_number for m in markings if m.state is MarkingState.DONE}
        whole = are_all_made(record, done) if record is not None else bool(done)
        return Standing.MARKED if whole else Standing.APPROVED
    if record is None:
        return _by_signatures(ledger, number, drafts)
    match waiting_for(record, office.policies.approval_steps):
        case Waiting.MARKING:
            return Standing.APPROVED
        case Waiting.CORRECTION:
            return Standing.RETURNED
        case _:
            return Standing.PENDING


def _record(office: Office, number: str) -> ApprovalRecord | None:
    try:
        return find_record(office.approvals, number).record
    except DingmiError:
        return None


def _by_signatures(ledger: Ledger, number: str, drafts: Set[str]) -> Standing:
    """Where the record is not in the tree, the ledger's last signature says how far it came."""
    signed = [
        act for _, act in ledger.acts(ApprovalSigned, subject=number) if act.draft_digest in drafts
    ]
    if not signed:
        return Standing.PENDING
    match signed[-1]:
        case ApprovalSigned(outcome=Decision.RETURNED.value):
            return Standing.RETURNED
        case ApprovalSigned(step=SigningStep.DECIDED.value | SigningStep.REPLY.value):
            return Standing.APPROVED
        case _:
            return Standing.PENDING


def _place(office: Office, ledger: Ledger, number: str, file: Path) -> RegisteredPlace | None:
    if inside(file, folder_of(office.approvals, number)):
        return RegisteredPlace.APPROVALS
    here = os.path.realpath(file)
    for left in originals_of(ledger, number):
        if left.place and os.path.realpath(office.folder / left.place) == here:
            kept = left.outcome == Outcome.KEPT.value
            return RegisteredPlace.KEPT if kept else RegisteredPlace.ARCHIVE
    return None
