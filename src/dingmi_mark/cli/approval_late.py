"""`approval fill` and `approval compare`: what comes into record and draft after the decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dingmi_mark.cli.approval_steps import secretariat
from dingmi_mark.cli.grammar import Command, Option
from dingmi_mark.cli.options import draft_argument, number_argument
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_line, tell_note
from dingmi_mark.cli.words import fault_line, finding_lines, harmless, words
from dingmi_mark.domain.approval import LateField
from dingmi_mark.errors import (
    ApprovalDigestDiffers,
    DingmiError,
    DraftNotComparable,
    ExitCode,
    LateValueUnreadable,
)
from dingmi_mark.messages import N_, Message, say

if TYPE_CHECKING:
    from dingmi_mark.domain.approval import ApprovalRecord, LateField
    from dingmi_mark.domain.comparison import Comparison, Filled
    from dingmi_mark.domain.law import Finding
    from dingmi_mark.pipeline.approving import Secretariat
    from dingmi_mark.reports.compare_page import Row
    from dingmi_mark.store.approval_tree import KeptRecord
    from dingmi_mark.store.office import Office

_OPTIONS: Final = {
    LateField.DOCUMENT_NUMBER: "--document-number",
    LateField.ISSUE_DAY: "--issue-date",
}

FILL = N_("Write document number and issue date, known only now, into an approved record.")
COMPARE = N_("Compare a draft with the approved one: what was filled in, what else differs.")


@click.command(
    "fill",
    cls=Command,
    help=FILL
    + "\n\n"
    + N_(
        "Only what the record names under draft.late_fields. A value can be corrected until the "
        "first mark is made. The signatures stay valid; the rules are examined again. With --out "
        "the approved Word draft is written too, with its blanks filled in and nothing else "
        "changed."
    ),
)
@number_argument()
@click.option(
    "--document-number", metavar=N_("TEXT"), cls=Option, help=N_("The document number (文号).")
)
@click.option(
    "--issue-date",
    metavar=N_("DATE"),
    cls=Option,
    help=N_("The issue date (成文日期), such as 2026年1月10日 or 2026-01-10."),
)
@click.option(
    "--out",
    metavar=N_("FILE"),
    type=click.Path(dir_okay=False, path_type=Path),
    cls=Option,
    help=N_("Write the approved Word draft with its blanks filled in to this new file."),
)
@click.option(
    "--as",
    "name",
    metavar=N_("NAME"),
    cls=Option,
    help=N_("Who fills it in; else the drafter in charge (承办人) of the record."),
)
@click.pass_obj
def fill_command(
    session: Session,
    number: str,
    document_number: str | None,
    issue_date: str | None,
    out: Path | None,
    name: str | None,
) -> None:
    """Fill in late values."""
    from dingmi_mark.store.approval_tree import find_record

    given = {LateField.DOCUMENT_NUMBER: document_number, LateField.ISSUE_DAY: issue_date}
    values = {late: text for late, text in given.items() if text is not None}
    if not values and out is None:
        raise click.UsageError(words(say("Give --document-number, --issue-date or --out.")))
    with secretariat(session) as desk:
        kept = find_record(desk.office.approvals, number)
        if values:
            by = name or kept.record.proposal.by.name
            kept, findings = _filled_in(kept, values, by, desk)
            _tell_filled(kept, values, findings)
        if out is not None:
            _write_filled(kept, out, desk.office)


def _filled_in(
    kept: KeptRecord, values: Mapping[LateField, str], by: str, desk: Secretariat
) -> tuple[KeptRecord, tuple[Finding, ...]]:
    from dingmi_mark.pipeline.filling import fill_in

    try:
        return fill_in(kept, values, by, desk)
    except LateValueUnreadable as error:
        error.where = _OPTIONS[LateField(error.where)]
        raise


def _tell_filled(
    kept: KeptRecord, values: Mapping[LateField, str], findings: Iterable[Finding]
) -> None:
    for finding in findings:
        for line in finding_lines(finding):
            tell_line(line)
    for late, text in values.items():
        tell_line(f"{late.value}  {harmless(text.strip())}")
    tell(say("Filled in: {number} ({file})", number=kept.record.number, file=str(kept.path)))


def _write_filled(kept: KeptRecord, out: Path, office: Office) -> None:
    from dingmi_mark.pipeline.late_draft import write_filled_draft

    fields = "、".join(late.value for late in write_filled_draft(kept, out, office))
    tell(say("Draft written, with {fields} filled in: {file}", fields=fields, file=str(out)))
    command = f"dingmi-mark mark '{out}' --approved {kept.record.number} --out DIR"
    tell(say("Read it through, then mark it: {command}", command=command))


@click.command(
    "compare",
    cls=Command,
    help=COMPARE
    + "\n\n"
    + N_(
        "Exit code 0 where nothing differs but late fields that the record names. What is shown "
        "is text of the drafts: handle it as they are handled."
    ),
)
@number_argument()
@draft_argument(N_("The draft to be compared with the approved one."))
@click.option(
    "--out",
    metavar=N_("FILE"),
    type=click.Path(dir_okay=False, path_type=Path),
    cls=Option,
    help=N_("Write all of it side by side into this new HTML file for the officer."),
)
@click.pass_obj
def compare_command(session: Session, number: str, draft: Path, out: Path | None) -> int:
    """Compare a draft with the approved one."""
    from dingmi_mark.domain.late_values import late_values
    from dingmi_mark.pipeline.comparing import compare_drafts
    from dingmi_mark.pipeline.pool import run_one
    from dingmi_mark.store.approval_tree import find_record

    office = session.office()
    kept = find_record(office.approvals, number)
    approved = _approved(kept, office)
    late = late_values(kept.record)
    found = run_one(compare_drafts, (approved, draft, late), office.limits)
    if isinstance(found, DingmiError):
        raise found
    if out is None:
        _tell(found, kept.record)
    else:
        _write(out, found, kept.record, draft)
        tell_line(words(_result(found, kept.record)))
        tell_note(say("Page written: {file}", file=str(out)))
    return ExitCode.DRAFT_DIFFERS if found.differences else ExitCode.OK


def _approved(kept: KeptRecord, office: Office) -> Path:
    """Return the approved draft beside a record, after seeing that it is that one."""
    from dingmi_mark.pipeline.draft_file import read_bytes_of

    if kept.draft is None:
        cause = say("the approved draft is not there beside {record}", record=str(kept.path))
        raise DraftNotComparable(cause=cause)
    content = read_bytes_of(kept.draft, most_mib=office.limits.file_mb)
    if kept.record.draft.digest not in content.names:
        raise ApprovalDigestDiffers(str(kept.draft), record=kept.record.number)
    return kept.draft


def _tell(found: Comparison, record: ApprovalRecord) -> None:
    from dingmi_mark.pipeline.comparing import another_program, difference_lines, still_to_fill

    sign = "✗" if found.differences else "✓"
    tell_line(f"{sign} {words(_result(found, record))}")
    for fault in difference_lines(found.differences, most=len(found.differences)):
        tell_line(f"  · {fault_line(fault)}")
    hints = (another_program(found), still_to_fill(record)) if found.differences else ()
    for hint in hints:
        if hint is not None:
            tell_line(f"  · {words(hint)}")
    if found.filled:
        tell(say("Filled in after the approval:"))
    for each in found.filled:
        place = words(place_of(each))
        tell_line(f"  {each.field.value}  {harmless(each.new.words)}  〔{place}〕")


def _result(found: Comparison, record: ApprovalRecord) -> Message:
    fields = "、".join(late.value for late in record.draft.late_fields)
    if found.differences:
        return say(
            "{count} place(s) differ from the approved draft and may not be filled in ({fields}).",
            count=len(found.differences),
            fields=fields or say("nothing"),
        )
    if found.filled:
        filled = "、".join(late.value for late in found.fields)
        return say("Nothing differs from the approved draft but: {fields}.", fields=filled)
    return say("Nothing differs from the approved draft.")


def place_of(each: Filled) -> Message:
    """Say where something was filled in."""
    from dingmi_mark.domain.comparison import Difference

    return Difference((), (each.new,)).place


def _write(out: Path, found: Comparison, record: ApprovalRecord, draft: Path) -> None:
    from dingmi_mark.reports.compare_page import ComparePage, compare_html
    from dingmi_mark.store.new_file import new_text_file

    fields = "、".join(late.value for late in record.draft.late_fields)
    page = ComparePage(
        title=record.draft.title or record.number,
        result=words(_result(found, record)),
        facts=(
            ("审批编号", record.number),
            ("批准的文稿", record.draft.digest),
            ("现在的文稿", harmless(draft.name)),
            ("审批后填写", fields or "没有"),
        ),
        differences=tuple(_rows(found)),
        filled=tuple(_filled_rows(found)),
    )
    with new_text_file(out) as stream:
        stream.write(compare_html(page))


def _rows(found: Comparison) -> Iterator[Row]:
    from dingmi_mark.reports.compare_page import Row

    for each in found.differences:
        old, new = ("\n".join(piece.words for piece in side) for side in (each.old, each.new))
        what = words(each.what) if each.what is not None else ""
        if old == new and not what:
            what = words(say("it is another one: {what}", what=old))
        yield Row(words(each.place), old or "¶", new or "¶", what)


def _filled_rows(found: Comparison) -> Iterator[Row]:
    from dingmi_mark.reports.compare_page import Row

    for each in found.filled:
        old = each.old.words if each.old else ""
        yield Row(f"{words(place_of(each))}\n{each.field.value}", old, each.new.words)
