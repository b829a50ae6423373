"""What `remark` tells: the plan, each file, the end of a run; and the same for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dingmi_mark.cli.telling import tell, tell_error, tell_line
from dingmi_mark.cli.words import harmless
from dingmi_mark.domain.remark_plan import LegacyFile, OtherFile, RemarkPlan
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.remark_file import RemarkStatus, RemarkVerdict

if TYPE_CHECKING:
    from dingmi_mark.pipeline.remark_applying import RemarkResult
    from dingmi_mark.pipeline.remark_cleaning import CleanVerdict


def tell_plan(plan: RemarkPlan) -> None:
    """Say what a plan would do, and everything it leaves alone."""
    tell(say("{count} file(s) are exactly those of the notice:", count=len(plan.files)))
    for one in plan.files:
        tell_line(f"  ✓ {harmless(one.path)}  {one.before} → {one.after}")
    if plan.unchanged:
        tell(say("{count} file(s) bear the new mark already:", count=len(plan.unchanged)))
        for one in plan.unchanged:
            tell_line(f"  = {harmless(one.path)}")
    if plan.legacy:
        tell(
            say(
                "{count} file(s) others marked before this program: each needs people who confirm "
                "it (--verify PLAN --as NAME --confirm FILE):",
                count=len(plan.legacy),
            )
        )
        for one_of_others in plan.legacy:
            tell_line(f"  ? {harmless(one_of_others.path)}  {_legacy(one_of_others)}")
    _others(plan.person, say("{count} file(s) need a person:", count=len(plan.person)), "?")
    _others(plan.alike, say("{count} file(s) only look alike:", count=len(plan.alike)), "~")
    told = say("{count} file(s) could not be looked into:", count=len(plan.unreadable))
    _others(plan.unreadable, told, "!")
    if plan.missing:
        tell(say("{count} copy(ies) of the notice have no file here:", count=len(plan.missing)))
        for copy in plan.missing:
            tell_line(f"  - {harmless(copy.name)}  {copy.copy_number}".rstrip())


def _legacy(one: LegacyFile) -> str:
    return harmless(f"“{one.mark}”（{one.where}）  {one.before} → {one.after}  {one.known_by}")


def tell_unconfirmed(files: Sequence[str], wanted: int) -> None:
    """Say which files that others marked too few people confirmed."""
    if files:
        tell(
            say(
                "{count} file(s) that others marked are not confirmed by {wanted} person(s) and "
                "stay as they are:",
                count=len(files),
                wanted=wanted,
            )
        )
    for file in files:
        tell_line(f"  ? {harmless(file)}")


def _others(files: Sequence[OtherFile], head: Message, sign: str) -> None:
    if files:
        tell(head)
    for one in files:
        tell_line(f"  {sign} {harmless(one.path)}  {harmless(one.why)}")


def plan_shown(plan: RemarkPlan, digest: str) -> dict[str, Any]:
    """Return a plan for programs."""
    return {"digest": digest, **asdict(plan)}


def tell_remark(verdict: RemarkVerdict) -> None:
    """Say what became of one file."""
    signs = {RemarkStatus.CHANGED: "✓", RemarkStatus.UNCHANGED: "=", RemarkStatus.FAILED: "✗"}
    tell_line(f"{signs[verdict.status]} {harmless(str(verdict.path))}  {harmless(verdict.mark)}")
    for remark in verdict.remarks:
        tell(remark, indent=4)
    if verdict.error is not None:
        tell_error(verdict.error)


def tell_result(result: RemarkResult) -> None:
    """Say how a run ended, and what comes next."""
    tell(
        say(
            "{changed} changed, {unchanged} unchanged, {failed} failed.",
            changed=result.count(RemarkStatus.CHANGED),
            unchanged=result.count(RemarkStatus.UNCHANGED),
            failed=result.count(RemarkStatus.FAILED),
        )
    )
    if result.count(RemarkStatus.FAILED):
        tell(say("What failed is as it was: mend the cause and run the same command again."))
    tell(
        say(
            "The run is {batch}. Take it back: dingmi-mark undo {batch}. Once the files are given "
            "out: dingmi-mark remark --distributed {batch} --as NAME",
            batch=result.batch_id,
        )
    )


def result_shown(result: RemarkResult) -> dict[str, Any]:
    """Return the result of a run for programs."""
    from dingmi_mark.cli.shown import error_shown

    return {
        "batch_id": result.batch_id,
        "interrupted": result.interrupted,
        "unconfirmed": list(result.unconfirmed),
        "counts": {status.value: result.count(status) for status in RemarkStatus},
        "files": [
            {
                "path": str(one.path),
                "status": one.status.value,
                "mark": one.mark,
                "assurance": one.assurance.value if one.assurance else None,
                "error": error_shown(one.error) if one.error else None,
            }
            for one in result.verdicts
        ],
    }


def tell_clean(verdicts: Sequence[CleanVerdict]) -> None:
    """Say of which files a copy without marks was written, and of which not."""
    for one in verdicts:
        if one.error is not None:
            tell_line(f"✗ {harmless(str(one.path))}")
            tell_error(one.error)
        else:
            tell_line(f"✓ {harmless(str(one.path))} → {harmless(str(one.target))}")
    done = sum(one.error is None for one in verdicts)
    tell(
        say(
            "{count} copy(ies) without marks were written and looked at; whether they may be "
            "published is another decision.",
            count=done,
        )
    )


def clean_shown(verdicts: Sequence[CleanVerdict]) -> list[dict[str, Any]]:
    """Return the same for programs."""
    from dingmi_mark.cli.shown import error_shown

    return [
        {
            "path": str(one.path),
            "copy": str(one.target) if one.target else "",
            "error": error_shown(one.error) if one.error else None,
        }
        for one in verdicts
    ]
