"""Write the notices that should follow a changed or released source, as drafts nobody signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dingmi_mark.domain.follow_notices import ProposedNotice, proposals
from dingmi_mark.domain.following import FollowUp, waiting
from dingmi_mark.domain.ledger_changes import NoticeRegistered
from dingmi_mark.errors import NoticeUnknown, OutputExists
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.known import titled
from dingmi_mark.pipeline.notices import NoticeDesk
from dingmi_mark.pipeline.replacing import make_folder
from dingmi_mark.store.new_file import new_text_file
from dingmi_mark.store.notices import notice_text

_UNFIT: Final = re.compile(r"[^\w（）〔〕()-]+")
_MOST_IN_NAME: Final = 40


@dataclass(frozen=True)
class FollowNotices:
    """The drafts that were written, and what somebody has to decide before there can be one."""

    files: tuple[tuple[Path, ProposedNotice], ...]
    undecided: tuple[FollowUp, ...]


def write_follow_notices(
    number: str, folder: Path, desk: NoticeDesk, *, told: Callable[[Message], str]
) -> FollowNotices:
    """Write a draft for every group of papers that follow one source in the same way.

    `number` is that of what changed the source (a notice of ours, or the basis of a
    `source change`); empty for everything that waits. All are written or none; without any there
    is no folder either. Raises NoticeUnknown, OutputExists, OutputDiskFull, OutputNotWritable.
    """
    office, today = desk.office, clock.today()
    follow = waiting(desk.known, desk.lawbook, today, beijing=office.beijing)
    if number:
        _refuse_unknown(number, desk)
        follow = tuple(one for one in follow if one.source.changed_by == number)
    follow = tuple(
        replace(one, document=titled(one.document, office), source=titled(one.source, office))
        for one in follow
    )
    found = proposals(follow, desk.known, office.name, today)
    targets = [folder / _file_name(place, one) for place, one in enumerate(found.notices, 1)]
    for target in targets:
        if target.exists() or target.is_symlink():
            raise OutputExists(str(target))
    if targets:
        make_folder(folder)
    with ExitStack() as undo:
        for target, one in zip(targets, found.notices, strict=True):
            with new_text_file(target) as stream:
                stream.writelines(f"# {' '.join(told(line).split())}\n" for line in _head(one))
                stream.writelines(
                    f"# {' '.join(line.split())}\n" for line in _whys(one, follow, told)
                )
                stream.write(notice_text(one.filed))
            undo.callback(target.unlink, missing_ok=True)
        undo.pop_all()
    return FollowNotices(tuple(zip(targets, found.notices, strict=True)), found.undecided)


def _refuse_unknown(number: str, desk: NoticeDesk) -> None:
    ours = desk.ledger.acts(NoticeRegistered, subject=number)
    if not ours and all(one.changed_by != number for one in desk.known.documents):
        raise NoticeUnknown(number=number)


def _head(one: ProposedNotice) -> Iterator[Message]:
    yield say(
        "A proposal, signed by nobody: what should follow from “{source}”.", source=one.source.name
    )
    yield say(
        "Add number (文号), drafter and officer, weigh reason, level and period; then: dingmi-mark "
        "notice check FILE"
    )


def _whys(
    one: ProposedNotice, follow: Sequence[FollowUp], told: Callable[[Message], str]
) -> Iterator[str]:
    """Yield why each paper follows, by which provision."""
    papers = {paper.id for paper in one.papers}
    for each in follow:
        if each.document.id in papers:
            basis = f"〔{each.basis}〕" if each.basis else ""
            yield f"{each.document.name}  {told(each.what)}{basis}"


def _file_name(place: int, one: ProposedNotice) -> str:
    kind = one.filed.notice.kind.value
    source = _UNFIT.sub("", one.source.name)[:_MOST_IN_NAME]
    return f"{place:02}-{kind}-{source}.toml"
