"""Plan first: look at every file of the folders, list what a notice is about, change nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from dingmi_mark.domain.change import after
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.remark_plan import (
    DocumentState,
    LegacyFile,
    MissingCopy,
    OtherFile,
    PlannedFile,
    RemarkPlan,
    Standing,
)
from dingmi_mark.domain.terms import plain
from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import Message
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.desk import clear_private_folders
from dingmi_mark.pipeline.evidence import changes_of
from dingmi_mark.pipeline.notices import CheckedItem, CheckedNotice, NoticeDesk
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.remark_file import FOLDER
from dingmi_mark.pipeline.remark_looking import Sighting, Wanted, look_in_worker, stem_of
from dingmi_mark.store.ledger_records import MarkingRecord

T = TypeVar("T")


def make_plan(
    checked: CheckedNotice,
    folders: Sequence[Path],
    desk: NoticeDesk,
    *,
    told: Callable[[Message], str],
    on_start: Callable[[int], None] = lambda _: None,
    on_file: Callable[[], None] = lambda: None,
    workers: int = 0,
    keep_times: bool = False,
) -> RemarkPlan:
    """Return the plan of a notice for the files in these folders.

    `told` puts a reason into words. Raises KeyboardInterrupt when the user stops it.
    """
    markings = {
        one.document.document_id: _copies(one, desk) for one in checked.items if one.document
    }
    kept = os.path.realpath(desk.office.folder / FOLDER)
    paths = tuple(dict.fromkeys(_files(folders, without=kept)))
    on_start(len(paths))
    sightings = _looked(paths, _wanted(checked, markings, desk), desk, workers, on_file)
    found = _sorted(sightings)
    effects = dict(_effects(checked))
    exact = [_planned(one, effects) for one in found[Standing.EXACT]]
    unchanged = [_planned(one, effects) for one in found[Standing.UNCHANGED]]
    legacy = [_of_others(one, effects, told) for one in found[Standing.LEGACY]]
    others = {
        kind: tuple(_other(one, told) for one in found[kind])
        for kind in (Standing.PERSON, Standing.ALIKE, Standing.UNREADABLE)
    }
    notice = checked.filed.notice
    return RemarkPlan(
        office_id=desk.ledger.office_id,
        notice_number=notice.number,
        notice_digest=checked.digest,
        folders=tuple(_absolute(folder) for folder in folders),
        documents=tuple(_state(id_, copies, checked, desk) for id_, copies in markings.items()),
        files=tuple(exact),
        unchanged=tuple(unchanged),
        legacy=tuple(legacy),
        person=others[Standing.PERSON],
        alike=others[Standing.ALIKE],
        unreadable=others[Standing.UNREADABLE],
        missing=tuple(_missing(checked, markings, [*exact, *unchanged, *legacy])),
        keep_times=keep_times,
        at=clock.now(),
    )


def document_states(checked: CheckedNotice, desk: NoticeDesk) -> tuple[DocumentState, ...]:
    """Return how the documents of a notice stand now, to be compared with the plan's."""
    return tuple(
        _state(one.document.document_id, _copies(one, desk), checked, desk)
        for one in checked.items
        if one.document
    )


def _state(
    document_id: str, copies: Sequence[MarkingRecord], checked: CheckedNotice, desk: NoticeDesk
) -> DocumentState:
    """The last change before the notice itself: applying it must not make its plan outdated."""
    own = checked.filed.notice.number
    numbers = [one.notice_number for one in changes_of(document_id, desk.ledger)]
    earlier = [number for number in numbers if number != own]
    return DocumentState(document_id, earlier[-1] if earlier else "", len(copies))


def _copies(one: CheckedItem, desk: NoticeDesk) -> list[MarkingRecord]:
    """The finished copies of a document's marking in force."""
    if one.document is None:
        return []
    done = desk.ledger.done_for(one.document.document_id)
    return [copy for copy in done if copy.intended.marking_id == one.document.marking_id]


