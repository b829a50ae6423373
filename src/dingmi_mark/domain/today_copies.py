"""Which copies and periods wait: provisional marks, 清退, 保密期限届满, and keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dingmi_mark.domain.copies import DoneCopy, receiver_of, returns_by_copy
from dingmi_mark.domain.due import DueKind, due_within_months
from dingmi_mark.domain.keys import SigningKey
from dingmi_mark.domain.office_time import office_day
from dingmi_mark.domain.procedure import Waiting
from dingmi_mark.domain.provisional import ProvisionalCopy, ProvisionalState
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import (
    KEY_DAYS,
    PROGRAM,
    SOON_DAYS,
    Item,
    OpenRecord,
    Section,
    Situation,
    Viewer,
    who_for,
)
from dingmi_mark.domain.today_records import STEPS, command_for
from dingmi_mark.messages import say


def provisional_marks(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    records = {one.record.number: one for one in situation.records}
    standing: dict[str, list[ProvisionalCopy]] = {}
    for copy in situation.provisional:
        number = copy.intended.approval_number
        one = records.get(number)
        if copy.state in (ProvisionalState.TO_RECALL, ProvisionalState.ENDING):
            yield _recalled(copy, situation, viewer)
        elif copy.state is ProvisionalState.STANDING:
            if one is None or one.waiting is Waiting.CORRECTION or _rests_elsewhere(copy, one):
                yield _recalled(copy, situation, viewer)
            else:
                standing.setdefault(number, []).append(copy)
    for number, copies in standing.items():
        yield from _in_time(records[number], min(c.until for c in copies), situation, viewer)


def _rests_elsewhere(copy: ProvisionalCopy, one: OpenRecord) -> bool:
    """The record was handed in again with other values."""
    return bool(one.basis) and copy.intended.approval_digest != one.basis


def _in_time(one: OpenRecord, until: date, situation: Situation, viewer: Viewer) -> Iterator[Item]:
    """A mark past its last day, or near it: what helps is the next step of its record."""
    if until - situation.day > timedelta(days=SOON_DAYS):
        return
    step = one.waiting.value
    over = until < situation.day
    yield Item(
        Section.PROVISIONAL_OVER if over else Section.PROVISIONAL_SOON,
        one.record.number,
        say("provisional mark to {day}: “{step}”", day=str(until), step=step),
        command_for(one, situation, viewer),
        frozenset({Role.SECURITY, STEPS[one.waiting][1]}),
        until if over else None,
        title=one.record.draft.title,
    )


def _recalled(copy: ProvisionalCopy, situation: Situation, viewer: Viewer) -> Item:
    intended = copy.intended
    ended = office_day(copy.ended.at) if copy.ended else None
    what = say("provisional copy {copy} holds no longer", copy=copy.name)
    command = _return_command(intended.approval_number, copy.name, situation, viewer)
    roles = frozenset({Role.SECURITY})
    return Item(Section.RECALL, intended.approval_number, what, command, roles, ended)


def copies_to_recall(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    """清退: copies whose recall day is over and that did not come back."""
    due = {
        one.record.number: one.record
        for one in situation.records
        if one.record.draft.recall_day is not None and one.record.draft.recall_day < situation.day
    }
    for copy in _out(situation):
        record = due.get(copy.approval_number)
        if record is None:
            continue
        receiver = receiver_of(record.draft, copy.copy_number)
        name = copy.copy_number or "—"
        what = (
            say("copy {copy}, with {receiver}", copy=name, receiver=receiver)
            if receiver
            else say("copy {copy}", copy=name)
        )
        command = _return_command(record.number, copy.copy_number, situation, viewer)
        roles = frozenset({Role.SECURITY})
        day, title = record.draft.recall_day, record.draft.title
        yield Item(Section.RECALL, record.number, what, command, roles, day, title=title)


def periods_ending(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    """国家秘密解密暂行办法(2020)第四条: 保密期限届满提醒 (R45); 法24: 期满自行解密."""
    roles = frozenset({Role.SECURITY, Role.OFFICER})
    for due in due_within_months(situation.secrets, situation.day, situation.reminder_months):
        last, count, number = due.last, due.secret.out, due.secret.approval_number
        if last is None or not count:
            continue  # what waits for a condition is looked at in the review of the year
        # What was notified in writing has no copies in the register.
        command: tuple[str, ...] = (PROGRAM, "copies", "list", number)
        if due.secret.notified:
            command = (PROGRAM, "due")
        if due.kind is DueKind.OVER:
            what = say(
                "period over since {day}: released by itself, {count} copies out",
                day=str(last),
                count=count,
            )
            yield Item(Section.PERIOD_OVER, number, what, command, roles, last)
        else:
            what = say("last secret day {day}: release, or extend before it", day=str(last))
            yield Item(Section.PERIOD_ENDING, number, what, command, roles)


def _out(situation: Situation) -> Iterator[DoneCopy]:
    back = returns_by_copy(situation.returned)
    return (c for c in situation.done if (c.approval_number, c.copy_number) not in back)


def _return_command(
    number: str, copy: str, situation: Situation, viewer: Viewer
) -> tuple[str, ...]:
    who = who_for(Role.SECURITY, situation, viewer)
    names = (copy,) if copy else ()
    return (PROGRAM, "copies", "return", number, *names, "--by", who, "--how", "收回")


def waiting_keys(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    for key in situation.keys.keys:
        if key.revoked_at:
            continue
        if not key.confirmed_at:
            who = who_for(Role.SECURITY, situation, viewer)
            command = (PROGRAM, "key", "confirm", key.key_id, "--as", who)
            what = say(
                "key of {name} ({role}): to be confirmed", name=key.holder, role=key.role.value
            )
            offered = office_day(key.offered_at)
            yield Item(Section.KEYS, key.key_id, what, command, frozenset({Role.SECURITY}), offered)
        elif _ends_soon(key, situation):
            command = (PROGRAM, "key", "new", key.holder, "--role", key.role.value)
            what = say("key of {name}: last day {day}", name=key.holder, day=str(key.expires))
            yield Item(
                Section.KEYS, key.key_id, what, command, frozenset({key.role, Role.SECURITY})
            )


def _ends_soon(key: SigningKey, situation: Situation) -> bool:
    """Tell whether a key ends within a month and the person has no newer one in that role."""
    if key.expires is None or key.expires - situation.day > timedelta(days=KEY_DAYS):
        return False
    newest = situation.keys.of(key.holder, key.role)
    return bool(newest) and newest[0].key_id == key.key_id
