"""What `doctor` does for unmarked originals: finish what was begun, say what still lies about."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, assert_never

from dingmi_mark.domain.ledger_drafts import DraftLeft, DraftRegistered
from dingmi_mark.domain.originals import Outcome, as_they_stand
from dingmi_mark.errors import DingmiError, ExitCode, OriginalMissing
from dingmi_mark.messages import say
from dingmi_mark.pipeline.doctor import Diagnosis, Health, Patient
from dingmi_mark.pipeline.leaving import Proof
from dingmi_mark.pipeline.original_words import left_words, reason_words
from dingmi_mark.pipeline.originals_settled import SettledOriginal, settle_originals
from dingmi_mark.pipeline.registering import registered_draft
from dingmi_mark.pipeline.settle import LeftToOthers
from dingmi_mark.store.approval_tree import KeptRecord, all_records
from dingmi_mark.store.office import DraftsAfter, Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


def originals_seen(ledger: Ledger, patient: Patient) -> Iterator[Diagnosis]:
    """Settle originals on their way, register drafts that are not, and tell where all are."""
    for settled in settle_originals(ledger, patient.office.folder, patient.now):
        yield from _settled(settled, patient.office)
    for kept in all_records(patient.office.approvals):
        if isinstance(kept, KeptRecord):
            yield from _registered(kept, ledger, patient)
    yield from _as_they_stand(ledger, patient.office)


def _settled(settled: SettledOriginal, office: Office) -> Iterator[Diagnosis]:
    origin = str(office.folder / settled.leaving.origin)
    match settled.result:
        case Proof(error=None) as proof:
            place = str(office.folder / proof.place) if proof.place else ""
            what = left_words(proof.outcome, origin, place)
            says = say("Was interrupted and is now finished and recorded. {what}", what=what)
            yield Diagnosis(Health.REMARK, says)
        case Proof():
            return  # told below, with all that remain
        case OriginalMissing() as error:
            says = say("{where}: {what}", where=origin, what=error.message)
            yield Diagnosis(Health.PROBLEM, says, error.advice, error.code)
        case LeftToOthers():
            says = say("Another run is at work on it; left alone: {file}", file=origin)
            yield Diagnosis(Health.OK, says)
        case _:
            assert_never(settled.result)


def _registered(kept: KeptRecord, ledger: Ledger, patient: Patient) -> Iterator[Diagnosis]:
    """Register a draft that a crash, or an earlier version of this program, left unregistered."""
    number, digest = kept.record.number, kept.record.draft.digest
    if kept.draft is None or ledger.acts(DraftRegistered, subject=number, file_digest=digest):
        return
    try:
        entry = registered_draft(kept.draft, kept.record, patient.office, patient.now)
    except DingmiError as error:
        says = say("{where}: {what}", where=str(kept.draft), what=error.message)
        yield Diagnosis(Health.REMARK, says, error.advice)
        return
    if digest not in entry.file_digests:
        says = say("The draft beside the record {number} is not the one handed in.", number=number)
        yield Diagnosis(Health.REMARK, says)
        return
    ledger.append(entry)
    says = say("Registered, so that unmarked copies are recognised: {number}", number=number)
    yield Diagnosis(Health.REMARK, says)


def _as_they_stand(ledger: Ledger, office: Office) -> Iterator[Diagnosis]:
    lefts = as_they_stand(left for _, left in ledger.acts(DraftLeft))
    counts = Counter(left.outcome for left in lefts)
    if lefts:
        says = say(
            "Originals without marks: {kept} kept, {archived} in the archive, {deleted} deleted.",
            kept=counts[Outcome.KEPT.value],
            archived=counts[Outcome.ARCHIVED.value],
            deleted=counts[Outcome.DELETED.value],
        )
        yield Diagnosis(Health.OK, says)
    if office.policies.drafts_after is DraftsAfter.KEEP:
        return
    for left in lefts:
        if left.outcome == Outcome.REMAINS.value:
            yield from _remaining(left, office)


def _remaining(left: DraftLeft, office: Office) -> Iterator[Diagnosis]:
    origin = office.folder / left.origin
    if not os.path.lexists(origin):
        return  # somebody took it away meanwhile
    says = say(
        "The original of {number} still lies at {file}: {reason}.",
        number=left.approval_number,
        file=str(origin),
        reason=reason_words(left),
    )
    advice = say("Mend the cause, then run the mark command again.")
    yield Diagnosis(Health.PROBLEM, says, advice, ExitCode.ORIGINAL_REMAINS)
