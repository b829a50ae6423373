"""What waits today, for whom, and the one command for each: picked from facts, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import Item, Section, Situation, Viewer
from dingmi_mark.domain.today_copies import (
    copies_to_recall,
    periods_ending,
    provisional_marks,
    waiting_keys,
)
from dingmi_mark.domain.today_following import papers_to_follow
from dingmi_mark.domain.today_records import unreadable_records, waiting_records
from dingmi_mark.domain.today_reviews import reviews_waiting, statistics_due


def waiting_items(situation: Situation, viewer: Viewer) -> tuple[Item, ...]:
    """Return what waits for the viewer, in the order of reading, oldest first in each section."""
    order = list(Section)
    found = [item for part in _PARTS for item in part(situation, viewer)]
    own = [item for item in found if _concerns(item, situation, viewer)]
    return tuple(
        sorted(
            own, key=lambda item: (order.index(item.section), item.since or date.min, item.number)
        )
    )


def _concerns(item: Item, situation: Situation, viewer: Viewer) -> bool:
    roles = {viewer.role} if viewer.role else _roles_of(viewer.name, situation)
    if (viewer.role or viewer.name) and item.roles.isdisjoint(roles):
        return False
    return not viewer.name or (item.person in ("", viewer.name) and viewer.name not in item.not_for)


def _roles_of(name: str, situation: Situation) -> set[Role]:
    """Return as what a person takes part; whoever proposed a record is its 承办人."""
    roles = {role for role, names in situation.people.items() if name in names}
    return roles | {Role.DRAFTER} if name else roles


_PARTS: Final[tuple[Callable[[Situation, Viewer], Iterable[Item]], ...]] = (
    unreadable_records,
    waiting_records,
    provisional_marks,
    copies_to_recall,
    papers_to_follow,
    periods_ending,
    reviews_waiting,
    statistics_due,
    waiting_keys,
)
