"""What a marked paper brings with it: duties to be told, none of which stops a mark."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, Rule, note
from dingmi_mark.messages import N_


def readers_are_recorded(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第二十条: 对知悉机密级以上国家秘密的人员，应当作出记录."""
    level = case.approval.secrecy.marking.level
    if level.value in row.words("levels"):
        yield note(
            N_("{level}: keep a record of everybody who comes to know it."), level=level.value
        )


def points_are_marked_where_they_can(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十七条第三款: 能够明确密点的，按照国家保密规定确定并标注.

    Whether they can be made clear is the officer's to see; told where the record names none.
    """
    if not case.approval.points:
        yield note(
            N_("No classified points (密点) are named: where they can be made clear, mark them.")
        )


def sources_are_recorded_whole(case: Case, row: LawRow) -> Iterator[Remark]:
    """派生办法(2023)第十一条 (remembered): the basis gives name, number, level, period (R37)."""
    for source in case.sources:
        fields = {
            "文件名称": source.title,
            "文号": source.document_number,
            "密级": source.level,
            "保密期限": source.period,
        }
        missing = [name for name in row.words("fields") if not fields[name]]
        if missing:
            yield note(
                N_("The record of the source “{source}” lacks: {missing}."),
                source=source.name,
                missing="、".join(missing),
            )


DUTIES: tuple[Rule[Case], ...] = (
    Rule("readers-recorded", readers_are_recorded),
    Rule("points-duty", points_are_marked_where_they_can),
    Rule("source-recorded", sources_are_recorded_whole),
)
