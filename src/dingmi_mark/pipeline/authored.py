"""The points that the author named in a draft, and how they agree with its record."""

from __future__ import annotations

from pathlib import Path

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.authoring import Authored, disagreements
from dingmi_mark.errors import DingmiError, DraftUnsupported
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.handlers import handler_for, recognised
from dingmi_mark.messages import Message
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.store.office import Limits


def authored_points(draft: Path, limits: Limits) -> Authored:
    """Return what the author of a draft named, read in a worker process.

    Raises the errors of drafts; DraftUnsupported for what is no Word file.
    """
    found = run_one(read_authored_file, (draft,), limits)
    if isinstance(found, DingmiError):
        raise found
    return found


def read_authored_file(draft: Path) -> Authored:
    """Read a file, for a worker process."""
    handler = handler_for(draft)
    if not isinstance(handler, DocxHandler):
        raise DraftUnsupported(str(draft), kind=handler.name, supported="DOCX")
    return handler.authored(draft)


def disagreements_with(record: ApprovalRecord, found: Authored) -> tuple[Message, ...]:
    """Return what stands on one side only, and what of the draft cannot be read."""
    unreadable = tuple(fault.line for fault in found.faults)
    return (*unreadable, *disagreements(record.points, found.points))


def points_told(record: ApprovalRecord, draft: Path, limits: Limits) -> tuple[Message, ...]:
    """Return how the points named in a draft disagree with its record; nothing but Word has any.

    Raises the errors of drafts.
    """
    if not isinstance(recognised(draft), DocxHandler):
        return ()
    return disagreements_with(record, authored_points(draft, limits))
