"""The points that the author named in a draft, and how they agree with its record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.authoring import Authored
from dingmi_mark.domain.authoring_agreement import disagreements
from dingmi_mark.domain.matching import DraftFile, may_be_about
from dingmi_mark.errors import (
    DingmiError,
    DraftNotAccessible,
    DraftUnsupported,
    PointsDisagree,
)
from dingmi_mark.formats.base import FormatHandler
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.handlers import handler_for, recognised
from dingmi_mark.formats.plain_file import no_file_because
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline.converting import Markable, as_markable, suffix_after
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.store.office import (
    AuthoredPoints,
    AuthoringMarks,
    Conversion,
    Limits,
    Office,
    Policies,
)


def authored_points(draft: Path, limits: Limits, conversion: Conversion | None = None) -> Authored:
    """Return what the author of a draft named, read in a worker process.

    Raises the errors of drafts; DraftUnsupported for what is no Word file.
    """
    if (cause := no_file_because(draft)) is not None:
        raise DraftNotAccessible(str(draft), cause=cause)
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


def compared(
    record: ApprovalRecord, draft: Path, found: Authored, limits: Limits
) -> tuple[Message, ...]:
    """Return how a draft disagrees with a record that somebody named; of another draft's, that.

    Raises the errors of drafts.
    """
    content = read_bytes_of(draft, most_mib=limits.file_mb)
    if may_be_about(record, DraftFile(draft.name, content.names)):
        return disagreements_with(record, found)
    other = say(
        "The record is not about this draft: neither the digest nor a file name it gives is the "
        "draft's. Their points are not compared."
    )
    return (other, *(fault.line for fault in found.faults))


def authored_remarks(
    record: ApprovalRecord, path: Path, handler: FormatHandler, policies: Policies
) -> tuple[Message, ...]:
    """Return how the points named in a file that is being marked disagree with its record, and
    that brackets in its text stay there.

    Raises PointsDisagree where the office's policy stops there; what reading the file raises.
    """
    if not isinstance(handler, DocxHandler):
        return ()
    found = handler.authored(path)
    told = disagreements_with(record, found)
    if told and policies.authored_points is AuthoredPoints.STOP:
        raise PointsDisagree(findings=tuple(Fault("", one) for one in told))
    if found.brackets and policies.authoring_marks is AuthoringMarks.KEEP:
        stay = say(
            "The brackets that name points (【密点 …】, 【密点完】) stay on the marked page; "
            'authoring_marks = "remove" in office.toml takes them out.'
        )
        return (*told, stay)
    return told


@contextmanager
def as_published(made: Markable, handler: FormatHandler, policies: Policies) -> Iterator[Markable]:
    """Give the file without what names points in it, where the office's policy is that."""
    keeps = policies.authoring_marks is AuthoringMarks.KEEP
    if keeps or not isinstance(handler, DocxHandler):
        yield made
        return
    with TemporaryDirectory(prefix="dingmi-published-") as private:
        clean = Path(private, made.path.name)
        if handler.without_authoring(made.path, clean):
            yield replace(made, path=clean, authoring_removed=True)
        else:
            yield made


def points_told(record: ApprovalRecord, draft: Path, office: Office) -> tuple[Message, ...]:
    """Return how the points named in a draft disagree with its record; nothing but Word has any.

    Raises the errors of drafts.
    """
    return disagreements_with(record, authored_in(draft, office))


def authored_in(draft: Path, office: Office) -> Authored:
    """Return what the author of a draft named; nothing where it does not become a Word file.

    Raises the errors of drafts.
    """
    becomes_word = suffix_after(draft, office.conversion) == ".docx"
    if not becomes_word and not isinstance(recognised(draft), DocxHandler):
        return Authored((), ())
    return authored_points(draft, office.limits, office.conversion)
