"""Which records wait, for whom, and the command that takes each to its next step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from dingmi_mark.domain.approval import DraftIdentity, LateField
from dingmi_mark.domain.plan import are_all_made
from dingmi_mark.domain.procedure import Waiting
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import (
    OUT,
    PROGRAM,
    WHICH,
    Item,
    OpenRecord,
    Section,
    Situation,
    Viewer,
    who_for,
)
from dingmi_mark.messages import Message, say


def unreadable_records(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    for one in situation.unreadable:
        command = (PROGRAM, "approval", "check", one.place)
        yield Item(Section.UNREADABLE, one.place, one.cause, command, frozenset({Role.SECURITY}))


STEPS: Final = {
    Waiting.SECURITY_REVIEW: (Section.REVIEW, Role.SECURITY),
    Waiting.REVIEW: (Section.REVIEW, Role.REVIEWER),
    Waiting.DECISION: (Section.DECISION, Role.OFFICER),
    Waiting.REPLY: (Section.REPLY, Role.SECURITY),
    Waiting.CORRECTION: (Section.RETURNED, Role.DRAFTER),
    Waiting.MARKING: (Section.UNMARKED, Role.DRAFTER),
}


def waiting_records(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    finished = _finished(situation)
    for one in situation.records:
        record, (section, role) = one.record, STEPS[_step(one)]
        if record.number in finished:
            continue
        roles = frozenset({role})
        what = _what(one)
        if one.doubt is not None:
            section, roles, what = Section.DOUBTFUL, frozenset({Role.SECURITY}), one.doubt
        yield Item(
            section,
            record.number,
            what,
            command_for(one, situation, viewer) if one.doubt is None else _look(record.number),
            roles,
            one.since,
            record.proposal.by.name if role is Role.DRAFTER and one.doubt is None else "",
            _not_for(one),
            record.draft.title,
        )


def _step(one: OpenRecord) -> Waiting:
    """Return what it waits for: where another organ is to decide, for that organ's reply."""
    return Waiting.REPLY if one.report and one.waiting is Waiting.DECISION else one.waiting


def _what(one: OpenRecord) -> Message:
    if _step(one) is not one.waiting:
        return say(
            "another organ is to decide it: report it (dingmi-mark form make {form} {number} --out "
            "FILE.docx), then register its reply",
            form=one.report,
            number=one.record.number,
        )
    if one.waiting is Waiting.CORRECTION:
        return say("correct it and hand it in again under this number (approval submit)")
    return say("waits for “{step}”", step=one.waiting.value)


def _finished(situation: Situation) -> frozenset[str]:
    """The numbers under which every copy was made."""
    made: dict[str, set[str]] = {}
    for copy in situation.done:
        made.setdefault(copy.approval_number, set()).add(copy.copy_number)
    return frozenset(
        one.record.number
        for one in situation.records
        if one.waiting is Waiting.MARKING
        and are_all_made(one.record, made.get(one.record.number, set()))
    )


def command_for(one: OpenRecord, situation: Situation, viewer: Viewer) -> tuple[str, ...]:
    """Return the command that takes a record to its next step."""
    number = one.record.number
    match step := _step(one):
        case Waiting.SECURITY_REVIEW | Waiting.REVIEW:
            role = STEPS[step][1]
            who = who_for(role, situation, viewer, _not_for(one))
            return (*_look(number), "--as", who, "--opinion", "同意")
        case Waiting.DECISION:
            who = who_for(Role.OFFICER, situation, viewer, _not_for(one))
            return (*_look(number), "--as", who, "--decision", "同意")
        case Waiting.REPLY:
            who = who_for(Role.SECURITY, situation, viewer, _not_for(one))
            entered = () if one.waiting is Waiting.REPLY else _REPLY
            return (*_look(number), "--as", who, "--reply", *entered)
        case Waiting.CORRECTION:
            return _look(number)
        case Waiting.MARKING:
            return _to_mark(one, situation)
        case _:
            assert_never(step)


_REPLY: Final = ("--organ", "机关", "--reply-number", "文号", "--reply-date", "日期")
"""What is typed of a reply (批复) that the record does not name yet."""


def _to_mark(one: OpenRecord, situation: Situation) -> tuple[str, ...]:
    """Return the command that leads to the mark: blanks are filled in first, in record and draft.

    Where originals may not stay, the draft is named as the office has it: what lies beside the
    record goes along with it.
    """
    draft = one.record.draft
    if draft.late_fields:
        blank = [option for missing, option in _late_options(draft) if missing]
        if blank:
            words = [word for option in blank for word in option]
            return (PROGRAM, "approval", "fill", one.record.number, *words)
        named = ("--approved", one.record.number)
        return (PROGRAM, "mark", draft.files[0] if draft.files else WHICH, *named, "--out", OUT)
    if situation.originals_stay and one.draft:
        return (PROGRAM, "mark", one.draft, "--out", OUT)
    if not draft.files:
        return _look(one.record.number)
    return (PROGRAM, "mark", draft.files[0], "--out", OUT)


def _late_options(draft: DraftIdentity) -> Iterator[tuple[bool, tuple[str, str]]]:
    if LateField.DOCUMENT_NUMBER in draft.late_fields:
        yield not draft.document_number, ("--document-number", "文号")
    if LateField.ISSUE_DAY in draft.late_fields:
        yield draft.issue_day is None, ("--issue-date", "成文日期")


def _not_for(one: OpenRecord) -> frozenset[str]:
    """Nobody reviews or decides what he proposed, nor decides what he reviewed himself."""
    if one.waiting in (Waiting.CORRECTION, Waiting.MARKING) or one.doubt is not None:
        return frozenset()
    record = one.record
    names = {record.proposal.by.name}
    if _step(one) is Waiting.DECISION:
        opinions = (record.review, record.security_review)
        names |= {opinion.by.name for opinion in opinions if opinion is not None}
    return frozenset(names)


def _look(number: str) -> tuple[str, ...]:
    return (PROGRAM, "approval", "review", number)
