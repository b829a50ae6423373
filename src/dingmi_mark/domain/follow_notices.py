"""Notices that should follow where a source was changed or released: proposals, unsigned (R44).

派生办法(2023)第十二条 (remembered). What a paper follows alone can be written down; where somebody
has to weigh several sources, or matter of the paper's own, nothing is proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dingmi_mark.domain.change import (
    ChangeKind,
    ChangeNotice,
    ChangeRight,
    NewValues,
    RunsFrom,
    is_counted,
)
from dingmi_mark.domain.following import FollowUp
from dingmi_mark.domain.known import Known, KnownDocument
from dingmi_mark.domain.lineage import Lineage
from dingmi_mark.domain.notices import FiledNotice, NoticeItem
from dingmi_mark.domain.terms import SecrecyPeriod, UntilDate


@dataclass(frozen=True)
class ProposedNotice:
    """A notice for the papers that follow one source in the same way; its 文号 is left open."""

    source: KnownDocument
    papers: tuple[KnownDocument, ...]
    filed: FiledNotice


@dataclass(frozen=True)
class Proposals:
    """The notices that can be begun, and what somebody has to decide before."""

    notices: tuple[ProposedNotice, ...]
    undecided: tuple[FollowUp, ...]


def proposals(follow: Sequence[FollowUp], known: Known, organ: str, day: date) -> Proposals:
    """Put together the papers that follow the same source in the same way."""
    lineage = Lineage(known)
    by_paper: dict[str, list[FollowUp]] = {}
    for one in follow:
        by_paper.setdefault(one.document.id, []).append(one)
    groups: dict[tuple[str, ChangeKind, NewValues], list[FollowUp]] = {}
    undecided: list[FollowUp] = []
    for ways in by_paper.values():
        meant = {way for one in ways if (way := _way(one, ways, lineage)) is not None}
        if len(meant) == 1 and all(one.kind for one in ways):
            source_id, kind, new = meant.pop()
            groups.setdefault((source_id, kind, new), []).append(ways[0])
        else:
            undecided += ways
    made = (_proposed(kind, new, papers, organ, day) for (_, kind, new), papers in groups.items())
    return Proposals(tuple(made), tuple(undecided))


def _way(
    one: FollowUp, ways: Iterable[FollowUp], lineage: Lineage
) -> tuple[str, ChangeKind, NewValues] | None:
    """Return what a notice would say of a paper; None where it could say nothing yet."""
    if one.kind is None or not one.document.document_id:
        return None
    if one.kind is not ChangeKind.CHANGED:
        return one.source.id, one.kind, NewValues()
    same = (other for other in ways if other.source.id == one.source.id)
    level = next((other.level for other in same), None)
    new = NewValues(level, _period(one, lineage))
    return (one.source.id, one.kind, new) if new != NewValues() else None


def _period(one: FollowUp, lineage: Lineage) -> SecrecyPeriod | None:
    """Return the source's period where the paper has this source alone (R35); else None.

    A counted period does not begin anew: it ends on the same day.
    """
    paper, source = one.document, one.source
    if paper.bases or paper.unknown_sources or len(lineage.sources_of(paper)) != 1:
        return None
    period = source.period
    if is_counted(period):
        period = UntilDate(source.last + timedelta(days=1)) if source.last else None
    return None if period == paper.period else period


def _proposed(
    kind: ChangeKind, new: NewValues, follow: Sequence[FollowUp], organ: str, day: date
) -> ProposedNotice:
    source = follow[0].source
    papers = tuple(one.document for one in follow)
    notice = ChangeNotice(
        number="",
        kind=kind,
        decided_by=organ,
        right=ChangeRight.ORIGINATOR,
        day=day,
        reason=f"来源“{source.name}”已经变更或者解密",
        new=new,
        runs_from=RunsFrom.ISSUE if new.period is not None else None,
        source_change=source.changed_by,
    )
    items = tuple(NoticeItem(one.document_id, one.document_number) for one in papers)
    return ProposedNotice(source, papers, FiledNotice(notice, items))
