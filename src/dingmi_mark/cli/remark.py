"""`remark` and `undo`: change the marks of files by a signed notice, plan first."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.credentials import keys_folder, keys_option, passphrase_option, signer_for
from dingmi_mark.cli.grammar import Argument, Command, Option, json_option
from dingmi_mark.cli.notice_desk import approvals_option, approvals_typed, notice_desk
from dingmi_mark.cli.options import jobs_option
from dingmi_mark.cli.progress import progress
from dingmi_mark.cli.remark_lines import (
    clean_shown,
    plan_shown,
    result_shown,
    tell_clean,
    tell_plan,
    tell_remark,
    tell_result,
    tell_unconfirmed,
)
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line
from dingmi_mark.cli.words import command_line, harmless, words
from dingmi_mark.errors import BatchPartlyFailed, ExitCode
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.pipeline.remark_applying import RemarkResult
    from dingmi_mark.store.signatures import Signer

HELP = N_("Change the marks of files by a signed notice: plan first, verify, then apply.")
MORE = N_(
    "NOTICE FOLDER … --plan PLAN.json looks at every file and lists which are exactly those of the "
    "notice, which need a person, which only look alike, which are missing; nothing is changed. "
    "--verify PLAN --as NAME signs the plan, --apply PLAN does just what it says, and refuses "
    "whole where anything changed since. --distributed BATCH says that the files were given out: "
    "until then undo BATCH brings back the files of before."
)


@click.command("remark", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.argument(
    "given",
    metavar=N_("NOTICE FOLDER"),
    nargs=-1,
    cls=Argument,
    explained=N_("The number of a registered notice (or its file), and folders or files."),
)
@click.option(
    "--plan",
    metavar=N_("PLAN"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("Write the plan into this new file; nothing else is changed."),
)
@click.option(
    "--verify",
    metavar=N_("PLAN"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("Sign a plan that you looked through, with --as."),
)
@click.option(
    "--confirm",
    metavar=N_("FILE"),
    type=click.Path(path_type=Path),
    multiple=True,
    cls=Option,
    help=N_(
        "With --verify: you looked at this file, which others marked before this program, and it "
        "is the paper of the notice. May be given again."
    ),
)
@click.option(
    "--apply",
    "apply_file",
    metavar=N_("PLAN"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("Do what a verified plan says. The same command goes on after an interruption."),
)
@click.option(
    "--distributed",
    metavar=N_("BATCH"),
    cls=Option,
    help=N_("The files of this run were given out: the files of before are destroyed. With --as."),
)
@click.option(
    "--clean",
    metavar=N_("DIR"),
    type=click.Path(path_type=Path, file_okay=False),
    cls=Option,
    help=N_("Write copies without any mark of released files into this folder, where allowed."),
)
@click.option("--as", "name", metavar=N_("NAME"), default="", cls=Option, help=N_("Your own name."))
@click.option(
    "--keep-times",
    is_flag=True,
    cls=Option,
    help=N_("With --plan: the files keep the time of their last change."),
)
@jobs_option()
@approvals_option()
@keys_option()
@passphrase_option()
@json_option()
@click.pass_obj
def remark_command(session: Session, /, **given: Any) -> int:
    """Do the one step that was asked for."""
    steps = [key for key in ("plan", "verify", "apply_file", "distributed", "clean") if given[key]]
    if len(steps) != 1:
        wanted = say("Give one of --plan, --verify, --apply, --distributed, --clean.")
        raise click.UsageError(words(wanted))
    if steps[0] in ("verify", "distributed") and not given["name"]:
        raise click.UsageError(words(say("Give your own name: --as NAME")))
    if given["confirm"] and steps[0] != "verify":
        raise click.UsageError(words(say("--confirm goes with --verify.")))
    if (steps[0] in ("plan", "clean")) != (len(given["given"]) >= 2):
        wanted = say("A notice and folders go with --plan and --clean, and only there.")
        raise click.UsageError(words(wanted))
    return _STEPS[steps[0]](session, given)


def _plan(session: Session, given: dict[str, Any]) -> int:
    from dingmi_mark.pipeline.notices import refuse_unclear, registered_notice
    from dingmi_mark.pipeline.remark_planning import make_plan
    from dingmi_mark.store.remark_plans import write_plan

    number, *folders = given["given"]
    with notice_desk(session, given["approvals"]) as desk, progress() as shown:
        checked = registered_notice(number, desk)
        refuse_unclear(checked)
        plan = make_plan(
            checked,
            [Path(folder) for folder in folders],
            desk,
            told=words,
            on_start=shown.start,
            on_file=shown.advance,
            workers=given["jobs"],
            keep_times=given["keep_times"],
        )
        digest = write_plan(plan, given["plan"])
        wanted = desk.office.policies.remark_verifiers
    if given["as_json"]:
        tell_json("ok", ExitCode.OK, result=plan_shown(plan, digest))
        return ExitCode.OK
    tell_plan(plan)
    tell(say("The plan: {file} ({digest})", file=str(given["plan"]), digest=digest[:20]))
    tell(
        say(
            "Nothing was changed. {count} person(s) look through it and sign: dingmi-mark remark "
            "--verify {file} --as NAME{approvals}",
            count=wanted,
            file=command_line((str(given["plan"]),)),
            approvals=approvals_typed(given["approvals"]),
        )
    )
    return ExitCode.OK


def _verify(session: Session, given: dict[str, Any]) -> int:
    from dingmi_mark.pipeline.notices import lacks_records, registered_notice
    from dingmi_mark.pipeline.remark_verifying import (
        confirm_files,
        confirmed_part,
        newest_key,
        verifiers_of,
        verify_plan,
    )
    from dingmi_mark.store.remark_plans import read_plan

    plan, digest = read_plan(given["verify"])
    folder, file = keys_folder(given["keys"]), given["passphrase_file"]
    with notice_desk(session, given["approvals"]) as desk:
        key = newest_key(desk.trust, given["name"])

        @cache
        def signer() -> Signer:
            return signer_for(key, desk.office, folder, file)

        if given["confirm"]:
            confirm_files(plan, digest, given["confirm"], key, signer, desk)
        names = verifiers_of(plan, digest, desk.ledger, desk.trust)
        if key.holder not in names or not given["confirm"]:
            names = verify_plan(plan, digest, key, signer, desk)
        wanted = desk.office.policies.remark_verifiers
        part = confirmed_part(plan, digest, desk)
        lacking = lacks_records(registered_notice(plan.notice_number, desk))
    if given["as_json"]:
        shown = {
            "verifiers": list(names),
            "wanted": wanted,
            "confirmed": [one.path for one in part.confirmed],
            "unconfirmed": list(part.unconfirmed),
        }
        tell_json("ok", ExitCode.OK, result=shown)
        return ExitCode.OK
    tell(say("Signed by {names}; {wanted} are needed.", names="、".join(names), wanted=wanted))
    tell_unconfirmed(part.unconfirmed, wanted)
    _tell_next(given["verify"], wanted - len(names), given["approvals"], lacking)
    return ExitCode.OK


def _tell_next(plan: Path, missing: int, approvals: tuple[Path, ...], lacking: bool) -> None:
    """Say how a plan goes on: so many signatures are missing; `lacking`: records are, too."""
    file, folders = command_line((str(plan),)), approvals_typed(approvals)
    if missing > 0:
        tell(
            say(
                "{count} more sign it: dingmi-mark remark --verify {file} --as NAME{approvals}",
                count=missing,
                file=file,
                approvals=folders,
            )
        )
        return
    more = say("{approvals} --approvals DIR", approvals=folders) if lacking else folders
    tell(say("Next: dingmi-mark remark --apply {file}{approvals}", file=file, approvals=more))
    if lacking:
        tell(say("The records of this notice are not all here: DIR is the folder they lie in."))


def _apply(session: Session, given: dict[str, Any]) -> int:
    from dingmi_mark.pipeline.remark_applying import apply_plan
    from dingmi_mark.pipeline.remark_file import RemarkVerdict
    from dingmi_mark.store.remark_plans import read_plan

    plan, digest = read_plan(given["apply_file"])
    with notice_desk(session, given["approvals"]) as desk, progress() as shown:

        def on_verdict(verdict: RemarkVerdict) -> None:
            shown.advance()
            if not given["as_json"]:
                tell_remark(verdict)

        result = apply_plan(
            plan,
            digest,
            desk,
            on_start=shown.start,
            on_verdict=on_verdict,
            workers=given["jobs"],
        )
        wanted = desk.office.policies.remark_verifiers
    code = code_of(result)
    if given["as_json"]:
        tell_json("failed" if code else "ok", code, result=result_shown(result))
    else:
        tell_unconfirmed(result.unconfirmed, wanted)
        tell_result(result)
    return code


def code_of(result: RemarkResult) -> ExitCode:
    """Return the exit code: a single file has its own, several have one together."""
    from dingmi_mark.pipeline.remark_file import RemarkStatus

    failed = [one for one in result.verdicts if one.status is RemarkStatus.FAILED]
    if result.interrupted:
        return ExitCode.INTERRUPTED
    if len(result.verdicts) == 1 and failed and failed[0].error is not None:
        return failed[0].error.code
    return BatchPartlyFailed.code if failed else ExitCode.OK


def _confirm(session: Session, given: dict[str, Any]) -> int:
    from dingmi_mark.pipeline.remark_undoing import confirm_distributed

    with notice_desk(session, ()) as desk:
        count = confirm_distributed(given["distributed"], given["name"], desk)
    if given["as_json"]:
        tell_json("ok", ExitCode.OK, result={"destroyed": count})
    else:
        tell(say("{count} file(s) of before were destroyed; the ledger says so.", count=count))
    return ExitCode.OK


def _clean(session: Session, given: dict[str, Any]) -> int:
    from dingmi_mark.pipeline.notices import registered_notice
    from dingmi_mark.pipeline.remark_cleaning import clean_copies

    number, *folders = given["given"]
    with notice_desk(session, given["approvals"]) as desk:
        checked = registered_notice(number, desk)
        paths = [Path(folder) for folder in folders]
        verdicts = clean_copies(
            checked, paths, given["clean"], desk, told=words, workers=given["jobs"]
        )
    errors = [one.error for one in verdicts if one.error is not None]
    code = ExitCode.OK
    if errors:
        code = errors[0].code if len(verdicts) == 1 else BatchPartlyFailed.code
    if given["as_json"]:
        tell_json("failed" if code else "ok", code, result={"files": clean_shown(verdicts)})
    else:
        tell_clean(verdicts)
    return code


_STEPS = {
    "plan": _plan,
    "verify": _verify,
    "apply_file": _apply,
    "distributed": _confirm,
    "clean": _clean,
}


@click.command(
    "undo",
    cls=Command,
    help=N_("Bring back, byte for byte, the files that a run of re-marking changed.")
    + "\n\n"
    + N_(
        "Only until remark --distributed: afterwards a wrong change is mended by a notice of "
        "correction. Nothing is changed where one of the files is not as the run left it."
    ),
)
@click.argument(
    "batch", metavar=N_("BATCH"), cls=Argument, explained=N_("The run: remark-… as it was told.")
)
@json_option()
@click.pass_obj
def undo_command(session: Session, batch: str, as_json: bool) -> None:
    """Undo a run."""
    from dingmi_mark.pipeline.remark_undoing import undo_batch

    with notice_desk(session, ()) as desk:
        files = undo_batch(batch, desk)
    if as_json:
        tell_json("ok", ExitCode.OK, result={"files": [str(file) for file in files]})
        return
    for file in files:
        tell_line(f"  {harmless(str(file))}")
    tell(say("{count} file(s) are as they were before {batch}.", count=len(files), batch=batch))
