"""Do the classified points agree with their document and their sources? (R31, R33)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, note, refuse
from dingmi_mark.domain.rules.sources import terms_in_force
from dingmi_mark.domain.terms import last_secret_day
from dingmi_mark.messages import N_


def points_within_document(case: Case, row: LawRow) -> Iterator[Remark]:
    """No 密点 above its document; all listed, the highest is the document's level (R31)."""
    level, points = case.approval.secrecy.marking.level, case.approval.points
    for point in points:
        if point.level > level:
            yield refuse(
                N_("Classified point {point} is {point_level}, above the document's {level}."),
                point=point.id,
                point_level=point.level.value,
                level=level.value,
            )
    if points and case.approval.points_complete and max(p.level for p in points) < level:
        yield refuse(
            N_("All points are listed, but none has the document's level {level}."),
            level=level.value,
        )


def points_end_with_document(case: Case, row: LawRow) -> Iterator[Remark]:
    """No 密点 outlasts its document: what is in it is released with it (inferred, R31).

    A point without a period of its own has that of the document. Only days are compared.
    """
    start = case.approval.draft.period_start
    if start is None:
        return
    own = last_secret_day(case.approval.secrecy.marking.period, start)
    for point in case.approval.points:
        if own is None or point.period is None:
            continue
        last = last_secret_day(point.period, start)
        if last is not None and last > own:
            yield refuse(
                N_("Classified point {point} ends on {last}, after its document ({own})."),
                point=point.id,
                last=str(last),
                own=str(own),
            )


def points_used_are_within_source(case: Case, row: LawRow) -> Iterator[Remark]:
    """No point used is above the source it comes from (inferred, R31, R33)."""
    for source in case.sources:
        for level in source.points_used:
            if source.level is not None and level > source.level:
                yield refuse(
                    N_("A point used is {level}, above its source “{source}” ({source_level})."),
                    level=level.value,
                    source=source.name,
                    source_level=source.level.value,
                )


def level_rests_on_points_used(case: Case, row: LawRow) -> Iterator[Remark]:
    """派生办法(2023)第八条, second sentence (remembered): the level of the points used (R33).

    Told where it makes the paper lower than its source. Units that always keep the source's level
    set this rule to 不予标志 in their profile.
    """
    level = case.approval.secrecy.marking.level
    for term in terms_in_force(case):
        source = term.source
        used = max(source.points_used, default=None)
        if source.level is not None and used is not None and used <= level < source.level:
            yield note(
                N_("{level} rests on the points used of “{source}”, which itself is {needed}."),
                level=level.value,
                source=source.name,
                needed=source.level.value,
            )
