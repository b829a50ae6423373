"""The points that the author named in a draft, and how they agree with its record."""

from __future__ import annotations

from pathlib import Path

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.authoring import Authored, disagreements
from dingmi_mark.errors import DingmiError, DraftUnsupported
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.handlers import handler_for, recognised
from dingmi_mark.messages import Message
from dingmi_mark.pipeline.converting import as_markable, suffix_after
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.store.office import Conversion, Limits, Office


def authored_points(draft: Path, limits: Limits, conversion: Conversion | None = None) -> Authored:
    """Return what the author of a draft named, read in a worker process.

    Raises the errors of drafts; DraftUnsupported for what is no Word file.
    """
    found = run_one(read_authored_file, (draft, conversion or Conversion()), limits)
    if isinstance(found, DingmiError):
        raise found
    return found


def read_authored_file(draft: Path, conversion: Conversion) -> Authored:
    """Read a file, for a worker process."""
    with as_markable(draft, conversion) as made:
        handler = handler_for(made.path)
        if not isinstance(handler, DocxHandler):
            raise DraftUnsupported(str(draft), kind=handler.name, supported="DOCX")
        return handler.authored(made.path)


def disagreements_with(record: ApprovalRecord, found: Authored) -> tuple[Message, ...]:
    """Return what stands on one side only, and what of the draft cannot be read."""
    unreadable = tuple(fault.line for fault in found.faults)
    return (*unreadable, *disagreements(record.points, found.points))


def points_told(record: ApprovalRecord, draft: Path, office: Office) -> tuple[Message, ...]:
    """Return how the points named in a draft disagree with its record; nothing but Word has any.

    Raises the errors of drafts.
    """
    becomes_word = suffix_after(draft, office.conversion) == ".docx"
    if not becomes_word and not isinstance(recognised(draft), DocxHandler):
        return ()
    return disagreements_with(record, authored_points(draft, office.limits, office.conversion))
