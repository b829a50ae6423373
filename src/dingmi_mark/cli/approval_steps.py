"""`approval submit` and `approval review`: take a record one step further, signed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dingmi_mark.cli.credentials import (
    keys_folder,
    keys_option,
    own_key,
    passphrase_option,
    signer_for,
)
from dingmi_mark.cli.grammar import Argument, Command, Option
from dingmi_mark.cli.options import draft_argument
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_line, tell_note
from dingmi_mark.cli.words import finding_lines, harmless, words
from dingmi_mark.domain.approval import Decision
from dingmi_mark.domain.office_time import office_day
from dingmi_mark.domain.signing import Role
from dingmi_mark.errors import RecordNotHandedIn
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.domain.approval import (
        ApprovalRecord,
        DecidingOrgan,
        OfficerDecision,
        Secrecy,
    )
    from dingmi_mark.domain.procedure import Waiting
    from dingmi_mark.pipeline.approving import Hand, Secretariat
    from dingmi_mark.reports.review_page import PointRow
    from dingmi_mark.store.approval_tree import KeptRecord

SUBMIT = N_("Hand in a proposal with its draft, signed by the drafter in charge (承办人).")
REVIEW = N_("See on one page what is to be decided, and give your opinion or decision, signed.")


@contextmanager
def secretariat(session: Session) -> Iterator[Secretariat]:
    """Open what every step needs."""
    from dingmi_mark.pipeline.approving import Secretariat
    from dingmi_mark.pipeline.trust import trust_of
    from dingmi_mark.store.lawbook import read_lawbook

    office, now = session.office(), session.now()
    with session.ledger(office) as ledger:
        lawbook = read_lawbook(office.profile)
        trust = trust_of(ledger)
        # One look at the clock: day and moment of a signature must be of the same day.
        yield Secretariat(office, ledger, trust, lawbook, office_day(now), now)


def hand_of(
    desk: Secretariat, name: str, role: Role, post: str, keys: Path | None, file: Path | None
) -> Hand:
    """Return who does a step: with a key where the office has keys, else by name alone."""
    from dingmi_mark.pipeline.approving import Hand
    from dingmi_mark.pipeline.signing import asks_signature

    if not asks_signature(desk.office.policies, desk.trust):
        return Hand(name, post)
    key = own_key(desk.trust.register, name, role)
    return Hand(name, post, key, signer_for(key, desk.office, keys_folder(keys), file))


@click.command(
    "submit",
    cls=Command,
    help=SUBMIT
    + "\n\n"
    + N_(
        "Record and draft are kept in the office's approvals folder from now on. A record that "
        "was returned is handed in again under its number."
    ),
)
@click.argument(
    "record",
    metavar=N_("RECORD"),
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("The record with the proposal: TOML, JSON, a filled-in form, or a table."),
)
@draft_argument(N_("The draft it is about."))
@keys_option()
@passphrase_option()
@click.pass_obj
def submit_command(
    session: Session, record: Path, draft: Path, keys: Path | None, passphrase_file: Path | None
) -> None:
    """Hand in a proposal."""
    from dingmi_mark.pipeline.approving import hand_in
    from dingmi_mark.pipeline.authored import points_told
    from dingmi_mark.pipeline.entering import record_for

    with secretariat(session) as desk:
        read = record_for(record, draft, desk.office).record
        by = read.proposal.by
        hand = hand_of(desk, by.name, Role.DRAFTER, by.post, keys, passphrase_file)
        kept, findings = hand_in(read, draft, hand, desk)
        waits = desk.waiting(kept.record)
        named = points_told(kept.record, draft, desk.office)
    for finding in findings:
        for line in finding_lines(finding):
            tell_line(line)
    for one in named:
        tell_note(say("Note: {remark}", remark=one))
    tell(say("Handed in: {number} ({folder})", number=read.number, folder=str(kept.folder)))
    tell(say("It waits for: {step}", step=waits.value))


@click.command(
    "review",
    cls=Command,
    help=REVIEW
    + "\n\n"
    + N_(
        "Without --opinion and --decision it only shows the record and writes the page "
        "(review.html beside the record). The step that waits decides what is asked: the opinion "
        "of the 保密员 or the reviewer, the decision of the 定密责任人, the registration of a "
        "reply (批复) by the 保密员."
    ),
)
@click.argument(
    "named",
    metavar=N_("NUMBER|RECORD"),
    type=click.Path(),
    cls=Argument,
    explained=N_("The number of the record, or a file with it."),
)
@click.option("--as", "name", metavar=N_("NAME"), cls=Option, help=N_("Your own name."))
@click.option("--post", metavar=N_("POST"), default="", cls=Option, help=N_("Your post."))
@click.option(
    "--opinion", metavar=N_("TEXT"), cls=Option, help=N_("Your opinion, or the reason to return.")
)
@click.option(
    "--decision",
    type=click.Choice([decision.value for decision in Decision]),
    cls=Option,
    help=N_("The officer's decision."),
)
@click.option("--level", metavar=N_("LEVEL"), cls=Option, help=N_("With 纠正: the level instead."))
@click.option(
    "--period",
    metavar=N_("PERIOD"),
    cls=Option,
    help=N_("With 纠正: the period instead, such as 10年, 6个月, 2030年3月15日."),
)
@click.option(
    "--scope",
    metavar=N_("WHO"),
    multiple=True,
    cls=Option,
    help=N_("With 纠正: who may know instead; may be given again."),
)
@click.option(
    "--stands-in-for",
    metavar=N_("NAME"),
    default="",
    cls=Option,
    help=N_("B角: the A角 officer in whose place you decide."),
)
@click.option(
    "--reason", metavar=N_("TEXT"), default="", cls=Option, help=N_("B角: why he cannot act.")
)
@click.option("--reply", is_flag=True, cls=Option, help=N_("Register the reply (批复)."))
@click.option(
    "--organ", metavar=N_("NAME"), cls=Option, help=N_("With --reply: the organ that decided.")
)
@click.option(
    "--reply-number", metavar=N_("NUMBER"), cls=Option, help=N_("With --reply: its 文号.")
)
@click.option(
    "--reply-date",
    metavar=N_("DATE"),
    type=click.DateTime(["%Y-%m-%d"]),
    cls=Option,
    help=N_("With --reply: its day, such as 2026-01-10."),
)
@keys_option()
@passphrase_option()
@click.pass_obj
def review_command(
    session: Session,
    named: str,
    name: str | None,
    post: str,
    opinion: str | None,
    decision: str | None,
    level: str | None,
    period: str | None,
    scope: tuple[str, ...],
    stands_in_for: str,
    reason: str,
    reply: bool,
    organ: str | None,
    reply_number: str | None,
    reply_date: datetime | None,
    keys: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Show a record, and take it one step further."""
    from dingmi_mark.domain.procedure import Waiting
    from dingmi_mark.pipeline import approving
    from dingmi_mark.pipeline.records import find_record_or_file
    from dingmi_mark.store.approval_tree import REVIEW_PAGE

    with secretariat(session) as desk:
        kept = find_record_or_file(desk.office.approvals, named, desk.office.limits)
        waits = desk.waiting(kept.record)
        if opinion is None and decision is None and not reply:
            page = REVIEW_PAGE if kept.is_handed_in else f"{Path(named).name}.{REVIEW_PAGE}"
            _show(kept, waits, desk, kept.folder / page)
            return
        if not kept.is_handed_in:
            raise RecordNotHandedIn(named)
        if name is None:
            raise click.UsageError(words(say("Say who you are: --as NAME")))
        role = {Waiting.REVIEW: Role.REVIEWER, Waiting.DECISION: Role.OFFICER}.get(
            waits, Role.SECURITY
        )
        if decision is not None:
            corrected = _corrected(kept.record, level, period, scope)
            chosen = _decision(decision, opinion or "", corrected, desk.today)
            hand = hand_of(desk, name, Role.OFFICER, post, keys, passphrase_file)
            kept = approving.decide(
                kept, hand, chosen, desk, stands_in_for=stands_in_for, reason=reason
            )
        elif reply:
            hand = hand_of(desk, name, Role.SECURITY, post, keys, passphrase_file)
            entered = _reply(organ, reply_number, reply_date)
            kept = approving.register_reply(kept, hand, desk, entered)
        else:
            hand = hand_of(desk, name, role, post, keys, passphrase_file)
            kept = approving.give_opinion(kept, hand, opinion or "", desk)
        after = desk.waiting(kept.record)
    tell(
        say(
            "Kept: {number}, {mark}. It waits for: {step}",
            number=kept.record.number,
            mark=kept.record.wording,
            step=after.value,
        )
    )


