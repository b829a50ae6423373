"""Which reviews wait: those of the year in one line, and each outcome that is not carried out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dingmi_mark.domain.reviewing import ReviewState
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import PROGRAM, Item, Section, Situation, Viewer
from dingmi_mark.messages import say

FOLDER: Final = "统计"
"""The folder for the tables in the command shown."""


def statistics_due(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    """The statistics of the last year, by the pilot handbook before the end of February."""
    if situation.statistics is None:
        return
    year = str(situation.day.year - 1)
    command = (PROGRAM, "statistics", year, "--out", FOLDER)
    roles = frozenset({Role.SECURITY})
    yield Item(Section.STATISTICS, year, situation.statistics.message, command, roles)


def reviews_waiting(situation: Situation, viewer: Viewer) -> Iterator[Item]:
    """保守国家秘密法(2024)第二十四条第一款: every year; a list of thousands is one item."""
    roles = frozenset({Role.SECURITY, Role.OFFICER})
    due = [one for one in situation.reviews if one.state is ReviewState.DUE]
    if due:
        first = due[0]
        what = say("{count} secret(s) wait for the review of the year", count=len(due))
        command = (PROGRAM, "review", "list")
        yield Item(Section.YEARLY_REVIEW, first.secret.name, what, command, roles, first.seen)
    for one in situation.reviews:
        if one.state is ReviewState.DECIDED and one.last is not None:
            what = say(
                "the review decided “{outcome}”: make the notice of change",
                outcome=one.last.outcome,
            )
            command = (PROGRAM, "review", "list")
            yield Item(Section.REVIEWED, one.secret.name, what, command, roles, one.seen)
