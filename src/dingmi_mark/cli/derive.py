"""`derive`: the marking that a draft takes from its sources, with every reason."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.explain import step_line
from dingmi_mark.cli.grammar import Command, Option, json_option
from dingmi_mark.cli.options import draft_argument
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.source_typed import period_from
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import command_line, finding_lines, harmless, words
from dingmi_mark.domain.reading import read_mark
from dingmi_mark.domain.terms import Marking, period_text
from dingmi_mark.domain.uses import SourceUse
from dingmi_mark.errors import ExitCode, NotDerivable, SourceValueUnreadable
from dingmi_mark.messages import N_, Fault, say

if TYPE_CHECKING:
    from dingmi_mark.domain.approval import Source
    from dingmi_mark.pipeline.deriving import Named, Proposed
    from dingmi_mark.store.open_record import OpenRecordFile

HELP = N_("Propose the marking of a draft from the classified documents it is derived from.")
MORE = N_(
    "The highest level and the latest last secret day of the sources are chosen separately; the "
    "clock does not begin anew. With --into the proposal is written into the record, with each "
    "source by title, 文号, level and period. Nothing is decided by it."
)


@click.command("derive", cls=Command, help=f"{HELP}\n\n{MORE}")
@draft_argument(N_("The new draft."))
@click.option(
    "--source",
    "names",
    metavar=N_("ID|文号|FILE"),
    multiple=True,
    cls=Option,
    help=N_(
        "A document it is derived from: its id, its 文号, or the file. May be repeated. Those that "
        "the record names already are counted too."
    ),
)
@click.option(
    "--points",
    "points",
    metavar=N_("SOURCE IDS"),
    nargs=2,
    multiple=True,
    cls=Option,
    help=N_("Only these classified points of a source are used: --points 文号 1,3"),
)
@click.option(
    "--use",
    type=click.Choice([use.value for use in SourceUse]),
    cls=Option,
    help=N_("What the draft does with the sources named here."),
)
@click.option(
    "--consent",
    metavar=N_("文号"),
    default="",
    cls=Option,
    help=N_("The consent of the originator or its superior (for 绝密 sources, or where asked)."),
)
@click.option(
    "--issue-date",
    metavar=N_("DAY"),
    type=click.DateTime(["%Y-%m-%d"]),
    cls=Option,
    help=N_("The day of issue of the draft; else that of the record."),
)
@click.option(
    "--scope",
    metavar=N_("WHO"),
    multiple=True,
    cls=Option,
    help=N_("Who may know (知悉范围), within the scope of the sources. May be repeated."),
)
@click.option(
    "--own",
    metavar=N_("MARK"),
    default="",
    cls=Option,
    help=N_("The marking of secret matter of its own beside: 机密★10年."),
)
@click.option(
    "--period",
    metavar=N_("PERIOD"),
    default="",
    cls=Option,
    help=N_("Where the periods have no order: the one the officer designates, with --reason."),
)
@click.option(
    "--keep-term",
    is_flag=True,
    cls=Option,
    help=N_(
        "Keep the words of the source (10年) in place of its end, with --reason; never in Beijing."
    ),
)
@click.option(
    "--reason", metavar=N_("REASON"), default="", cls=Option, help=N_("Why; kept in the record.")
)
@click.option(
    "--into",
    metavar=N_("RECORD"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("The record (TOML, JSON) into which the proposal is written."),
)
@json_option()
@click.pass_obj
def derive_command(
    session: Session,
    draft: Path,
    names: tuple[str, ...],
    points: tuple[tuple[str, str], ...],
    use: str | None,
    consent: str,
    issue_date: datetime | None,
    scope: tuple[str, ...],
    own: str,
    period: str,
    keep_term: bool,
    reason: str,
    into: Path | None,
    as_json: bool,
) -> int:
    """Propose a marking."""
    from dingmi_mark.pipeline.deriving import DerivingDesk, Request, proposal_for
    from dingmi_mark.store.lawbook import read_lawbook
    from dingmi_mark.store.open_record import open_record

    office = session.office()
    record = open_record(into) if into is not None else None
    if not names and (record is None or not record.sources):
        raise click.UsageError(words(say("Name at least one source: --source ID, 文号 or file.")))
    request = Request(
        draft=draft,
        named=_named(names, points, use, consent),
        issue_day=issue_date.date() if issue_date else None,
        scope=tuple(entry.strip() for entry in scope),
        own=_own(own),
        designated=period_from(period),
        keep_term=keep_term,
        reason=reason.strip(),
    )
    with session.ledger(office) as ledger:
        desk = DerivingDesk(office, ledger, read_lawbook(office.profile), session.today)
        proposed = proposal_for(request, record, desk)
    remarks = _written(proposed, record)
    code = ExitCode.OK if proposed.stands else ExitCode.NOT_DERIVABLE
    if as_json:
        tell_json("failed" if code else "ok", code, result=_shown(proposed, record))
        return code
    _tell(proposed)
    if not proposed.stands:
        raise NotDerivable(str(draft), findings=_against(proposed))
    for remark in remarks:
        tell_note(say("Note: {remark}", remark=remark))
    _tell_next(record)
    return code


def _named(
    names: tuple[str, ...], points: tuple[tuple[str, str], ...], use: str | None, consent: str
) -> tuple[Named, ...]:
    from dingmi_mark.pipeline.deriving import Named

    used = {
        name: tuple(ids.replace("、", ",").replace("，", ",").split(",")) for name, ids in points
    }
    strangers = [name for name in used if name not in names]
    if strangers:
        text = say("--points names a source that no --source names: {name}", name=strangers[0])
        raise click.UsageError(words(text))
    kind = SourceUse(use) if use else None
    return tuple(
        Named(name, tuple(filter(None, used.get(name, ()))), kind, consent.strip())
        for name in names
    )


def _own(text: str) -> Marking | None:
    if not text:
        return None
    read = read_mark(text)
    if read is None or read.period is None:
        raise SourceValueUnreadable(option="--own", given=text, example="机密★10年")
    return Marking(read.level, read.period)


def _written(proposed: Proposed, record: OpenRecordFile | None) -> tuple[Any, ...]:
    """Write the proposal into the record where there is one, and nothing stands against it."""
    from dingmi_mark.domain.approval import Secrecy

    derived = proposed.derived
    if record is None or derived.marking is None or not proposed.stands:
        return ()
    secrecy = Secrecy(derived.marking, derived.scope)
    return record.save(record.written(secrecy, proposed.sources, derived.explanations))


def _tell(proposed: Proposed) -> None:
    derived = proposed.derived
    for number, step in enumerate(derived.steps, 1):
        tell_line(f"{number}. {step_line(step)}")
    if derived.scope:
        tell(say("Scope (知悉范围): {scope}", scope="、".join(derived.scope)))
    tell(say("Sources for the record:"))
    for source in proposed.sources:
        tell_line("  " + _source_line(source))
    if proposed.stands:
        for finding in proposed.findings:
            for line in finding_lines(finding):
                tell_line(line)


def _source_line(source: Source) -> str:
    """Return the line of a source in the record: 名称、文号、密级、期限."""
    facts = (
        f"《{source.title}》" if source.title else "",
        source.document_number,
        source.level.value if source.level else "",
        period_text(source.period) if source.period else "",
    )
    return "，".join(harmless(fact) for fact in facts if fact)


def _against(proposed: Proposed) -> tuple[Fault, ...]:
    against = tuple(Fault(step.basis, step.says) for step in proposed.derived.against)
    return against + tuple(
        Fault(str(finding.citation), finding.message) for finding in proposed.findings
    )


def _tell_next(record: OpenRecordFile | None) -> None:
    if record is None:
        tell_note(say("Nothing was written. Into the record: the same command with --into RECORD."))
        return
    tell(say("Written into {record}. Next:", record=str(record.path)))
    tell_line("  " + command_line(("dingmi-mark", "approval", "check", str(record.path))))


def _shown(proposed: Proposed, record: OpenRecordFile | None) -> dict[str, Any]:
    from dingmi_mark.cli.shown import findings_shown
    from dingmi_mark.store.approval_mapping import source_table

    derived = proposed.derived
    marking = derived.marking
    return {
        "mark": marking.text if marking else "",
        "level": marking.level.value if marking else "",
        "period": period_text(marking.period) if marking else "",
        "scope": list(derived.scope),
        "steps": [{"says": words(s.says), "basis": s.basis} for s in derived.steps],
        "against": [{"says": words(s.says), "basis": s.basis} for s in derived.against],
        "findings": findings_shown(proposed.findings),
        "explanations": [{"rule": r, "text": t} for r, t in derived.explanations],
        "sources": [
            {key: _plain(value) for key, value in source_table(source).items()}
            for source in proposed.sources
        ],
        "written": str(record.path) if record is not None and proposed.stands else "",
    }


def _plain(value: Any) -> Any:
    from datetime import date

    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value.isoformat() if isinstance(value, date) else value
