"""Which papers have to follow a source that was changed or released (R44)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dingmi_mark.domain.following import FollowUp
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import PROGRAM, Item, Section, Situation, Viewer

NUMBER: Final = "文号"
FILE: Final = "通知.toml"
"""Stand in a command for what is typed there."""


def notice_command(one: FollowUp) -> tuple[str, ...]:
    """Return the command that begins the notice for a paper; empty where none can begin yet.

    The number is left to be typed, and in the file what was decided beside it.
    """
    if one.kind is None or not one.document.document_id:
        return ()
    level = ("--level", one.level.value) if one.level else ()
    said = ("--number", NUMBER, "--kind", one.kind.value, "--item", one.document.document_id)
    reason = ("--reason", f"来源“{one.source.name}”已经变更或者解密")
    return (PROGRAM, "notice", "new", *said, *level, *reason, "--out", FILE)


def papers_to_follow(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    """派生办法(2023)第十二条: the paper follows in time; the 保密员 and the officer see to it."""
    roles = frozenset({Role.SECURITY, Role.OFFICER})
    for one in situation.following:
        paper = one.document
        command = (PROGRAM, "lineage", paper.id[:8], "--waiting")
        number = paper.approval_number or paper.name
        yield Item(Section.SOURCE_CHANGED, number, one.what, command, roles, one.since)
