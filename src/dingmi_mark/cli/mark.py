"""`mark`: put approved marks on drafts."""

from __future__ import annotations

from pathlib import Path

import click

from dingmi_mark.cli.credentials import password_in, password_option
from dingmi_mark.cli.grammar import Argument, Command, Option, json_option
from dingmi_mark.cli.options import jobs_option
from dingmi_mark.cli.progress import progress
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell_json
from dingmi_mark.cli.verdict_lines import tell_batch_end, tell_verdict
from dingmi_mark.cli.words import words
from dingmi_mark.errors import BatchPartlyFailed, DingmiError, DraftNotAccessible, ExitCode
from dingmi_mark.messages import N_, say
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.verdicts import BatchResult, Status, Verdict

HELP = N_("Put approved classification marks on drafts.")
MORE = N_(
    "Each draft needs its approval record. Drafts are never changed: the marked file is a new one "
    "under the same name (with its 份号) in the folder of --out. A draft that fails leaves nothing "
    "behind; run the same command again when its cause is mended: what is marked is not marked "
    "twice. When all copies are made, the office's policy (drafts_after) says whether the original "
    "stays, is moved to the archive, or is deleted."
)


@click.command("mark", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.argument(
    "drafts",
    metavar=N_("DRAFT"),
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("Drafts, or folders with drafts (with all folders in them)."),
)
@click.option(
    "--approvals",
    metavar=N_("PATH"),
    multiple=True,
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_(
        "Approval records, or folders with them; may be given again. Else the office's approvals."
    ),
)
@click.option(
    "--approved",
    metavar=N_("NUMBER"),
    default="",
    cls=Option,
    help=N_("The one draft belongs to the record of this number, whatever its name."),
)
@click.option(
    "--out",
    metavar=N_("DIR"),
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    cls=Option,
    help=N_("The folder for the marked files; it is made where it is missing."),
)
@click.option(
    "--provisional",
    is_flag=True,
    cls=Option,
    help=N_(
        "Before the approval: put the provisional mark (拟定, without ★) on drafts whose record is "
        "handed in and not decided."
    ),
)
@click.option(
    "--sealed",
    is_flag=True,
    cls=Option,
    help=N_(
        "For PDF files that are signed already: no mark, but a label that leaves the signature "
        "valid, a marked cover sheet and a written notice."
    ),
)
@click.option(
    "--numbers-at-printer",
    "at_printer",
    is_flag=True,
    cls=Option,
    help=N_(
        "Make one file without 份号 (PDF): a guarded print queue gives every copy its number when "
        "it prints, up to the number of copies of the record."
    ),
)
@click.option(
    "--dry-run",
    is_flag=True,
    cls=Option,
    help=N_("Only try: tell what would be marked and how, write nothing."),
)
@click.option(
    "--preview",
    metavar=N_("DIR"),
    type=click.Path(file_okay=False, path_type=Path),
    cls=Option,
    help=N_("With --dry-run: put pictures of the pages as they would be into this folder."),
)
@jobs_option()
@password_option()
@json_option()
@click.pass_obj
def mark_command(
    session: Session,
    drafts: tuple[Path, ...],
    approvals: tuple[Path, ...],
    approved: str,
    out: Path,
    provisional: bool,
    sealed: bool,
    at_printer: bool,
    dry_run: bool,
    preview: Path | None,
    jobs: int,
    password_file: Path | None,
    as_json: bool,
) -> int:
    """Mark the drafts and tell what became of each."""
    from dingmi_mark.domain.standing import Standing
    from dingmi_mark.pipeline.batch import mark_drafts

    if preview is not None and not dry_run:
        raise click.UsageError(words(say("--preview goes with --dry-run only.")))
    if sealed and provisional:
        raise click.UsageError(words(say("--sealed goes with approved drafts only.")))
    if at_printer and (sealed or provisional):
        raise click.UsageError(
            words(say("--numbers-at-printer goes with approved drafts that are not signed only."))
        )
    if approved and (len(drafts) != 1 or drafts[0].is_dir()):
        raise click.UsageError(words(say("--approved goes with a single draft.")))
    office = session.office()
    standing = Standing.PROVISIONAL if provisional else Standing.FORMAL
    records = approvals or (office.approvals,)
    request = MarkRequest(
        drafts,
        records,
        out,
        dry_run,
        preview,
        jobs,
        approved=approved,
        standing=standing,
        password=password_in(password_file),
        sealed=sealed,
        at_printer=at_printer,
    )
    with progress() as shown:

        def on_verdict(verdict: Verdict) -> None:
            shown.advance()
            if not as_json:
                tell_verdict(verdict)

        result = mark_drafts(request, office, on_start=shown.start, on_verdict=on_verdict)
    if not (result.verdicts or result.interrupted or result.marked_before):
        raise DraftNotAccessible(_names(drafts), cause=say("there is no draft in it"))
    code = code_of(result)
    if as_json:
        from dingmi_mark.cli.shown import batch_shown, error_shown

        error = _only_error(result)
        tell_json(
            _status(result, code),
            code,
            result=batch_shown(result),
            error=error_shown(error) if error else None,
        )
    else:
        tell_batch_end(result)
    return code


def code_of(result: BatchResult) -> ExitCode:
    """Return the exit code of a run: a single draft has its own, several have one together.

    Where all are marked, it is that of the first original that could not go where it belongs.
    """
    if result.interrupted:
        return ExitCode.INTERRUPTED
    error = _only_error(result)
    return error.code if error else ExitCode.OK


def _only_error(result: BatchResult) -> DingmiError | None:
    failed = [verdict for verdict in result.verdicts if verdict.status is Status.FAILED]
    if not failed:
        lefts = (left for verdict in result.verdicts for left in verdict.originals)
        return next((left.error for left in lefts if left.error is not None), None)
    if len(result.verdicts) == 1 and failed[0].error is not None:
        return failed[0].error
    return BatchPartlyFailed(failed=len(failed), total=len(result.verdicts))


def _status(result: BatchResult, code: ExitCode) -> str:
    if result.interrupted:
        return "interrupted"
    if code is ExitCode.OK:
        return "ok"
    return "failed" if result.count(Status.FAILED) == len(result.verdicts) else "partly_failed"


def _names(drafts: tuple[Path, ...]) -> str:
    return "、".join(str(draft) for draft in drafts)
