"""`points`: the classified points that authors name while they write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.grammar import Family, Option, json_option
from dingmi_mark.cli.options import draft_argument, new_file_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.domain.reading import period_words
from dingmi_mark.errors import ExitCode, PointsDisagree
from dingmi_mark.messages import N_, Fault, say

if TYPE_CHECKING:
    from dingmi_mark.domain.authoring import Authored, AuthoredPoint
    from dingmi_mark.messages import Message


@click.group("points", cls=Family, help=N_("See the classified points named in a Word draft."))
def points_command() -> None:
    """Hold the commands of points."""


@points_command.command(
    "list",
    help=N_("List the points that the author named by comments, styles or brackets.")
    + "\n\n"
    + N_(
        "With --record they are compared with the points of the approval record: what stands on "
        "one side only, or differs in level, period or source, is told. The record alone decides; "
        "the draft is not changed. What is shown is content of the draft."
    ),
)
@draft_argument(N_("The Word draft."))
@click.option(
    "--record",
    "named",
    metavar=N_("NUMBER|RECORD"),
    cls=Option,
    help=N_("The number of a record, or a file that holds one."),
)
@json_option()
@click.pass_obj
def list_points(session: Session, draft: Path, named: str | None, as_json: bool) -> None:
    """List the points."""
    from dingmi_mark.pipeline.authored import authored_points, compared
    from dingmi_mark.pipeline.records import find_record_or_file
    from dingmi_mark.store.office import Conversion, Limits

    office = session.office() if named else session.office_if_any()
    limits, conversion = (office.limits, office.conversion) if office else (Limits(), Conversion())
    found = authored_points(draft, limits, conversion)
    against = tuple(fault.line for fault in found.faults)
    if named and office is not None:
        record = find_record_or_file(office.approvals, named, office.limits).record
        against = compared(record, draft, found, office.limits)
    if as_json:
        code = ExitCode.POINTS_DISAGREE if against else ExitCode.OK
        tell_json("differs" if against else "ok", code, result=_shown(found, against))
        if against:
            raise click.exceptions.Exit(code)
        return
    for point in found.points:
        _tell(point)
    tell(say("{count} points are named in the draft.", count=len(found.points)))
    if against:
        raise PointsDisagree(str(draft), findings=tuple(Fault("", one) for one in against))
    if named:
        tell(say("They agree with the record."))


@points_command.command(
    "template", help=N_("Write a Word template (.dotx) with styles for naming points.")
)
@new_file_option(N_("FILE.dotx"))
def write_template(out: Path) -> None:
    """Write the template."""
    from dingmi_mark.formats.docx.authoring_template import authoring_template
    from dingmi_mark.store.new_file import new_file

    if out.suffix.lower() != ".dotx":
        raise click.UsageError(words(say("A Word template has a name that ends in .dotx")))
    with new_file(out) as stream:
        stream.write(authoring_template())
    tell(say("Made: {file}", file=str(out)))
    tell_note(say("Open it by a double click: a new document with the styles 密点-绝密 and so on."))


def _tell(point: AuthoredPoint) -> None:
    notation = point.notation
    about = [notation.level.value, point.way.value, words(point.place.words)]
    if notation.period is not None:
        about.insert(1, period_words(notation.period))
    if notation.source:
        about.append(words(say("source {source}", source=notation.source)))
    tell_line("  ".join(harmless(one) for one in about))
    for line in point.passage.splitlines():
        tell_line(f"    {harmless(line)}")


def _shown(found: Authored, against: tuple[Message, ...]) -> dict[str, Any]:
    return {
        "points": [_point(point) for point in found.points],
        "disagreements": [words(one) for one in against],
    }


def _point(point: AuthoredPoint) -> dict[str, Any]:
    notation = point.notation
    return {
        "level": notation.level.value,
        "period": period_words(notation.period) if notation.period else "",
        "source": notation.source,
        "way": point.way.value,
        "part": point.place.part,
        "paragraph": point.place.number,
        "cell": list(point.place.cell or ()),
        "words": point.passage,
    }
