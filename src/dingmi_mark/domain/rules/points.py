"""Do the classified points agree with their document? (R31)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, refuse
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
