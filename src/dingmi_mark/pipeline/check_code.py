"""Which copy a paper is, by the 2D codes on its pages, where nothing else of its label is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dingmi_mark.domain.code import copy_in
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.ledger_printing import NumberIssued
from dingmi_mark.domain.terms import STAR
from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.base import PageView
from dingmi_mark.formats.code import CODE_DPI, can_read_codes, read_codes
from dingmi_mark.messages import say
from dingmi_mark.pipeline.check_label import mark_after
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.evidence import Evidence, changes_of
from dingmi_mark.pipeline.verdicts import Agreement, CheckLine
from dingmi_mark.store.ledger import Ledger

_MOST_PAGES = 50
"""A scan of more pages than this is looked at no further: its first pages have told."""


@dataclass(frozen=True)
class _Copy:
    """A copy as the ledger has it, by the id in its code."""

    approval_number: str
    number: str
    document_id: str
    mark: str


def code_lines(view: PageView, evidence: Evidence, desk: Desk | None) -> tuple[CheckLine, ...]:
    """Return which copies the codes on the pages name; nothing where there is none of ours.

    A file with its label is not read here: `check_ink` looks for the code it should show.
    """
    known_pixels = evidence.draft.burnt_in and evidence.known is not None
    if evidence.label is not None or known_pixels or not can_read_codes():
        return ()
    found: dict[str, int] = {}
    for page, copy_id in _codes(view):
        found.setdefault(copy_id, page)
    return tuple(line for copy_id, page in found.items() for line in _told(copy_id, page, desk))


def _codes(view: PageView) -> Iterator[tuple[int, str]]:
    """Yield page and copy of every code of ours: on the first page, and on pages that are pictures
    only, such as those of several scanned papers.
    """
    for page, size in enumerate(view.sizes[:_MOST_PAGES]):
        if page and view.lines(page):
            continue
        for said in read_codes(view.picture(page, Box(0, 0, size.width, size.height), CODE_DPI)):
            copy_id = copy_in(said)
            if copy_id is not None:
                yield page, copy_id


def _told(copy_id: str, page: int, desk: Desk | None) -> Iterator[CheckLine]:
    if desk is None:
        says = say(
            "Page {page} bears a 2D code of this program; the ledger of its office knows which "
            "copy it is.",
            page=page + 1,
        )
        yield CheckLine(Agreement.AGREES, says)
        return
    copy = _copy(copy_id, desk.ledger)
    if copy is None:
        says = say(
            "The ledger of this office does not know the 2D code on page {page}.", page=page + 1
        )
        yield CheckLine(Agreement.CONTRADICTS, says)
        return
    says = say(
        "By its 2D code page {page} is of {number} ({mark}), copy {copy}.",
        page=page + 1,
        number=copy.approval_number,
        mark=copy.mark,
        copy=copy.number or "-",
    )
    yield CheckLine(Agreement.AGREES, says)
    for change in changes_of(copy.document_id, desk.ledger)[-1:]:
        says = say(
            "{notice} changed this document: it is {mark} now.",
            notice=change.notice_number,
            mark=mark_after(change),
        )
        yield CheckLine(Agreement.AGREES, says)


def _copy(copy_id: str, ledger: Ledger) -> _Copy | None:
    """Find a copy that was made as a file, or numbered by a printer."""
    known = ledger.copy(copy_id)
    if known is not None and known.state is MarkingState.DONE:
        intended = known.intended
        mark = f"{intended.level}{STAR}{intended.period}"
        number = intended.copy_number
        return _Copy(intended.approval_number, number, intended.document_id, mark)
    issued = (act for _, act in ledger.acts(NumberIssued) if act.copy_id == copy_id)
    printed = next(issued, None)
    if printed is None:
        return None
    done = [m for m in ledger.done_markings() if m.approval_number == printed.approval_number]
    if not done:
        return None
    of = done[-1]
    mark = f"{of.level}{STAR}{of.period}"
    return _Copy(of.approval_number, printed.copy_number, of.document_id, mark)
