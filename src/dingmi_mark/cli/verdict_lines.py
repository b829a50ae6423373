"""Say what became of drafts: a line for each, the failures with their reasons at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from gettext import gettext
from types import MappingProxyType

import click

from dingmi_mark.cli.telling import tell, tell_error, tell_line, tell_note
from dingmi_mark.cli.wide import padded, width_of
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.domain.originals import Outcome
from dingmi_mark.messages import N_, Message, say
from dingmi_mark.pipeline.original_words import left_words
from dingmi_mark.pipeline.verdicts import Assurance, BatchResult, MarkedCopy, Status, Verdict

_HEADS: Mapping[Status, str] = MappingProxyType(
    {
        Status.MARKED: N_("marked"),
        Status.UNCHANGED: N_("unchanged"),
        Status.PLANNED: N_("planned"),
        Status.NOTIFIED: N_("notified"),
        Status.FAILED: N_("FAILED"),
    }
)

_ASSURANCES: Mapping[Assurance, str] = MappingProxyType(
    {
        Assurance.RENDERED: N_("confirmed on the page"),
        Assurance.STRUCTURAL: N_("confirmed by its structure, not seen"),
    }
)


def tell_verdict(verdict: Verdict) -> None:
    """Say in a line what became of a draft, and below it what a person should know."""
    heads = {status: gettext(head) for status, head in _HEADS.items()}
    head = padded(heads[verdict.status], max(map(width_of, heads.values())))
    facts = "  ".join(_facts(verdict))
    tell_line(f"{head}  {harmless(str(verdict.draft))}  {facts}".rstrip())
    indent = " " * (width_of(head) + 2)
    for line in _below(verdict):
        tell_line(indent + line)


def tell_batch_end(result: BatchResult) -> None:
    """Say why drafts failed, what else was found, and the numbers."""
    _tell_failures(result)
    _tell_remaining(result)
    for path, error in result.unreadable:
        click.echo(err=True)
        tell_note(say("This record was left out: {record}", record=str(path)))
        tell_error(error)
    for path in result.without_draft:
        tell_note(say("No draft was given for this record: {record}", record=str(path)))
    if result.marked_before:
        count = result.marked_before
        tell_note(
            say("Marked earlier, the draft is gone from here: {count} record(s).", count=count)
        )
    click.echo(err=True)
    tell(_summary(result))
    if result.interrupted:
        tell_note(say("Interrupted. What was finished stays; run the same command again."))


def _facts(verdict: Verdict) -> Iterator[str]:
    if verdict.mark:
        yield verdict.mark
    if len(verdict.copies) > 1:
        first, last = verdict.copies[0].copy_number, verdict.copies[-1].copy_number
        count = len(verdict.copies)
        yield words(say("{count} copies {first}–{last}", count=count, first=first, last=last))
    elif verdict.copies and verdict.copies[0].copy_number:
        yield words(say("copy {number}", number=verdict.copies[0].copy_number))
    if verdict.copies:
        yield f"〔{gettext(_ASSURANCES[_weakest(verdict.copies)])}〕"
    if verdict.error is not None:
        yield words(verdict.error.message).partition("\n")[0]


def _below(verdict: Verdict) -> Iterator[str]:
    if verdict.status is Status.PLANNED:
        for step in verdict.plan:
            yield f"· {words(step)}"
        for picture in verdict.previews:
            yield words(say("Picture: {file}", file=str(picture)))
    for remark in verdict.remarks:
        yield words(say("Note: {remark}", remark=remark))
    for copy in verdict.copies if verdict.status is Status.MARKED else ():
        yield f"→ {harmless(str(copy.path))}"
    for left in verdict.originals:
        if left.outcome is not Outcome.KEPT:
            place = str(left.place) if left.place else ""
            yield words(left_words(left.outcome, str(left.origin), place))


def _weakest(copies: tuple[MarkedCopy, ...]) -> Assurance:
    structural = any(copy.assurance is Assurance.STRUCTURAL for copy in copies)
    return Assurance.STRUCTURAL if structural else Assurance.RENDERED


def _tell_failures(result: BatchResult) -> None:
    failed = [verdict for verdict in result.verdicts if verdict.error is not None]
    if not failed:
        return
    click.echo(err=True)
    tell_note(say("Not marked, and why:"))
    for verdict in failed:
        click.echo(err=True)
        tell_note(say("▪ {draft}", draft=str(verdict.draft)))
        if verdict.error is not None:
            tell_error(verdict.error)


def _tell_remaining(result: BatchResult) -> None:
    lefts = [left for verdict in result.verdicts for left in verdict.originals if left.error]
    if not lefts:
        return
    click.echo(err=True)
    tell_note(say("Marked, but the original without marks is not where it belongs:"))
    for left in lefts:
        click.echo(err=True)
        if left.error is not None:
            tell_error(left.error)


def _summary(result: BatchResult) -> Message:
    counts = {status.value: result.count(status) for status in Status}
    if any(verdict.status is Status.PLANNED for verdict in result.verdicts):
        return say(
            "Tried only, nothing was written: {planned} can be marked, {unchanged} are marked "
            "already, {failed} cannot.",
            **counts,
        )
    return say(
        "{marked} marked, {unchanged} unchanged, {failed} failed.",
        **counts,
    )
