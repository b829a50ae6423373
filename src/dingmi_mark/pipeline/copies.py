"""Make one copy of a draft: intended, written, confirmed, prepared, named, done.

The ledger hears of every step before the next, so that after a crash `doctor` knows what lies on
the disk and finishes or voids it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dingmi_mark import __version__
from dingmi_mark.domain.identity import CopyIdentity, NamedCopy, opaque_id
from dingmi_mark.domain.label import LabelFacts, facts_of, read_label
from dingmi_mark.domain.label_writing import label_bytes
from dingmi_mark.domain.ledger import (
    Done,
    EntryOutOfOrder,
    FileDigests,
    Intended,
    Prepared,
    Renamed,
    Voided,
)
from dingmi_mark.domain.ledger_drawn import MarkDrawn
from dingmi_mark.domain.plan import closing_words
from dingmi_mark.domain.points import ParagraphAnchor, QuoteAnchor
from dingmi_mark.domain.terms import last_secret_day, period_text, plain
from dingmi_mark.engine.shapes import Block
from dingmi_mark.errors import CopyInWork, DingmiError, MarkNotConfirmed, OutputExists
from dingmi_mark.formats.base import Carriers, MarkJob
from dingmi_mark.pipeline.confirm import confirm
from dingmi_mark.pipeline.describing import with_whole_sources
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of, refuse_if_changed
from dingmi_mark.pipeline.prior import made_already, target_of
from dingmi_mark.pipeline.recorded_paths import recorded
from dingmi_mark.pipeline.replacing import (
    give_name,
    keep_rights,
    make_folder,
    output_error,
    temporary_beside,
)
from dingmi_mark.pipeline.strips import seen_with
from dingmi_mark.pipeline.verdicts import Assurance, MarkedCopy
from dingmi_mark.pipeline.work import Work

NOT_WRITTEN = "not_written_or_not_confirmed"
"""Why a copy is void whose marking failed while the program lived."""


def mark_copy(work: Work, copy_number: str) -> MarkedCopy:
    """Make one copy, or return the one that was made before.

    Raises every expected error; then only a voided entry is left of the copy.
    """
    desk = work.desk
    identity = work.identity(copy_number)
    target = target_of(work.task.target, copy_number)
    earlier = made_already(desk, identity, copy_number, target)
    if earlier is not None:
        return earlier
    if os.path.lexists(target):
        raise OutputExists(str(target))
    make_folder(target.parent)
    temporary = temporary_beside(target)
    job = job_of(work, copy_number, identity)
    _intend(work, identity, copy_number, target, temporary)
    ids = (identity.marking_id, identity.copy_id)
    try:
        done = written(work, job, temporary)
        confirmed = (done.content_digest, done.assurance.value)
        prepared = Prepared(*ids, done.digests, *confirmed, desk.now())
        desk.ledger.append(done.drawn, prepared)
        give_name(temporary, target)
    except (DingmiError, OSError) as error:
        _give_up(desk, identity, temporary)
        if isinstance(error, OSError):
            raise output_error(error, target) from error
        raise
    desk.ledger.append(Renamed(*ids, desk.now()), Done(*ids, desk.now()))
    return MarkedCopy(target, copy_number, *ids, done.assurance)


def _intend(
    work: Work, identity: CopyIdentity, copy_number: str, target: Path, temporary: Path
) -> None:
    """Tell the ledger first. Raises CopyInWork where another run has begun the same copy."""
    entry = _intended(work, identity, copy_number, target, temporary)
    try:
        work.desk.ledger.append(entry)
    except EntryOutOfOrder as error:
        raise CopyInWork(str(target)) from error


def job_of(work: Work, copy_number: str, identity: CopyIdentity) -> MarkJob:
    """Return all that is put on and into one copy."""
    blocks = work.placing.blocks(NamedCopy(copy_number, identity.copy_id), work.desk.faces)
    carriers = carriers_of(work, copy_number, identity, blocks)
    job = MarkJob(
        blocks, work.points, carriers, closing_words(work.record), strips=work.placing.strips
    )
    kind = work.point_type
    if kind is None:
        return job
    return replace(job, closing_face=kind.closing_font, closing_size_pt=kind.closing_size_pt)


def carriers_of(
    work: Work,
    copy_number: str,
    identity: CopyIdentity,
    blocks: Mapping[int, tuple[Block, ...]],
) -> Carriers:
    """Return the label of a copy that shows these blocks, and its ids."""
    record = with_whole_sources(work.record, work.known)
    facts = LabelFacts(
        identity=identity,
        copy_number=copy_number,
        approval_digest=work.task.kept.digest,
        draft_sm3=work.content.digests.sm3,
        content_digest=work.paper.draft.content_digest,
        by_digest=work.task.by_digest,
        templates={template.name: template.digest for template in work.templates},
        marks=work.placing.shown(blocks),
        program_version=__version__,
        standing=work.task.standing,
        until=work.until.isoformat(),
    )
    label = label_bytes(record, facts, _point_digests(work))
    ids = (identity.document_id, identity.marking_id, identity.copy_id)
    return Carriers(*ids, label, facts_of(read_label(label)))


@dataclass(frozen=True)
class Written:
    """A marked file that lies finished and confirmed under its temporary name."""

    digests: FileDigests
    content_digest: str
    assurance: Assurance
    drawn: MarkDrawn


def written(work: Work, job: MarkJob, temporary: Path) -> Written:
    """Write the temporary file and confirm it. Raises what writing and confirming do.

    Where a mark on a PDF is not to be seen, readers may have given up on the page before it: then
    once more with the page's own content apart.
    """
    try:
        return _attempt(work, job, temporary)
    except MarkNotConfirmed as first:
        if work.paper.handler.shown_by_others or work.paper.draft.burnt_in:
            raise
        temporary.unlink(missing_ok=True)
        try:
            return _attempt(work, replace(job, isolated=True), temporary)
        except MarkNotConfirmed:
            raise first from None


def _attempt(work: Work, job: MarkJob, temporary: Path) -> Written:
    task, desk, paper = work.task, work.desk, work.paper
    placed = paper.handler.mark(work.source, temporary, job, desk.faces)
    keep_rights(task.draft, temporary)
    refuse_if_changed(task.draft, work.content)
    view = seen_with(paper.view, job.strips) if paper.view else None
    before = (paper.draft, view)
    adopted = work.placing.adopted
    found, assurance = confirm(paper.handler, temporary, before, job, placed, adopted, desk.faces)
    marked = read_bytes_of(temporary, most_mib=ANY_SIZE_MIB)
    carriers = job.carriers
    label_sm3 = hashlib.new("sm3", carriers.record).hexdigest()
    ids = (carriers.marking_id, carriers.copy_id)
    drawn = MarkDrawn(*ids, found.drawn_digest, label_sm3, desk.now())
    return Written(marked.digests, found.content_digest, assurance, drawn)


def _give_up(desk: Desk, identity: CopyIdentity, temporary: Path) -> None:
    """Take away what was begun, and say so in the ledger."""
    temporary.unlink(missing_ok=True)
    try:
        desk.ledger.append(Voided(identity.marking_id, identity.copy_id, NOT_WRITTEN, desk.now()))
    except EntryOutOfOrder:
        return  # `doctor` settled it meanwhile


def _point_digests(work: Work) -> Mapping[str, str]:
    """Digests of the points' words, keyed: nobody without the secret can try words out (R32)."""
    found = {}
    for point in work.record.points:
        match point.anchor:
            case QuoteAnchor(words) | ParagraphAnchor(_, words) if words:
                found[point.id] = opaque_id(work.desk.secret, "point", plain(words))
            case _:
                pass
    return found


def _intended(
    work: Work, identity: CopyIdentity, copy_number: str, target: Path, temporary: Path
) -> Intended:
    desk, record = work.desk, work.record
    marking, start = record.secrecy.marking, record.draft.period_start
    last = last_secret_day(marking.period, start) if start else None
    return Intended(
        document_id=identity.document_id,
        marking_id=identity.marking_id,
        generation=identity.generation,
        copy_id=identity.copy_id,
        copy_number=copy_number,
        batch_id=desk.batch_id,
        runner=desk.runner,
        approval_number=record.number,
        approval_digest=work.task.kept.digest,
        without_digest=not work.task.by_digest,
        level=marking.level.value,
        period=period_text(marking.period),
        last_secret_day=last.isoformat() if last else "",
        classification_kind=record.kind.value,
        draft=work.content.digests,
        content_digest=work.paper.draft.content_digest,
        target=recorded(target, desk.office.folder),
        temporary=recorded(temporary, desk.office.folder),
        program_version=__version__,
        at=desk.now(),
        template_hashes={template.name: template.digest for template in work.templates},
    )
