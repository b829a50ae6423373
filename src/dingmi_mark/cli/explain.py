"""`explain`: why a file bears, or would bear, exactly this mark, step by step with articles."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.grammar import Argument, Command, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.wide import columns
from dingmi_mark.cli.words import harmless, local_time, words
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.domain.explaining import Explanation, Step
    from dingmi_mark.pipeline.explaining import Explained, LedgerLine

HELP = N_("Say why a file bears, or would bear, exactly this mark.")
MORE = N_(
    "Step by step with the provisions: who decided and might, where the level comes from, how the "
    "period is counted, and what each rule found. Nothing of the document's text is shown."
)

_STATES: Mapping[str, str] = MappingProxyType(
    {
        "intended": N_("begun"),
        "prepared": N_("prepared"),
        "renamed": N_("named"),
        "voiding": N_("being voided"),
        "done": N_("finished"),
        "voided": N_("void"),
    }
)


@click.command("explain", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.argument(
    "what",
    metavar=N_("FILE|RECORD|NUMBER"),
    type=click.Path(),
    cls=Argument,
    explained=N_("A marked file, a draft, a record in any format, or the number of a record."),
)
@click.option(
    "--approvals",
    metavar=N_("DIR"),
    type=click.Path(path_type=Path, exists=True),
    cls=Option,
    help=N_("Where the records of marked files are; the office's own are known without."),
)
@json_option()
@click.pass_obj
def explain_command(session: Session, what: str, approvals: Path | None, as_json: bool) -> None:
    """Explain a mark."""
    from dingmi_mark.pipeline.explaining import explain

    office = session.office()
    with session.ledger_if_any(office) as ledger:
        if ledger is None:
            tell_note(say("The ledger cannot be opened: its entries are not named."))
        found = explain(what, office, ledger, session.today, approvals)
    if as_json:
        tell_json("ok", ExitCode.OK, result=_shown(found))
    else:
        _tell(found)


def _tell(found: Explained) -> None:
    tell_line(harmless(found.name))
    if found.facts:
        tell(say("What the file says of itself"))
        rows = [(harmless(name), harmless(value)) for name, value in found.facts.items()]
        for line in columns(rows):
            tell_line(f"  {line}")
    if found.explanation is None:
        tell(
            say(
                "Its record {number} is not here: name its folder with --approvals to see more.",
                number=found.facts.get("审批编号", "-"),
            )
        )
    else:
        if found.same_record is False:
            tell(say("The record here is not the one it was marked from: its digest differs."))
        _tell_explanation(found.explanation)
    if found.ledger:
        tell(say("The ledger"))
        for entry in found.ledger:
            tell_line(f"  {_ledger_line(entry)}")


def _tell_explanation(explanation: Explanation) -> None:
    for number, chapter in enumerate(explanation.chapters, 1):
        tell_line(f"{number}. {words(chapter.heading)}")
        for step in chapter.steps:
            tell_line(f"  {step_line(step)}")
    if explanation.refused:
        tell(
            say(
                "So it bears no ★ mark: {count} finding(s) marked ✗ stand against it.",
                count=len(explanation.refused),
            )
        )
    else:
        tell(say("So the mark is {mark}.", mark=explanation.mark))


def step_line(step: Step) -> str:
    """Return a step with its provision."""
    said = words(step.says)
    return f"{said}  〔{harmless(step.basis)}〕" if step.basis else said


def _ledger_line(line: LedgerLine) -> str:
    state = gettext(_STATES[line.state])
    return f"{line.copy_number or '-'}  {state}  {local_time(line.at)}  {line.marking_id}"


def _shown(found: Explained) -> dict[str, Any]:
    from dingmi_mark.cli.shown import findings_shown

    explanation = found.explanation
    return {
        "name": found.name,
        "facts": dict(found.facts),
        "same_record": found.same_record,
        "number": explanation.number if explanation else "",
        "mark": explanation.mark if explanation else "",
        "may_be_put": not explanation.refused if explanation else None,
        "chapters": [
            {
                "heading": words(chapter.heading),
                "steps": [{"says": words(s.says), "basis": s.basis} for s in chapter.steps],
            }
            for chapter in (explanation.chapters if explanation else ())
        ],
        "refused": findings_shown(explanation.refused) if explanation else [],
        "ledger": [vars(line) for line in found.ledger],
    }
