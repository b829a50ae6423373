"""What a file says of its marking, against itself and against the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.reading import written_period
from dingmi_mark.domain.terms import STAR, period_text
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.evidence import Evidence
from dingmi_mark.pipeline.verdicts import Agreement, CheckLine


def mark_of(evidence: Evidence) -> str:
    """The mark as the ledger has it, else as the file says; empty where nothing tells."""
    if evidence.change is not None:
        return mark_after(evidence.change)
    if evidence.known is not None:
        intended = evidence.known.intended
        return f"{intended.level}★{intended.period}"
    return str(evidence.label["marking"]["text"]) if evidence.label else ""


def mark_after(change: MarkingChanged) -> str:
    """What the mark says after a change: `秘密★5年`, or 解密."""
    return "解密" if change.released else f"{change.level}{STAR}{_period(change)}"


def _period(change: MarkingChanged) -> str:
    period = written_period(change.period)
    return period_text(period) if period else change.period


def label_lines(evidence: Evidence, *, has_ledger: bool) -> tuple[CheckLine, ...]:
    """Return what agrees, is missing or contradicts in carriers and ledger."""
    lines = [*_carriers(evidence), *_drawn(evidence)]
    cause = evidence.draft.disguised
    if cause is not None:
        told = say(
            "Word or PowerPoint does not show or print the marks as they were made: {cause}. Use "
            "the file as it was marked, from where it is kept.",
            cause=cause,
        )
        lines.append(_contradicts(told))
    if has_ledger:
        lines += _ledger(evidence)
    return tuple(lines)


def _carriers(evidence: Evidence) -> Iterator[CheckLine]:
    embedded = evidence.draft.embedded
    if embedded is None:
        yield _missing(say("The file says nothing of its marking: its metadata is lost."))
        return
    if len(embedded.records) > 1 or len(embedded.marking_ids) > 1:
        yield _contradicts(say("The file carries labels of more than one marking."))
    if evidence.label is None and embedded.records:
        yield _contradicts(say("The label in the file cannot be read, or is of a newer version."))
        return
    missing = [level for level, there in embedded.levels.items() if not there]
    if evidence.label is None:
        yield _missing(say("Only the ids of its marking are left in the file."))
    if missing:
        yield _missing(say("The label is missing at: {levels}", levels=", ".join(missing)))
    elif evidence.label is not None:
        text = str(evidence.label["marking"]["text"])
        yield _agrees(say("The label in the file is whole ({mark}).", mark=text))


def _drawn(evidence: Evidence) -> Iterator[CheckLine]:
    """The file's own parts against what the ledger has of them: not of a file it knows whole."""
    drawn = evidence.drawn
    if drawn is None:
        return
    if evidence.draft.drawn_digest != drawn.drawn_digest:
        yield _contradicts(
            say(
                "The marks are not drawn as they were made: they were altered, or another program "
                "wrote them anew. Use the file as it was marked, from where it is kept."
            )
        )
    record = evidence.draft.embedded.records[:1] if evidence.draft.embedded else ()
    if any(hashlib.new("sm3", each).hexdigest() != drawn.label_sm3 for each in record):
        yield _contradicts(say("The label in the file was changed after marking."))


def _ledger(evidence: Evidence) -> Iterator[CheckLine]:
    known = evidence.known
    if known is None and evidence.legacy is not None:
        yield from _legacy(evidence)
        return
    if known is None:
        yield _contradicts(say("The ledger of this office does not know this file."))
        return
    if known.state is not MarkingState.DONE:
        yield _contradicts(say("By the ledger this marking was never finished."))
    yield _bytes(evidence)
    yield from _changes(evidence)
    yield from _facts(evidence)


def _bytes(evidence: Evidence) -> CheckLine:
    if evidence.same_bytes:
        return _agrees(say("The file is, byte for byte, the one the ledger knows."))
    if evidence.same_content:
        return _agrees(say("Another program has saved the file anew; its content is the same."))
    return _contradicts(say("The content of the file was changed after marking."))


def _legacy(evidence: Evidence) -> Iterator[CheckLine]:
    """A paper that others marked: what its old mark was, and by whom it was struck."""
    paper, label, change = evidence.legacy, evidence.label, evidence.change
    assert paper is not None, "asked for such papers only"
    yield _agrees(
        say(
            "Others marked this paper before this program ({mark}); the old mark was struck here.",
            mark=f"{paper.level}{STAR}{paper.period}",
        )
    )
    yield _bytes(evidence)
    yield from _changes(evidence)
    if label is None or change is None:
        return
    told = (str(label["marking"]["level"]), str(label["marking"]["period"]["text"]))
    wanted = (change.level, _period(change))
    if told == wanted:
        yield _agrees(say("Label and ledger say the same."))
    else:
        yield _contradicts(
            say(
                "{what}: the file says {found}, the ledger {wanted}.",
                what=say("mark"),
                found=STAR.join(told),
                wanted=STAR.join(wanted),
            )
        )


def _changes(evidence: Evidence) -> Iterator[CheckLine]:
    """Whether the file bears the mark that holds now."""
    overtaken, change = evidence.overtaken_by, evidence.change
    if overtaken is not None:
        yield _contradicts(
            say(
                "By the ledger {notice} changed the document ({mark}): the file bears the mark of "
                "before.",
                notice=overtaken.notice_number,
                mark=mark_after(overtaken),
            )
        )
    elif change is not None:
        said = say(
            "It was changed by {notice} ({kind}).", notice=change.notice_number, kind=change.kind
        )
        yield _agrees(said)
    elif evidence.bears:
        yield _contradicts(
            say(
                "It bears a change by {notice} that the ledger does not have.",
                notice=evidence.bears,
            )
        )


def _facts(evidence: Evidence) -> Iterator[CheckLine]:
    """The label's own words against the ledger's."""
    label, known = evidence.label, evidence.known
    if label is None or known is None:
        return
    intended, change = known.intended, evidence.change
    level = change.level if change else intended.level
    period = _period(change) if change else intended.period
    pairs: tuple[tuple[Message, str, str], ...] = (
        (say("level"), str(label["marking"]["level"]), level),
        (say("period"), str(label["marking"]["period"]["text"]), period),
        (say("copy number"), str(label["marking"]["copy_number"]), intended.copy_number),
        (say("approval record"), str(label["approval"]["digest"]), intended.approval_digest),
        (say("draft"), str(label["document"]["draft_sm3"]), intended.draft.sm3),
    )
    differing = [(what, found, wanted) for what, found, wanted in pairs if found != wanted]
    for what, found, wanted in differing:
        yield _contradicts(
            say(
                "{what}: the file says {found}, the ledger {wanted}.",
                what=what,
                found=found or "-",
                wanted=wanted or "-",
            )
        )
    if not differing:
        yield _agrees(say("Label and ledger say the same."))


def _agrees(says: Message) -> CheckLine:
    return CheckLine(Agreement.AGREES, says)


def _missing(says: Message) -> CheckLine:
    return CheckLine(Agreement.MISSING, says)


def _contradicts(says: Message) -> CheckLine:
    return CheckLine(Agreement.CONTRADICTS, says)
