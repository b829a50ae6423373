"""`review`: go through the secrets that have to be looked at again, and write down each outcome."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.grammar import Argument, Family, Option, json_option
from dingmi_mark.cli.options import number_argument
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import command_line, harmless, words
from dingmi_mark.domain.reviewing import Occasion, Outcome, ReviewState
from dingmi_mark.domain.situation import PROGRAM, WHOEVER
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, Message, say

if TYPE_CHECKING:
    from dingmi_mark.domain.reviewing import OpenReview
    from dingmi_mark.domain.secret import Secret

LIST_HELP = N_("List the secrets that wait for a review, and outcomes that are not carried out.")
LIST_MORE = N_(
    "Without --occasion the review of the year. For the others every secret that was not looked at "
    "for it since its last decision is listed."
)
OCCASIONS = [occasion.value for occasion in Occasion]
LISTED = [name for name in OCCASIONS if name != Occasion.SOURCE.value]
"""Papers whose source changed are listed by `lineage --waiting`, with what should follow."""


@click.group(
    "review", cls=Family, help=N_("Review secrets: see which wait, and write down each outcome.")
)
def review_command() -> None:
    """Hold the commands of reviews."""


@review_command.command(
    "list",
    help=f"{LIST_HELP}\n\n{LIST_MORE}",
)
@click.option(
    "--occasion", type=click.Choice(LISTED), cls=Option, help=N_("For what it is reviewed.")
)
@json_option()
@click.pass_obj
def list_reviews(session: Session, occasion: str | None, as_json: bool) -> None:
    """List what waits."""
    from dingmi_mark.pipeline.reviews import not_reviewed_for, reviews_open, rule_row
    from dingmi_mark.pipeline.secrets import secrets_of
    from dingmi_mark.store.lawbook import read_lawbook

    office, today = session.office(), session.today
    lawbook = read_lawbook(office.profile)
    lines: list[tuple[Secret, Message, OpenReview | None]]
    with session.ledger(office) as ledger:
        if occasion is not None and Occasion(occasion) is not Occasion.YEARLY:
            waiting = not_reviewed_for(Occasion(occasion), ledger, today)
            lines = [(secret, _not_yet(occasion), None) for secret in waiting]
        else:
            occasion = Occasion.YEARLY.value
            secrets = secrets_of(ledger).secrets
            found = reviews_open(secrets, ledger, lawbook, today)
            lines = [(one.secret, _what(one), one) for one in found]
    if as_json:
        shown = [_shown(secret, says, one, today) for secret, says, one in lines]
        tell_json("ok", ExitCode.OK, result={"occasion": occasion, "waiting": shown})
        return
    for secret, says, one in lines:
        tell_line(f"{_line(secret, today)}  {words(says)}")
        if one is None or one.state is ReviewState.DUE:
            tell_line("    " + command_line(_command(secret, occasion)))
    if not lines:
        tell(say("No secret waits for this review."))
    elif occasion == Occasion.YEARLY.value and (row := rule_row(lawbook, today)) is not None:
        tell_note(say("Basis: {basis}", basis=str(row.citation)))


@review_command.command("record", help=N_("Write down what came of the review of one secret."))
@click.argument(
    "name",
    metavar=N_("NUMBER"),
    cls=Argument,
    explained=N_("The number of its approval, its 文号, or the beginning of its id."),
)
@click.option(
    "--outcome",
    required=True,
    type=click.Choice([outcome.value for outcome in Outcome]),
    cls=Option,
    help=N_("What was decided."),
)
@click.option(
    "--basis",
    metavar=N_("TEXT"),
    required=True,
    cls=Option,
    help=N_("Why, in one line; it goes into the ledger: say nothing of the text of the paper."),
)
@click.option("--by", metavar=N_("NAME"), required=True, cls=Option, help=N_("Who decided."))
@click.option(
    "--occasion",
    type=click.Choice(OCCASIONS),
    default=Occasion.YEARLY.value,
    show_default=True,
    cls=Option,
    help=N_("For what it is reviewed."),
)
@click.option(
    "--day",
    metavar=N_("DATE"),
    type=click.DateTime(["%Y-%m-%d"]),
    cls=Option,
    help=N_("The day it happened; else today."),
)
@click.pass_obj
def record(
    session: Session,
    name: str,
    outcome: str,
    basis: str,
    by: str,
    occasion: str,
    day: datetime | None,
) -> None:
    """Write an outcome down."""
    from dingmi_mark.domain.reviewing import TO_CARRY_OUT
    from dingmi_mark.pipeline.reviews import record_review, secret_named
    from dingmi_mark.store.strict_toml import not_one_line

    if any(not_one_line(text) is not None for text in (basis, by)):
        raise click.UsageError(words(say("Basis and name are one line of text each.")))
    happened = day.date() if day else session.today
    if happened > session.today:
        raise click.UsageError(words(say("This day has not come yet.")))
    office, decided = session.office(), Outcome(outcome)
    with session.ledger(office) as ledger:
        secret = secret_named(name, ledger)
        told = (basis.strip(), by.strip())
        record_review(secret, Occasion(occasion), decided, told, happened, ledger, session.now())
    tell(
        say(
            "{name}: {occasion}, {outcome}, {day}, {by}",
            name=secret.name,
            occasion=occasion,
            outcome=outcome,
            day=str(happened),
            by=by,
        )
    )
    if decided in TO_CARRY_OUT:
        tell_note(say("No mark was changed: that takes a notice of change or release."))


@review_command.command("show", help=N_("Show all reviews of one secret."))
@number_argument()
@json_option()
@click.pass_obj
def show(session: Session, number: str, as_json: bool) -> None:
    """Show the reviews of a secret."""
    from dataclasses import asdict

    from dingmi_mark.pipeline.reviews import reviews_of, secret_named

    office = session.office()
    with session.ledger(office) as ledger:
        secret = secret_named(number, ledger)
        reviews = reviews_of(secret, ledger)
    if as_json:
        tell_json("ok", ExitCode.OK, result={"reviews": [asdict(each) for each in reviews]})
        return
    tell_line(_line(secret, session.today))
    for each in reviews:
        facts = (each.day, each.occasion, each.outcome, each.by, each.basis)
        tell_line("  " + "  ".join(harmless(fact) for fact in facts))
    if not reviews:
        tell(say("It was not reviewed yet."), indent=2)


def _line(secret: Secret, today: date) -> str:
    state = secret.state_on(today)
    facts = (
        secret.id[:8],
        secret.approval_number,
        secret.document_number,
        f"{state.level.value}★{state.period}",
    )
    return "  ".join(harmless(fact) for fact in facts if fact)


def _what(one: OpenReview) -> Message:
    if one.state is ReviewState.DECIDED and one.last is not None:
        return say(
            "reviewed on {day}: “{outcome}”, not carried out yet",
            day=one.last.day,
            outcome=one.last.outcome,
        )
    return say("decided or reviewed last on {day}", day=str(one.seen))


def _not_yet(occasion: str) -> Message:
    return say("no “{occasion}” since it was decided", occasion=occasion)


def _command(secret: Secret, occasion: str) -> tuple[str, ...]:
    chosen = ("--outcome", Outcome.KEPT.value, "--basis", "理由", "--by", secret.officer or WHOEVER)
    return (PROGRAM, "review", "record", secret.id[:8], *chosen, "--occasion", occasion)


def _shown(secret: Secret, says: Message, one: OpenReview | None, today: date) -> dict[str, Any]:
    state = secret.state_on(today)
    return {
        "document": secret.id,
        "approval": secret.approval_number,
        "document_number": secret.document_number,
        "level": state.level.value,
        "period": state.period,
        "officer": secret.officer,
        "state": one.state.value if one else ReviewState.DUE.value,
        "seen": one.seen.isoformat() if one else "",
        "outcome": one.last.outcome if one and one.last else "",
        "says": words(says),
    }
