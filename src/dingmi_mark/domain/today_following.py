"""Which papers have to follow a source that was changed or released (R44)."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import PROGRAM, Item, Section, Situation, Viewer


def papers_to_follow(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    """派生办法(2023)第十二条: the paper follows in time; the 保密员 and the officer see to it."""
    roles = frozenset({Role.SECURITY, Role.OFFICER})
    for one in situation.following:
        paper = one.document
        command = (PROGRAM, "lineage", paper.id[:8], "--waiting")
        number = paper.approval_number or paper.name
        yield Item(Section.SOURCE_CHANGED, number, one.what, command, roles, one.since)
