"""What is to be said of a file with a provisional mark (拟定): for which record, until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dingmi_mark.domain.approval import Decision
from dingmi_mark.domain.label import is_provisional
from dingmi_mark.domain.provisional import ProvisionalCopy, ProvisionalState
from dingmi_mark.errors import RecordUnknown
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.evidence import Evidence
from dingmi_mark.pipeline.retiring import known_provisional
from dingmi_mark.pipeline.signing import proposal_digest
from dingmi_mark.pipeline.verdicts import Agreement, CheckLine
from dingmi_mark.store.approval_tree import find_record


def provisional_lines(
    evidence: Evidence, sm3: str, desk: Desk | None
) -> tuple[CheckLine, ...] | None:
    """Return what agrees and what not of a provisional mark; None for a file without one.

    `sm3` is the digest of the file's bytes. Raises what reading the record of the office does.
    """
    label = evidence.label
    if label is None or not is_provisional(label):
        return None
    number = str(label["approval"]["number"])
    if desk is None:
        return (_stands(number, str(label.get("until", ""))),)
    known = known_provisional(desk.ledger, number)
    ours = [c for c in known if c.intended.copy_id == label["marking"]["copy_id"] and c.made]
    if not ours:
        return (_contradicts(say("The ledger of this office does not know this file.")),)
    copy = next((c for c in reversed(ours) if c.made and c.made.marked_sm3 == sm3), ours[-1])
    lines = (*_content(copy, evidence, sm3), *_time(copy, label, desk), *_ended(copy, desk))
    stands = all(line.agreement is Agreement.AGREES for line in lines)
    return (*lines, _stands(number, copy.intended.until)) if stands else lines


def _content(copy: ProvisionalCopy, evidence: Evidence, sm3: str) -> Iterator[CheckLine]:
    assert copy.made is not None, "only copies that were made are compared"
    if copy.made.marked_sm3 == sm3:
        says = say("The file is, byte for byte, the one the ledger knows.")
        yield CheckLine(Agreement.AGREES, says)
    elif copy.made.content_digest == evidence.draft.content_digest:
        says = say("Another program has saved the file anew; its content is the same.")
        yield CheckLine(Agreement.AGREES, says)
    else:
        yield _contradicts(say("The content of the file was changed after marking."))


def _time(copy: ProvisionalCopy, label: Mapping[str, Any], desk: Desk) -> Iterator[CheckLine]:
    if label.get("until") != copy.intended.until:
        yield _contradicts(
            say(
                "{what}: the file says {found}, the ledger {wanted}.",
                what=say("last day"),
                found=str(label.get("until")),
                wanted=copy.intended.until,
            )
        )
    if date.fromisoformat(copy.intended.until) < desk.today:
        day = copy.intended.until
        yield _contradicts(say("The provisional mark was to stand until {day} only.", day=day))


def _ended(copy: ProvisionalCopy, desk: Desk) -> Iterator[CheckLine]:
    number = copy.intended.approval_number
    if copy.state is not ProvisionalState.STANDING:
        yield _contradicts(
            say(
                "The provisional mark holds no longer ({number}): hand the file back.",
                number=number,
            )
        )
        return
    try:
        record = find_record(desk.office.approvals, number).record
    except RecordUnknown:
        return
    if record.is_approved:
        yield _contradicts(
            say("The record {number} is approved: the ★ mark is due.", number=number)
        )
    elif record.decision is not None and record.decision.decision is Decision.RETURNED:
        yield _contradicts(
            say("The record {number} was returned: hand the file back.", number=number)
        )
    elif proposal_digest(record) != copy.intended.approval_digest:
        yield _contradicts(
            say(
                "The record {number} was handed in again with other values since: put the "
                "provisional mark anew (mark --provisional), and hand this file back.",
                number=number,
            )
        )


def _stands(number: str, until: str) -> CheckLine:
    says = say(
        "Provisional mark (拟定) for the record {number}, until {day}; it is no ★ mark.",
        number=number,
        day=until,
    )
    return CheckLine(Agreement.AGREES, says)


def _contradicts(says: Message) -> CheckLine:
    return CheckLine(Agreement.CONTRADICTS, says)
