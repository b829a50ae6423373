"""`quotes`: which passages of drafts stand in classified documents."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.credentials import password_in, password_option
from dingmi_mark.cli.grammar import Argument, Command, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_error, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, Message, say

if TYPE_CHECKING:
    from dingmi_mark.pipeline.quote_rebuilding import Refilled
    from dingmi_mark.pipeline.quotes import QuoteReport
    from dingmi_mark.pipeline.quoting import Quotation
    from dingmi_mark.store.quote_index import IndexedText

_HELP = N_("See which passages of drafts stand in classified documents.")
_MORE = N_(
    "Exit code 0: nothing is quoted that the record does not name. Passages that were changed are "
    "found too; public texts of the folder public raise no alarm."
)
_SHOWN = 10


@click.command("quotes", cls=Command, help=f"{_HELP}\n\n{_MORE}")
@click.argument(
    "files",
    metavar=N_("DRAFT"),
    nargs=-1,
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("Drafts of any format that can be marked, scans too where tesseract is there."),
)
@click.option(
    "--record",
    "named",
    metavar=N_("NUMBER|RECORD"),
    cls=Option,
    help=N_("The record that names the sources; else the one the draft was handed in with."),
)
@click.option(
    "--index",
    is_flag=True,
    cls=Option,
    help=N_("Search nothing; take in marked documents of the ledger that are not in the index."),
)
@click.option(
    "--rebuild",
    is_flag=True,
    cls=Option,
    help=N_("The same with an empty index: for one that was damaged."),
)
@password_option()
@json_option()
@click.pass_obj
def quotes_command(
    session: Session,
    files: tuple[Path, ...],
    named: str | None,
    index: bool,
    rebuild: bool,
    password_file: Path | None,
    as_json: bool,
) -> int:
    """Search drafts, or fill the index."""
    if bool(files) == (index or rebuild):
        raise click.UsageError(words(say("Name drafts, or --index or --rebuild alone.")))
    if not files:
        return _refill(session, rebuild, as_json)
    from dingmi_mark.pipeline.quotes import EMPTY, nothing_indexed, quote_files
    from dingmi_mark.pipeline.records import find_record_or_file

    office = session.office()
    if nothing_indexed(office, office.secret()):
        tell_note(EMPTY)

    def on_report(report: QuoteReport) -> None:
        if not as_json:
            _tell(report)

    record = None
    if named:
        record = find_record_or_file(office.approvals, named, office.limits).record
    reports = quote_files(
        files, office, record, password=password_in(password_file), on_report=on_report
    )
    code = _code_of(reports)
    if as_json:
        shown = {"files": [_shown(report) for report in reports]}
        tell_json("failed" if code else "ok", code, result=shown)
    return code


def _code_of(reports: Sequence[QuoteReport]) -> ExitCode:
    """An undeclared quotation goes before a file that could not be read."""
    codes = {report.error.code for report in reports if report.error is not None}
    return max(codes, key=lambda c: c is ExitCode.QUOTATION_UNDECLARED, default=ExitCode.OK)


def _tell(report: QuoteReport) -> None:
    tell_line(harmless(str(report.file)))
    if report.found is not None:
        quotations = sorted(report.found.quotations, key=lambda each: _heading(report, each.text))
        for heading, group in groupby(quotations, key=lambda each: _heading(report, each.text)):
            passages = list(group)
            tell_line(f"  {heading}")
            share = report.found.shares[passages[0].text]
            tell(say("{share} % of the draft stands there.", share=share), indent=4)
            for each in passages[:_SHOWN]:
                _tell_passage(each)
            if len(passages) > _SHOWN:
                tell(say("… and {count} more passages", count=len(passages) - _SHOWN), indent=4)
        if not quotations:
            tell(say("Nothing in it stands in a classified document of this office."), indent=2)
        for remark in report.found.remarks:
            tell_note(remark)
    if report.error is not None:
        tell_error(report.error)


def _heading(report: QuoteReport, text: IndexedText) -> str:
    name = report.names[text]
    parts = [text.approval_number or text.id, name.document_number, name.title]
    return " ".join([*(harmless(part) for part in parts if part), f"（{text.level}）"])


def _tell_passage(each: Quotation) -> None:
    said = say("[declared]") if each.declared else say("[NOT DECLARED]")
    line = say(
        "{declared} {place}: {how}, {there}",
        declared=said,
        place=each.place,
        how=_how(each),
        there=_where(each),
    )
    tell_line(f"    {words(line)}")
    tell_line(f"      「{harmless(each.excerpt)}」")


def _how(each: Quotation) -> Message:
    if each.exact:
        return say("{count} characters as they stand", count=each.characters)
    return say("edited, {count} characters unchanged", count=each.characters)


def _where(each: Quotation) -> Message:
    """Return where it stands in the document, and what it belongs to there."""
    start, total = each.text_start, max(1, each.text.length)
    share = 100 * start // total
    points = "、".join(each.points)
    if each.points and each.beyond:
        return say(
            "there at {share} %, partly in point {points} (level of the document: {level})",
            share=share,
            points=points,
            level=each.level,
        )
    if each.points:
        return say(
            "there at {share} %, in point {points} ({level})",
            share=share,
            points=points,
            level=each.level,
        )
    if each.text.points:
        return say(
            "there at {share} %, in no point (level of the document: {level})",
            share=share,
            level=each.level,
        )
    return say("there at {share} % ({level})", share=share, level=each.level)


def _refill(session: Session, rebuild: bool, as_json: bool) -> int:
    from dingmi_mark.pipeline.quote_rebuilding import refill

    done = refill(session.office(), anew=rebuild)
    if as_json:
        tell_json("ok", ExitCode.OK, result=_refilled(done))
        return ExitCode.OK
    tell(
        say(
            "Taken into the index: {added}; there already: {known}.",
            added=done.added,
            known=done.known,
        )
    )
    if done.renewed:
        tell(say("Points placed anew: {count} document(s).", count=done.renewed))
    if done.unplaced:
        tell_note(
            say(
                "Of these the place of a point cannot be told; what is quoted from there counts at "
                "the level of the document: {numbers}. Where record or draft was moved away: put "
                "them back, then dingmi-mark quotes --rebuild",
                numbers="、".join(done.unplaced),
            )
        )
    if done.missing:
        tell(
            say(
                "No file of these was found, or it could not be read: {numbers}.",
                numbers="、".join(done.missing),
            )
        )
    if done.sources:
        tell_note(
            say(
                "Not in it are these documents from outside: register their files once more "
                "(source add): {names}.",
                names="、".join(map(harmless, done.sources)),
            )
        )
    return ExitCode.OK


def _refilled(done: Refilled) -> dict[str, Any]:
    return {
        "added": done.added,
        "known": done.known,
        "missing": list(done.missing),
        "sources": list(done.sources),
        "renewed": done.renewed,
        "unplaced": list(done.unplaced),
    }


def _shown(report: QuoteReport) -> dict[str, Any]:
    from dingmi_mark.cli.shown import error_shown

    found = report.found
    return {
        "file": str(report.file),
        "record": report.record,
        "quotations": [_quotation(report, each) for each in found.quotations] if found else [],
        "documents": [
            {"id": text.id, "approval": text.approval_number, "share": share}
            for text, share in (found.shares if found else {}).items()
        ],
        "remarks": [words(remark) for remark in found.remarks] if found else [],
        "error": error_shown(report.error) if report.error else None,
    }


def _quotation(report: QuoteReport, each: Quotation) -> dict[str, Any]:
    name = report.names[each.text]
    return {
        "declared": each.declared,
        "exact": each.exact,
        "characters": each.characters,
        "place": words(each.place),
        "excerpt": each.excerpt,
        "document": {
            "kind": each.text.kind,
            "id": each.text.id,
            "approval": each.text.approval_number,
            "document_number": name.document_number,
            "title": name.title,
            "level": each.text.level,
            "from": each.text_start,
            "to": each.text_end,
            "of": each.text.length,
        },
        "level": each.level,
        "points": list(each.points),
        "beyond_points": each.beyond,
    }