def _wanted(
    checked: CheckedNotice, markings: dict[str, list[MarkingRecord]], desk: NoticeDesk
) -> Wanted:
    stems = {
        stem_of(Path(os.fsdecode(copy.intended.target)))
        for copies in markings.values()
        for copy in copies
    }
    words = [
        text
        for one in checked.items
        if one.record is not None
        for text in (one.record.draft.document_number, one.record.draft.title)
        if text
    ]
    approvals = {
        one.document.document_id: one.document.approval_number
        for one in checked.items
        if one.document and not one.legacy
    }
    papers = tuple(one.legacy for one in checked.items if one.legacy)
    foreign = (
        digest
        for document in (desk.known.documents if papers else ())
        if not document.is_own and plain(document.organ) != plain(desk.office.name)
        for digest in document.digests
    )
    number = checked.filed.notice.number
    known_by = (frozenset(stems), tuple(dict.fromkeys(words)))
    return Wanted(number, approvals, *known_by, papers, frozenset(foreign))


def _looked(
    paths: Sequence[Path],
    wanted: Wanted,
    desk: NoticeDesk,
    workers: int,
    on_file: Callable[[], None],
) -> list[Sighting]:
    """Look at every file in worker processes; what has nothing to do with the notice is dropped."""
    office, run_id = desk.office, f"plan-{secrets.token_hex(4)}"
    seen: dict[int, Sighting] = {}

    def take(number: int, result: Sighting | DingmiError | None) -> None:
        on_file()
        if isinstance(result, DingmiError):
            result = Sighting(paths[number], Standing.UNREADABLE, why=(result.message,))
        if result is not None:
            seen[number] = result

    jobs = (Job(look_in_worker, (office, run_id, path, wanted)) for path in paths)
    try:
        if paths and not run_jobs(jobs, office.limits, workers_for(workers, len(paths)), take):
            raise KeyboardInterrupt
    finally:
        clear_private_folders(office, run_id)
    return [seen[number] for number in sorted(seen)]


def _sorted(sightings: Iterable[Sighting]) -> dict[Standing, list[Sighting]]:
    found: dict[Standing, list[Sighting]] = {standing: [] for standing in Standing}
    for one in sightings:
        found[one.standing].append(one)
    return found


def _effects(checked: CheckedNotice) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what the marks of every document say before and after."""
    for one in checked.items:
        if one.document and one.standing:
            then = after(one.standing, checked.filed.notice)
            yield one.document.document_id, (one.standing.text, then.text)


def _planned(seen: Sighting, effects: dict[str, tuple[str, str]]) -> PlannedFile:
    before, then = effects[seen.document_id]
    ids = (seen.document_id, seen.marking_id, seen.copy_id, seen.copy_number)
    return PlannedFile(_absolute(seen.path), seen.sm3, seen.sha256, *ids, before, then)


def _of_others(
    seen: Sighting, effects: dict[str, tuple[str, str]], told: Callable[[Message], str]
) -> LegacyFile:
    before, then = effects[seen.document_id]
    ids = (seen.document_id, seen.marking_id, seen.copy_id)
    said = (seen.mark, seen.where, "；".join(map(told, seen.why)))
    return LegacyFile(_absolute(seen.path), seen.sm3, seen.sha256, *ids, *said, before, then)


def _other(seen: Sighting, told: Callable[[Message], str]) -> OtherFile:
    return OtherFile(_absolute(seen.path), seen.sm3, "；".join(map(told, seen.why)))


def _missing(
    checked: CheckedNotice,
    markings: dict[str, list[MarkingRecord]],
    found: Sequence[PlannedFile | LegacyFile],
) -> Iterator[MissingCopy]:
    there = {(one.document_id, one.copy_id) for one in found}
    for one in checked.items:
        if one.document is None:
            continue
        name = one.item.names[0]
        if one.legacy and one.document.document_id not in {id_ for id_, _ in there}:
            yield MissingCopy(name, one.document.document_id, "")
        for copy in markings[one.document.document_id]:
            assert copy.state is MarkingState.DONE, "only finished copies were asked for"
            intended = copy.intended
            if (intended.document_id, intended.copy_id) not in there:
                yield MissingCopy(name, intended.document_id, intended.copy_number)


def _files(folders: Iterable[Path], *, without: str) -> Iterator[Path]:
    """Yield every file of the folders, in order; hidden ones are not looked at.

    `without` is the folder of the files of before, which stay as they are.
    """
    for folder in folders:
        if not folder.is_dir():
            yield folder
            continue
        for parent, below, names in os.walk(folder):
            below[:] = sorted(
                name for name in below if os.path.realpath(Path(parent) / name) != without
            )
            yield from (Path(parent) / name for name in sorted(names) if not name.startswith("."))


def _absolute(path: Path) -> str:
    return os.path.join(os.path.realpath(path.parent), path.name)
