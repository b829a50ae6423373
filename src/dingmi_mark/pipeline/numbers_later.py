"""One marked file without 份号, whose copies a guarded printer numbers: when it may be made.

A paper has its numbers from one place only: from `mark`, a file each, or from the printer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dingmi_mark.domain.identity import NamedCopy
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.ledger_printing import NumbersAtPrinter
from dingmi_mark.domain.plan import copy_numbers
from dingmi_mark.errors import NumberingRefused
from dingmi_mark.formats.pdf.handler import PdfHandler
from dingmi_mark.messages import say
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.placing import place_marks
from dingmi_mark.pipeline.tasks import MarkTask

if TYPE_CHECKING:
    from dingmi_mark.pipeline.work import Work


def refuse_other_numbering(task: MarkTask, desk: Desk) -> None:
    """Raise NumberingRefused where the record has no copies, or its copies are numbered already
    in the other way.
    """
    record = task.kept.record
    if record.draft.copies < 1:
        if task.at_printer:
            raise NumberingRefused(cause=say("the record gives no number of copies"))
        return
    made = {
        not known.intended.copy_number
        for known in desk.ledger.by_approval(record.number)
        if known.state is not MarkingState.VOIDED
    }
    if made - {task.at_printer}:
        cause = (
            say("files with numbers of their own were made of it")
            if task.at_printer
            else say("a file without 份号 was made of it, which the printer numbers")
        )
        raise NumberingRefused(cause=cause)


def refuse_no_numbering(work: Work) -> None:
    """Raise NumberingRefused where a printer could not number the file, and what finding a place
    for the number does.
    """
    if not work.task.at_printer:
        return
    if not isinstance(work.paper.handler, PdfHandler):
        raise NumberingRefused(cause=say("only the marked file of a PDF can be numbered"))
    desk, record = work.desk, work.record
    number = copy_numbers(record)[0]
    place_marks(
        work.paper,
        record,
        work.templates,
        desk.office.policies,
        desk.faces,
        copy=NamedCopy(number, work.identity(number).copy_id),
        signature_png=work.placing.signature_png,
    )


def open_numbers(work: Work) -> None:
    """Tell the ledger how many numbers a printer may give."""
    if work.task.at_printer:
        record, desk = work.record, work.desk
        marking = work.identity("").marking_id
        desk.ledger.append(
            NumbersAtPrinter(record.number, marking, record.draft.copies, desk.now())
        )
