"""Is the grant that a decision rests on a good one? (条例16, R27)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.authority import Grant
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.powers import may_grant
from dingmi_mark.domain.rules.authority import (
    given_on,
    grants_relied_on,
    holds_by_grant_only,
    level_of,
)
from dingmi_mark.domain.rules.case import Case, Remark, explain, no_authority, note
from dingmi_mark.domain.terms import months_later
from dingmi_mark.messages import N_


def grant_is_within_power(case: Case, row: LawRow) -> Iterator[Remark]:
    """国家秘密定密管理规定(2025)第十三条: no grant beyond the granting organ's own authority (R25).

    A secrecy bureau grants since 2024-05-01 only, and only the national or a provincial one
    (保守国家秘密法(2024)第十七条第二款、条例(2024)第十六条第二款). Seen where the authority table
    lists the granting organ. One that has the level by a grant only is the matter of another
    rule: it may not grant it on.
    """
    grants = _grants(case)
    if any(not _is_beyond(grant, case) for grant in grants):
        return
    for grant in grants:
        yield no_authority(
            N_("“{grantor}” had no power to grant {level} ({letter})."),
            grantor=grant.granted_by,
            level=level_of(case).value,
            letter=grant.letter,
        )


def grant_is_filed(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十六条第四款: grants are filed (备案) with a bureau.

    That is the granting organ's duty, and no text says that the grant is void without it: told.
    """
    for grant in _grants(case):
        if grant.filed is None or grant.filed > case.day:
            yield note(
                N_("The office's table does not say that {letter} was filed (备案) by then."),
                letter=grant.letter,
            )


def grant_is_not_for_long(case: Case, row: LawRow) -> Iterator[Remark]:
    """定密授权 usually runs for a few years (practice; no provision was read)."""
    years = row.number("years")
    for grant in _grants(case):
        first = grant.span.first or case.day
        if (grant.span.last or case.day) > months_later(first, 12 * years):
            yield note(
                N_("{letter} runs for more than {years} years."), letter=grant.letter, years=years
            )


def grant_is_of_the_same_branch(case: Case, row: LawRow) -> Iterator[Remark]:
    """Pilot handbook, part 2 (2) 2 (1): 党委 asks 党委, 人大 asks 人大, each its own above.

    Between party, congress, government and 政协 alone; units of the city (市直) ask as they belong.
    """
    organ = case.authority.organ(case.approval.decided_by)
    if organ is None or organ.branch is None:
        return
    for grant in _grants(case):
        grantor = case.authority.organ(grant.granted_by)
        if grantor is not None and grantor.branch not in (None, organ.branch):
            yield explain(
                N_("“{organ}” ({branch}) has its grant from “{grantor}” ({other})."),
                organ=organ.name,
                branch=organ.branch.value,
                grantor=grantor.name,
                other=grantor.branch.value,
            )


def _grants(case: Case) -> tuple[Grant, ...]:
    organ = case.authority.organ(case.approval.decided_by)
    if organ is None or not case.needs_authority:
        return ()
    return grants_relied_on(case, organ)


def _is_beyond(grant: Grant, case: Case) -> bool:
    grantor = case.authority.organ(grant.granted_by)
    given = given_on(grant, case)
    if grantor is None or holds_by_grant_only(grantor, case, given):
        return False
    return not may_grant(grantor, level_of(case), given, case.rows)