def _show(kept: KeptRecord, waits: Waiting, desk: Secretariat, file: Path) -> None:
    from dingmi_mark.domain.ledger_acts import ApprovalSigned
    from dingmi_mark.pipeline.review import page_of
    from dingmi_mark.pipeline.signing import refuse_bad_signatures
    from dingmi_mark.reports.review_page import review_html
    from dingmi_mark.store.new_file import replaced_text

    refuse_bad_signatures(kept.record, desk.trust, desk.ledger, desk.now)
    findings = desk.findings(kept.record)
    known = [act for _, act in desk.ledger.acts(ApprovalSigned, subject=kept.record.number)]
    page = page_of(kept, findings, desk.office, words, known)
    replaced_text(file, review_html(page))
    tell_line(harmless(page.title))
    tell_line(f"  {page.mark}")
    for name, proposed, own in page.values:
        tell_line(f"  {harmless(name)}  {harmless(f'{proposed} → {own}' if own else proposed)}")
    for name, value in (*page.facts, *page.opinions):
        tell_line(f"  {harmless(name)}  {harmless(' / '.join(value.splitlines()))}")
    for row in page.points:
        _tell_point(row)
    if page.unsigned:
        tell(say("Not signed, for information only:"), indent=2)
    for name, value in page.unsigned:
        tell_line(f"    {harmless(name)}  {harmless(' / '.join(value.splitlines()))}")
    for finding in findings:
        for line in finding_lines(finding):
            tell_line(f"  {line}")
    if kept.is_handed_in:
        tell(say("It waits for: {step}", step=waits.value))
    else:
        tell(RecordNotHandedIn().advice)
    tell_note(say("The page with the picture of the draft: {file}", file=str(file)))


