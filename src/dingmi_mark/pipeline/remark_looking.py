"""Look at one file as `check` does, and say what it is to a notice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dingmi_mark.domain.legacy import LegacyPaper, legacy_copy_id, stands_whole
from dingmi_mark.domain.remark_plan import Standing
from dingmi_mark.domain.terms import plain
from dingmi_mark.errors import DingmiError, DraftEmpty, DraftUnsupported
from dingmi_mark.formats.handlers import recognised
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.check import Checked, checked
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.evidence import Evidence, remarked_as
from dingmi_mark.pipeline.legacy_marks import Kept, LegacyMark
from dingmi_mark.pipeline.remark_legacy import marks_of_others
from dingmi_mark.pipeline.unmarked import RegisteredPlace
from dingmi_mark.pipeline.verdicts import Agreement
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.office import Office

_COPY = re.compile(r"-\d{6}$")
_HEAD_LINES = 60


@dataclass(frozen=True)
class Wanted:
    """What is looked for: the notice, its documents with their approvals, and how they are known.

    `stems` are names of files as they were marked, without 份号; `words` are 文号 and titles.
    `papers` are those that others marked before this program, `foreign` the digests of files that
    are registered as another organ's.
    """

    notice_number: str
    approvals: dict[str, str]
    stems: frozenset[str]
    words: tuple[str, ...] = field(repr=False, default=())
    papers: tuple[LegacyPaper, ...] = ()
    foreign: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sighting:
    """What a file is to a notice; ids are empty where it is none of its copies."""

    path: Path
    standing: Standing
    sm3: str = ""
    sha256: str = ""
    document_id: str = ""
    marking_id: str = ""
    copy_id: str = ""
    copy_number: str = ""
    mark: str = ""
    why: tuple[Message, ...] = ()
    where: str = ""


def look_in_worker(office: Office, run_id: str, path: Path, wanted: Wanted) -> Sighting | None:
    """Look at one file in a worker; None where it has nothing to do with the notice."""
    return look_at(path, wanted, desk_of(office, run_id))


def look_at(path: Path, wanted: Wanted, desk: Desk) -> Sighting | None:
    """Look at one file; None where it has nothing to do with the notice."""
    if path.is_symlink():
        if not _has_name(path, wanted):
            return None
        return Sighting(path, Standing.PERSON, why=(say("it is a link: give the file itself"),))
    try:
        found = checked(path, desk)
    except (DraftEmpty, DraftUnsupported) as error:
        return _alike(path, (error.message,)) if _has_name(path, wanted) else None
    except DingmiError as error:
        return Sighting(path, Standing.UNREADABLE, why=(error.message,))
    return _seen(path, found, wanted, desk)


def _seen(path: Path, found: Checked, wanted: Wanted, desk: Desk) -> Sighting | None:
    if found.unmarked is not None and found.unmarked.place is RegisteredPlace.RELEASED:
        return None
    evidence = found.evidence
    known = evidence.known.intended if evidence and evidence.known else None
    if evidence is not None and known is not None:
        if known.document_id in wanted.approvals:
            ids = (known.document_id, known.marking_id, known.copy_id, known.copy_number)
            return _ours(path, found, evidence, wanted, ids)
        return None
    if evidence is not None and evidence.legacy is not None:
        return _struck_before(path, found, evidence, wanted, desk)
    number = found.unmarked.approval_number if found.unmarked else _number_in(evidence)
    if number and number in wanted.approvals.values():
        said = found.report.error.message if found.report.error else None
        why = said or say(
            "its label names {number}, but the ledger does not know it", number=number
        )
        return _person(path, found, (why,))
    return _of_others(path, found, wanted, desk) or _alike_by_text(path, found, wanted)


def _struck_before(
    path: Path, found: Checked, evidence: Evidence, wanted: Wanted, desk: Desk
) -> Sighting | None:
    """A file of others whose old mark was struck here: known by its bytes, like our own."""
    paper = evidence.legacy
    assert paper is not None, "it was recognised"
    if paper.document_id not in {one.document_id for one in wanted.papers}:
        return None
    done = remarked_as(found.digests.sm3, desk.ledger)
    ids = (paper.document_id, paper.marking_id, done.copy_id if done else "", "")
    return _ours(path, found, evidence, wanted, ids)


def _of_others(path: Path, found: Checked, wanted: Wanted, desk: Desk) -> Sighting | None:
    """A file that others marked: the notice means it by digest, or its first page by itself shows
    the 文号 or title. Only people can say that it is that very paper.
    """
    match = _paper_of(path, found, wanted)
    if match is None:
        return None
    paper, known_by = match
    names = _names_of(found)
    if names & wanted.foreign:
        told = say("it is registered as a paper of another organ: that one has to change it")
        return _person(path, found, (told,))
    if found.evidence is not None and found.evidence.draft.embedded is not None:
        told = say("this program marked it in another office, or before this ledger was begun")
        return _person(path, found, (told,))
    try:
        marks = marks_of_others(path, paper)
    except DingmiError as error:
        return _person(path, found, (error.message,))
    sm3 = found.digests.sm3
    copy_id = legacy_copy_id(desk.secret, sm3)
    return Sighting(
        path,
        Standing.LEGACY,
        *(sm3, found.digests.sha256, paper.document_id, paper.marking_id, copy_id),
        mark="、".join(dict.fromkeys(mark.seen.read.wording for mark in marks)),
        why=(known_by, *_to_look_for(marks)),
        where="、".join(mark.place for mark in marks),
    )


def _to_look_for(marks: Sequence[LegacyMark]) -> Iterator[Message]:
    """What those who confirm a file have to see to themselves."""
    if any(mark.in_picture for mark in marks):
        yield say("it is a scan: see that it bears no mark besides those that were read")
    if any(mark.kept is Kept.HEADERS for mark in marks):
        yield say("it stands in the page header: see that no other sheet or cell bears a mark")
    if any(mark.kept is Kept.CELLS for mark in marks):
        yield say("it stands in a cell: see that no other sheet or cell bears a mark")


def _paper_of(path: Path, found: Checked, wanted: Wanted) -> tuple[LegacyPaper, Message] | None:
    names = _names_of(found)
    for paper in wanted.papers:
        if names & set(paper.digests):
            return paper, say("the notice gives its digest")
    if not wanted.papers or found.evidence is None:
        return None
    lines = _head_of(path)
    for paper in wanted.papers:
        for word in filter(None, (paper.document_number, paper.title)):
            if stands_whole(word, lines):
                return paper, say("its first page bears “{word}”", word=word)
    return None


def _names_of(found: Checked) -> set[str]:
    digests = found.digests
    names = {f"sm3:{digests.sm3}", f"sha256:{digests.sha256}"}
    draft = found.evidence.draft if found.evidence else None
    return names | ({f"content:{draft.content_digest}"} if draft else set())


def _ours(
    path: Path,
    found: Checked,
    evidence: Evidence,
    wanted: Wanted,
    ids: tuple[str, str, str, str],
) -> Sighting:
    """A copy of a document of the notice: exact only where nothing at all is amiss with it."""
    digests = (found.digests.sm3, found.digests.sha256)
    mark = found.report.mark
    if evidence.same_bytes and evidence.bears == wanted.notice_number:
        return Sighting(path, Standing.UNCHANGED, *digests, *ids, mark)
    why = tuple(_amiss(found, evidence, wanted))
    if why:
        return Sighting(path, Standing.PERSON, *digests, *ids, mark, why)
    return Sighting(path, Standing.EXACT, *digests, *ids, mark)


def _amiss(found: Checked, evidence: Evidence, wanted: Wanted) -> Iterable[Message]:
    earlier = [one for one in evidence.changes if one.notice_number != wanted.notice_number]
    last = earlier[-1].notice_number if earlier else ""
    if not evidence.same_bytes:
        yield say("it is not, byte for byte, the file that was marked")
    if evidence.bears != last:
        yield say("it bears another change than the ledger has last")
    overtaken = evidence.overtaken_by
    expected = 1 if overtaken is not None else 0
    amiss = [line for line in found.report.lines if line.agreement is not Agreement.AGREES]
    if len(amiss) > expected:
        yield from (line.says for line in amiss)
    if found.report.error is not None:
        yield found.report.error.message


def _number_in(evidence: Evidence | None) -> str:
    if evidence is None or evidence.label is None:
        return ""
    return str(evidence.label["approval"]["number"])


def _person(path: Path, found: Checked, why: tuple[Message, ...]) -> Sighting:
    digests = (found.digests.sm3, found.digests.sha256)
    return Sighting(path, Standing.PERSON, *digests, why=why)


def _alike_by_text(path: Path, found: Checked, wanted: Wanted) -> Sighting | None:
    """Whether a file that the ledger does not know looks like one of the notice."""
    if _has_name(path, wanted):
        return _alike(path, (say("it has the name of a file of the notice"),), found)
    word = _word_in(path, wanted)
    if word:
        return _alike(path, (say("its first page says “{word}”", word=word),), found)
    return None


def _alike(path: Path, why: tuple[Message, ...], found: Checked | None = None) -> Sighting:
    digests = (found.digests.sm3, found.digests.sha256) if found else ("", "")
    return Sighting(path, Standing.ALIKE, *digests, why=why)


def stem_of(path: Path) -> str:
    """Return a file's name without its ending and its 份号."""
    return _COPY.sub("", path.stem)


def _has_name(path: Path, wanted: Wanted) -> bool:
    return stem_of(path) in wanted.stems


def _word_in(path: Path, wanted: Wanted) -> str:
    """Return the 文号 or title that the head of a file shows, empty where none."""
    text = plain("".join(_head_of(path))) if wanted.words else ""
    return next((word for word in wanted.words if plain(word) in text), "")


def _head_of(path: Path) -> list[str]:
    """The lines of the head of a file."""
    handler = recognised(path)
    if handler is None:
        return []
    if handler.flows:
        return [line.text for line in handler.inspect(path).head_lines]
    with handler.view(path) as view:
        return [line.text for line in view.lines(0)[:_HEAD_LINES]] if view else []
