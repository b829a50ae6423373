"""Which papers of its items a notice means that this program did not mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dingmi_mark.domain.known import KnownDocument
from dingmi_mark.domain.ledger_legacy import LegacyDescribed
from dingmi_mark.domain.legacy import (
    LegacyPaper,
    legacy_ids,
    paper_of,
    registered_paper,
)
from dingmi_mark.domain.notices import NoticeItem
from dingmi_mark.domain.terms import plain
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.known import title_digest, titled

if TYPE_CHECKING:
    from dingmi_mark.pipeline.notices import NoticeDesk
    from dingmi_mark.store.ledger import Ledger


def legacy_paper(item: NoticeItem, desk: NoticeDesk) -> LegacyPaper | Message | None:
    """Return the paper that an item means, or what is amiss; None where it is no such item.

    In this order: one that is registered as a source and came from this office itself, one that an
    earlier notice described, one whose old mark the item tells.
    """
    known = {one.id: one for name in _keys(item) for one in desk.known.named(name)}
    if any(one.is_own for one in known.values()):
        told = say("this program marked it: the ledger knows its mark, leave out old_level")
        return told if item.old else None
    if known:
        return _registered(tuple(known.values()), item, desk)
    papers = {one.document_id: one for one in _described(item, desk)}
    if len(papers) > 1:
        ids = "、".join(sorted(id_[:8] for id_ in papers))
        return say("it may be several documents: {ids}", ids=ids)
    for paper in papers.values():
        return _agreeing(paper, item, desk)
    return _told(item, desk) if item.old else None


def _keys(item: NoticeItem) -> Iterator[str]:
    yield from filter(None, (item.document_number, item.digest, item.document_id))


def _registered(
    found: tuple[KnownDocument, ...], item: NoticeItem, desk: NoticeDesk
) -> LegacyPaper | Message | None:
    """Return a registered paper of this office; of another's it is for `source change`."""
    if len(found) > 1 or plain(found[0].organ) != plain(desk.office.name):
        return None
    document = titled(found[0], desk.office)
    if item.title and plain(item.title) != plain(document.title):
        return say("what is given means different documents")
    paper = registered_paper(document, desk.office.secret(), item.old)
    if paper is None:
        return say("its registration states no period: give old_level, old_period and issue_day")
    return _agreeing(paper, item, desk)


def _agreeing(paper: LegacyPaper, item: NoticeItem, desk: NoticeDesk) -> LegacyPaper | Message:
    if item.old is None or paper.says(item.old, desk.office.name):
        return paper
    return say(
        "the ledger has another old mark of it: {mark}, {day}, {organ}",
        mark=paper.marking.text,
        day=str(paper.issue_day or "-"),
        organ=paper.organ,
    )


def _described(item: NoticeItem, desk: NoticeDesk) -> Iterator[LegacyPaper]:
    """Yield the papers of earlier notices that an item names by any of its names."""
    digest = title_digest(desk.office.secret(), plain(item.title))
    for _, entry in desk.ledger.acts(LegacyDescribed):
        by_number = bool(item.document_number) and _is_number(entry, item.document_number)
        by_title = bool(digest) and digest == entry.title_digest and not item.document_number
        by_id = len(item.document_id) >= 8 and entry.document_id.startswith(item.document_id)
        if by_number or by_title or by_id or item.digest in entry.digests:
            yield paper_of(entry, item.title)


def _is_number(entry: LegacyDescribed, number: str) -> bool:
    return plain(entry.document_number) == plain(number)


def _told(item: NoticeItem, desk: NoticeDesk) -> LegacyPaper:
    """Return the paper whose old mark the item itself tells."""
    assert item.old is not None, "asked for such items only"
    secret, old = desk.office.secret(), item.old
    return LegacyPaper(
        *legacy_ids(secret, plain(item.document_number) or item.digest or plain(item.title)),
        document_number=item.document_number,
        title=item.title,
        organ=old.organ or desk.office.name,
        level=old.level,
        period=old.period,
        issue_day=old.issue_day,
        digests=(item.digest,) if item.digest else (),
        title_digest=title_digest(secret, plain(item.title)),
    )


def described_paper(document_id: str, ledger: Ledger) -> LegacyDescribed | None:
    """Return the entry that describes a paper of this id; None where it is another document."""
    found = [entry for _, entry in ledger.acts(LegacyDescribed, subject=document_id)]
    return found[-1] if found else None
