"""`today`: what waits, since when, and the one command for each."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from gettext import gettext
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.grammar import Command, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line
from dingmi_mark.cli.words import command_line, harmless, words
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import Item, Section, Situation, Viewer, people_known
from dingmi_mark.errors import ExitCode, PersonUnknown
from dingmi_mark.messages import N_, Message, say

if TYPE_CHECKING:
    from datetime import date

HELP = N_("See what waits today and for whom, with the command for each.")
MORE = N_(
    "What is overdue comes first. Titles are shown with --titles only. A record that cannot be "
    "read is always listed; the exit code is then that of its fault."
)

SECTIONS: Mapping[Section, str] = MappingProxyType(
    {
        Section.UNREADABLE: N_("Records that cannot be read"),
        Section.DOUBTFUL: N_("Signatures that no longer count"),
        Section.PROVISIONAL_OVER: N_("Provisional marks past their last day"),
        Section.PERIOD_OVER: N_("Secrecy periods that are over"),
        Section.RECALL: N_("Copies to recall"),
        Section.SOURCE_CHANGED: N_("Papers whose source was changed or released"),
        Section.DECISION: N_("To be decided"),
        Section.REVIEW: N_("To be reviewed"),
        Section.REPLY: N_("Replies (批复) to be registered"),
        Section.RETURNED: N_("Returned to the drafter"),
        Section.UNMARKED: N_("Approved and not marked"),
        Section.PROVISIONAL_SOON: N_("Provisional marks near their last day"),
        Section.PERIOD_ENDING: N_("Secrecy periods that end soon"),
        Section.REVIEWED: N_("Reviewed, and not carried out"),
        Section.YEARLY_REVIEW: N_("Review of the year"),
        Section.STATISTICS: N_("Statistics of the year"),
        Section.KEYS: N_("Keys"),
    }
)

_SHOWN = 12


@click.command("today", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    cls=Option,
    help=N_("Only what waits for this role."),
)
@click.option(
    "--as", "name", metavar=N_("NAME"), default="", cls=Option, help=N_("Only what you can do.")
)
@click.option("--titles", is_flag=True, cls=Option, help=N_("Show the titles of papers too."))
@json_option()
@click.pass_obj
def today_command(
    session: Session, role: str | None, name: str, titles: bool, as_json: bool
) -> int:
    """Show what waits."""
    from dingmi_mark.domain.today import waiting_items
    from dingmi_mark.pipeline.today import situation_of

    office = session.office()
    with session.ledger(office) as ledger:
        situation = situation_of(office, ledger, session.today, session.now())
    if name and role is None:
        _refuse_stranger(name, situation)
    items = waiting_items(situation, Viewer(Role(role) if role else None, name))
    code = ExitCode.APPROVAL_INVALID if situation.unreadable else ExitCode.OK
    if as_json:
        shown = [_shown(item, session.today, titles) for item in items]
        tell_json("failed" if code else "ok", code, result={"items": shown})
        return code
    for section, group in groupby(items, key=lambda item: item.section):
        _tell_section(section, tuple(group), session.today, titles)
    if situation.unreadable and not any(i.section is Section.UNREADABLE for i in items):
        count = len(situation.unreadable)
        tell(say("{count} record(s) cannot be read: see dingmi-mark today", count=count))
    elif not items:
        tell(say("Nothing waits today. Have a good day."))
    return code


def _refuse_stranger(name: str, situation: Situation) -> None:
    """Raise PersonUnknown: for a name that is mistyped, nothing would seem to wait."""
    known = people_known(situation)
    if name not in known:
        raise PersonUnknown(name=name, known="、".join(sorted(known)[:_SHOWN]) or "-")


def _tell_section(section: Section, items: Sequence[Item], today: date, titles: bool) -> None:
    head = gettext(SECTIONS[section])
    tell(say("{head} ({count})", head=head, count=len(items)))
    for item in items:
        facts = [harmless(item.number), *_since(item, today), words(item.what)]
        if titles and item.title:
            facts.append(harmless(item.title))
        tell_line("  " + "  ".join(facts))
        tell_line("      " + command_line(item.command))


def _since(item: Item, today: date) -> list[str]:
    days = item.days(today)
    if days is None:
        return []
    message: Message = say("since today") if days <= 0 else say("for {days} day(s)", days=days)
    return [words(message)]


def _shown(item: Item, today: date, titles: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "section": item.section.value,
        "number": os.fspath(item.number),
        "since": item.since.isoformat() if item.since else "",
        "days": item.days(today),
        "what": words(item.what),
        "command": command_line(item.command),
        "roles": sorted(role.value for role in item.roles),
        "person": item.person,
    }
    return {**shown, "title": item.title} if titles else shown
