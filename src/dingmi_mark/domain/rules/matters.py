"""Is the 国家秘密事项一览表 that a record relies on in order? (条例13, 定密管理规定(2025)第十条)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.catalogue import MattersList, is_longer
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.authority import level_of
from dingmi_mark.domain.rules.basis import grounds
from dingmi_mark.domain.rules.case import Case, Remark, explain, refuse
from dingmi_mark.domain.terms import period_text
from dingmi_mark.messages import N_


def list_is_approved(case: Case, row: LawRow) -> Iterator[Remark]:
    """国家秘密定密管理规定(2025)第十条: used once the head has approved it (审定后实施)."""
    for listed in _lists(case):
        if not listed.is_approved(case.day):
            yield refuse(
                N_("“{title}” was not approved (审定) by the head of the unit on {day}."),
                title=listed.title,
                day=str(case.day),
            )


def list_is_filed(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十三条: the list is filed (备案) with the bureau of the same level.

    No text says that it may not be used before; the record says why it was.
    """
    for listed in _lists(case):
        if not listed.is_filed(case.day):
            yield explain(
                N_("“{title}” was not filed (备案) with the secrecy bureau on {day}."),
                title=listed.title,
                day=str(case.day),
            )


def record_follows_list(case: Case, row: LawRow) -> Iterator[Remark]:
    """Level and period are those of the line of the list: inferred from 实施条例(2024)第十三条.

    In a derived paper the sources come first; then only a line that is not there is told.
    """
    for ground in grounds(case):
        if ground.listed is None:
            continue
        matter = ground.matter
        if matter is None:
            yield refuse(
                N_("“{title}” has no matter “{content}”."),
                title=ground.listed.title,
                content=ground.basis.item,
            )
            continue
        level, period = level_of(case), case.approval.secrecy.marking.period
        if case.sources:
            continue
        if level is not matter.level:
            yield refuse(
                N_("{level} is not the level of the list: {listed} (“{content}”)."),
                level=level.value,
                listed=matter.level.value,
                content=matter.content,
            )
        start = case.approval.draft.period_start or case.day
        if is_longer(period, matter.period, start) is not False:
            yield refuse(
                N_("The period ({period}) is longer than, or another than, in the list: {listed}."),
                period=period_text(period),
                listed=period_text(matter.period),
            )


def _lists(case: Case) -> Iterator[MattersList]:
    yield from dict.fromkeys(g.listed for g in grounds(case) if g.listed is not None)
