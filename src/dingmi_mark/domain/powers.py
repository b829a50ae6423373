"""Which organ may classify originally as which level on a day: by its kind, or by a grant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from dingmi_mark.domain.authority import STATED_KINDS, Grant, Organ
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.terms import SecrecyLevel, plain

STATED: Final = "organ-authority"
OTHER: Final = "organ-authority-other"
BUREAUS: Final = "保密行政管理部门授权"
"""The key of the row that names the kinds of secrecy bureaus that may grant authority."""


def power_rule(organ: Organ) -> str:
    """Return the rule whose rows tell what organs of this kind may: of the law, or a reading."""
    return STATED if organ.kind in STATED_KINDS else OTHER


def row_on(rows: Iterable[LawRow], rule: str, day: date) -> LawRow | None:
    """Return the row of a rule in force on the day."""
    return next((row for row in rows if row.rule == rule and row.covers(day)), None)


def has_own_power(organ: Organ, level: SecrecyLevel, day: date, rows: Iterable[LawRow]) -> bool:
    """Tell whether organs of this kind may by themselves (保守国家秘密法(2024)第十七条)."""
    row = row_on(rows, power_rule(organ), day)
    return row is not None and level.value in row.words(organ.kind.value)


def may_grant(organ: Organ, level: SecrecyLevel, day: date, rows: Iterable[LawRow]) -> bool:
    """Tell whether an organ may grant a level on a day (保守国家秘密法(2024)第十七条第二款).

    What it has itself; a secrecy bureau only where the row of the day names its kind: the national
    and the provincial ones since 2024-05-01, in special cases (条例(2024)第十六条第二款).
    """
    if not organ.secrecy_bureau:
        return has_own_power(organ, level, day, rows)
    row = row_on(rows, STATED, day)
    return row is not None and organ.kind.value in row.words(BUREAUS)


def grants_for(organ: Organ, level: SecrecyLevel, day: date) -> tuple[Grant, ...]:
    """Return the grants an organ holds for a level on a day, for whatever matters."""
    return tuple(g for g in organ.grants if level in g.levels and g.span.covers(day))


def has_power(
    organ: Organ, level: SecrecyLevel, day: date, rows: Iterable[LawRow], matter: str = ""
) -> bool:
    """Tell whether an organ may, by itself or by a grant that covers the matter.

    A grant for certain matters covers one that is named in its own words.
    """
    return has_own_power(organ, level, day, tuple(rows)) or any(
        not grant.matters or plain(matter) in map(plain, grant.matters)
        for grant in grants_for(organ, level, day)
    )
