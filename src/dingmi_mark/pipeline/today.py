"""Gather the facts of one day: the approvals tree, the ledger, who is who. Nothing is cached."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import RecordStatus
from dingmi_mark.domain.following import waiting
from dingmi_mark.domain.known import Known
from dingmi_mark.domain.law import Lawbook
from dingmi_mark.domain.ledger_provisional import CopyReturned
from dingmi_mark.domain.plan import copy_numbers
from dingmi_mark.domain.procedure import Waiting, waiting_for
from dingmi_mark.domain.provisional import ProvisionalState
from dingmi_mark.domain.rules.authority import another_organ_decides
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import OpenRecord, Situation, Unreadable
from dingmi_mark.errors import SignatureRefused
from dingmi_mark.messages import Message
from dingmi_mark.pipeline.known import known_documents
from dingmi_mark.pipeline.retiring import known_provisional
from dingmi_mark.pipeline.reviews import reviews_open, statistics_due
from dingmi_mark.pipeline.secrets import secrets_of
from dingmi_mark.pipeline.signing import proposal_digest, refuse_bad_signatures
from dingmi_mark.pipeline.trust import Trust, trust_of
from dingmi_mark.store.approval_tree import Glance, KeptRecord, all_records
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.office import DraftsAfter, Office

if TYPE_CHECKING:
    from dingmi_mark.domain.keys import KeyRegister
    from dingmi_mark.store.ledger import Ledger


def situation_of(office: Office, ledger: Ledger, today: date, now: str) -> Situation:
    """Read what `today` is picked from; a record that cannot be read is told, never left out.

    Of what was marked long ago, and has no day of recall, only a glance is taken.
    """
    trust, lawbook = trust_of(ledger), read_lawbook(office.profile)
    secrets = secrets_of(ledger).secrets
    known = known_documents(ledger)
    provisional = known_provisional(ledger)
    standing = {
        copy.intended.approval_number
        for copy in provisional
        if copy.state is ProvisionalState.STANDING
    }
    done = tuple(ledger.done_copies())
    made = Counter(copy.approval_number for copy in done)
    unnumbered = {copy.approval_number for copy in done if not copy.copy_number}

    def is_finished(seen: Glance) -> bool:
        decided = seen.status == RecordStatus.DECIDED.value and not seen.is_recalled
        whole = seen.number in unnumbered or made[seen.number] >= max(1, seen.copies)
        return decided and whole and seen.number not in standing

    records: list[OpenRecord] = []
    unreadable: list[Unreadable] = []
    for found in all_records(office.approvals, without=is_finished):
        if isinstance(found, KeptRecord):
            one = _record(found, office, standing, lawbook, today, known)
            number = found.record.number
            is_marked = number in unnumbered or made[number] >= len(copy_numbers(found.record))
            records.append(one if is_marked else _with_doubt(one, trust, ledger, now))
        else:
            place, error = found
            unreadable.append(Unreadable(_shown(Path(error.where or place)), error.message))
    return Situation(
        day=today,
        records=tuple(records),
        unreadable=tuple(unreadable),
        done=done,
        returned=tuple(entry for _, entry in ledger.acts(CopyReturned)),
        provisional=provisional,
        keys=trust.register,
        people=_people(office, trust.register, today),
        reminder_months=office.policies.reminder_months,
        originals_stay=office.policies.drafts_after is DraftsAfter.KEEP,
        secrets=secrets,
        reviews=reviews_open(secrets, ledger, lawbook, today),
        statistics=statistics_due(secrets, ledger, lawbook, today),
        following=waiting(known, lawbook, today, beijing=office.beijing),
    )


def _record(
    kept: KeptRecord,
    office: Office,
    standing: set[str],
    lawbook: Lawbook,
    today: date,
    known: Known,
) -> OpenRecord:
    record = kept.record
    basis = proposal_digest(record) if record.number in standing else ""
    draft = _shown(kept.draft) if kept.draft else ""
    waiting: Waiting = waiting_for(record, office.policies.approval_steps)
    case = Case(record, office.authority, today, office.beijing, lawbook.rows, known=known)
    return OpenRecord(record, waiting, draft, basis, report=_report(case))


def _report(case: Case) -> str:
    """Return the form by which another organ is asked; empty where the unit decides itself."""
    if not another_organ_decides(case):
        return ""
    return "unclear-report" if case.is_unclear else "no-authority-report"


def _with_doubt(one: OpenRecord, trust: Trust, ledger: Ledger, now: str) -> OpenRecord:
    """See whether its signatures still count; what is marked already needs that no longer."""
    try:
        refuse_bad_signatures(one.record, trust, ledger, now)
    except SignatureRefused as error:
        doubt: Message = error.message
        return replace(one, doubt=doubt)
    return one


def _people(office: Office, register: KeyRegister, today: date) -> Mapping[Role, tuple[str, ...]]:
    """Return the names by role: of keys in use, and the officers of the authority table."""
    names: dict[Role, list[str]] = {role: [] for role in Role}
    for key in register.keys:
        if key.is_in_use and not key.expired_on(today):
            names[key.role].append(key.holder)
    names[Role.OFFICER] += (
        officer.name
        for officer in office.authority.officers
        if officer.organ == office.name and officer.span.covers(today)
    )
    return {role: tuple(dict.fromkeys(found)) for role, found in names.items()}


def _shown(path: Path) -> str:
    """Return a path as it can be typed here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