def _tell_point(row: PointRow) -> None:
    """Say a point as the record has it, and below it what the draft says otherwise."""
    if row.record[0]:
        tell_line(f"  {harmless(' '.join(row.record[0].split()))}  {_one_line(row.record[1])}")
    if row.differs:
        missing = say("the draft names no point here")
        named = say("the draft: {head} {words}", head=row.draft[0], words=_one_line(row.draft[1]))
        tell_note(say("Note: {remark}", remark=named if row.draft[0] else missing))


def _one_line(text: str) -> str:
    return harmless(" / ".join(text.splitlines()))


def _decision(
    decision: str, opinion: str, corrected: Secrecy | None, today: date
) -> OfficerDecision:
    from dingmi_mark.domain.approval import OfficerDecision

    chosen = Decision(decision)
    if (chosen is Decision.CORRECTED) != (corrected is not None):
        raise click.UsageError(words(say("--level, --period and --scope go with 纠正.")))
    if chosen is Decision.RETURNED and not opinion.strip():
        raise click.UsageError(words(say("Say why you return it: --opinion TEXT")))
    return OfficerDecision(chosen, today, opinion, corrected)


def _reply(organ: str | None, number: str | None, day: datetime | None) -> DecidingOrgan | None:
    """Return the reply as it is entered; None where the record names it already."""
    from dingmi_mark.domain.approval import DecidingOrgan

    if organ is None and number is None and day is None:
        return None
    if not organ or not number or day is None:
        raise click.UsageError(
            words(say("--organ, --reply-number and --reply-date go together with --reply."))
        )
    return DecidingOrgan(organ, number, day.date())


def _corrected(
    record: ApprovalRecord, level: str | None, period: str | None, scope: tuple[str, ...]
) -> Secrecy | None:
    """Return the officer's own values; what he does not name stays as proposed."""
    from dingmi_mark.domain.approval import Secrecy
    from dingmi_mark.domain.reading import written_period
    from dingmi_mark.domain.terms import Marking, SecrecyLevel

    if level is None and period is None and not scope:
        return None
    proposed = record.proposal.secrecy
    new_level = proposed.marking.level if level is None else SecrecyLevel.named(level)
    new_period = proposed.marking.period if period is None else written_period(period)
    if new_level is None or new_period is None:
        raise click.UsageError(words(say("This level or period cannot be read.")))
    marking = Marking(new_level, new_period)
    same = marking.period == proposed.marking.period
    return Secrecy(
        marking,
        scope or proposed.scope,
        same and proposed.period_defaulted,
        same and proposed.months_confirmed,
    )
