"""Whose matters may be derived from, before anybody's could be? (R25)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, explain
from dingmi_mark.messages import N_


def derived_from_a_superior(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2010)第十三条第三款: matters that a superior decided (上级确定的).

    Those of other bodies came with 暂行规定(2014)第二十条第二款 on 2014-03-09. Asked about
    and not refused: the pilot handbook itself reads 上级机关或相关单位. Not seen where the record
    does not name the originator, or the office's table no superior.
    """
    own = case.authority.organ(case.approval.organ)
    above = {organ.name for organ in case.authority.superiors(own)} if own is not None else set()
    for source in case.sources:
        if source.organ and above and source.organ not in above:
            yield explain(
                N_("The source “{source}” was decided by “{organ}”, which is no superior."),
                source=source.name,
                organ=source.organ,
            )
