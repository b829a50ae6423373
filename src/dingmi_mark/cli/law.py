"""`law`: the rules with their words, rows, dates and certainty, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.grammar import Argument, Command, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.errors import ExitCode, RuleUnknown
from dingmi_mark.messages import N_, Message, say

if TYPE_CHECKING:
    from dingmi_mark.domain.law import Lawbook, LawRow
    from dingmi_mark.domain.lawtext import RuleText

_SHORT = 3
"""Up to so many rules are shown whole; of more, a line each."""

LAW_HELP = N_("Show the rules with their provisions and days of effect.")
LAW_MORE = N_(
    "Without names or words all rules are listed. What is no name is searched for, as with "
    "--search: by word, by article (第二十条, 20条), by law, or by certainty."
)


@click.command("law", cls=Command, help=f"{LAW_HELP}\n\n{LAW_MORE}")
@click.argument(
    "rules",
    metavar=N_("RULE"),
    nargs=-1,
    cls=Argument,
    explained=N_("Names of rules, as findings give them (period-limit), or words they have."),
)
@click.option("--search", metavar=N_("WORD"), cls=Option, help=N_("Only rules with these words."))
@click.option(
    "--day",
    metavar=N_("DAY"),
    type=click.DateTime(["%Y-%m-%d"]),
    cls=Option,
    help=N_("Only what was in force on this day (2026-01-10)."),
)
@click.option(
    "--profile",
    metavar=N_("PROFILE"),
    cls=Option,
    help=N_("The profile whose switches are shown; else the office's, else national."),
)
@json_option()
@click.pass_obj
def law_command(
    session: Session,
    rules: tuple[str, ...],
    search: str | None,
    day: datetime | None,
    profile: str | None,
    as_json: bool,
) -> None:
    """Show rules."""
    from dingmi_mark.domain.lawtext import on_day, rules_texts

    lawbook = _lawbook(session, profile)
    texts = rules_texts(lawbook)
    chosen = _chosen(texts, rules)
    if search:
        chosen = _searched(chosen, search)
    if day is not None:
        chosen = tuple(on_day(chosen, day.date()))
    if as_json:
        shown = {"profile": lawbook.profile, "rules": [_shown(text) for text in chosen]}
        tell_json("ok", ExitCode.OK, result=shown)
        return
    by_name = {text.name for text in chosen} == set(rules)
    _tell(chosen, whole=by_name or len(chosen) <= _SHORT)
    tell(
        say(
            "{found} of {total} rule(s); profile {profile}.",
            found=len(chosen),
            total=len(texts),
            profile=lawbook.profile,
        )
    )


def _lawbook(session: Session, profile: str | None) -> Lawbook:
    from dingmi_mark.store.lawbook import read_lawbook

    if profile is not None:
        return read_lawbook(Path(profile) if profile.endswith(".toml") else profile)
    office = session.office_if_any()
    return read_lawbook(office.profile if office else "national")


def _chosen(texts: Sequence[RuleText], asked: tuple[str, ...]) -> tuple[RuleText, ...]:
    """Return the rules of these names; where not all are names, those with all of the words."""
    known = {text.name: text for text in texts}
    if known.keys() >= set(asked):
        return tuple(known[name] for name in dict.fromkeys(asked)) if asked else tuple(texts)
    found = _searched(texts, " ".join(asked))
    if not found:
        near = get_close_matches(" ".join(asked), known)
        raise RuleUnknown(" ".join(asked), near="、".join(near) or say("none"))
    return found


def _searched(texts: Sequence[RuleText], search: str) -> tuple[RuleText, ...]:
    from dingmi_mark.domain.lawtext import searched

    return searched(texts, search, {text.name: words(_bare(text)) for text in texts})


def _tell(texts: Sequence[RuleText], *, whole: bool) -> None:
    family = ""
    for text in texts:
        if text.family != family:
            family = text.family
            tell_line(f"【{family}】")
        if whole:
            _tell_whole(text)
        else:
            tell_line(f"  {text.name}  {text.title}")


def _tell_whole(text: RuleText) -> None:
    tell_line(f"  {text.name}  {text.title}")
    for row in text.rows:
        tell_line(f"    {_row_line(row)}")
        values = _values(row)
        if values:
            tell_line(f"      {values}")
    tell(_switch(text), indent=4)
    if text.way_out:
        tell(say("What to do: {remedy}", remedy=_bare(text)), indent=4)


def _bare(text: RuleText) -> Message:
    """Return the way out without a case: by the law of now, and what a finding fills in as …"""
    fields = [name for _, name, _, _ in Formatter().parse(text.way_out) if name]
    params = {**dict.fromkeys(fields, "…"), "basis": text.way_basis}
    return Message(text.way_out, params)


def _row_line(row: LawRow) -> str:
    until = row.effective_until.isoformat() if row.effective_until else words(say("in force"))
    citation = row.citation
    own = citation.law == "dingmi-mark"
    source = citation.provision if own else f"{citation.law}{citation.provision}"
    return f"{row.effective_from} — {until}  {source}  〔{citation.certainty.value}〕"


def _values(row: LawRow) -> str:
    from dingmi_mark.domain.lawtext import VALUE_NAMES, value_text

    return harmless(
        "；".join(
            f"{VALUE_NAMES.get(key, key)}：{value_text(value)}" for key, value in row.values.items()
        )
    )


def _switch(text: RuleText) -> Message:
    if text.is_fixed:
        return say("No profile switches it.")
    if text.switch is None:
        return say("A profile may switch it; this one does not.")
    return say("Set by the profile: {severity}.", severity=text.switch.value)


def _shown(text: RuleText) -> dict[str, Any]:
    return {
        "rule": text.name,
        "examines": text.family,
        "title": text.title,
        "explained": text.explained,
        "is_fixed": text.is_fixed,
        "switch": text.switch.value if text.switch else None,
        "rows": [
            {
                "from": row.effective_from.isoformat(),
                "until": row.effective_until.isoformat() if row.effective_until else None,
                "law": row.citation.law,
                "provision": row.citation.provision,
                "certainty": row.citation.certainty.value,
                "values": {
                    key: list(value) if isinstance(value, tuple) else value
                    for key, value in row.values.items()
                },
            }
            for row in text.rows
        ],
    }
