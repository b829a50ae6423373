"""Is the matter still unclear, and who said what it is? (条例25, 26; not the way of 无权)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.law import LawRow, Severity, Theme
from dingmi_mark.domain.report_path import ReportPath
from dingmi_mark.domain.rules.authority import level_of
from dingmi_mark.domain.rules.case import Case, Remark, no_authority, note
from dingmi_mark.domain.unclear import decides_unclear, unclear_path
from dingmi_mark.messages import N_, Message, say


def unclear_matter_is_decided(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第二十五条: no formal mark until a bureau has decided; report by a day.

    Ten working days from 2024-09-01, ten days from 2014-03-01 (条例(2014)第十九条); of the time
    before no number was read.
    """
    unclear, reply = case.approval.unclear, case.approval.deciding_organ
    if unclear is None:
        return
    path = unclear_path(case.approval, row, case.authority, case.calendar)
    if reply is None:
        yield Remark(_waits(path), Severity.REFUSE, Theme.UNCLEAR, binding=True)
    elif not decides_unclear(reply.name, case.approval, case.authority):
        yield no_authority(
            N_("An unclear matter is decided by {to}, not by “{name}”."),
            to=path.asked,
            name=reply.name,
        )
    if path.last is not None and path.last.missing:
        yield note(
            N_("No holiday calendar of {years}: Monday to Friday were counted."),
            years="、".join(map(str, path.last.missing)),
        )
    if path.last is not None and unclear.reported and unclear.reported > path.last.day:
        yield note(
            N_("It was reported on {day}, after the last day {last}."),
            day=str(unclear.reported),
            last=path.deadline,
        )


def dispute_is_protected_highest(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第二十六条第三款: until decided, protected by the highest level claimed."""
    unclear = case.approval.unclear
    claims = {*(unclear.claimed if unclear else ()), level_of(case)}
    if case.is_unclear and len(claims) > 1:
        yield note(
            N_("The level is disputed: until it is decided, protect it as {level}."),
            level=max(claims).value,
        )


def _waits(path: ReportPath) -> Message:
    if path.last is None:
        return say(
            "The matter is unclear (不明确): no formal mark until {asked} has decided; protect it "
            "by the provisional values and report it.",
            asked=path.asked,
        )
    return say(
        "The matter is unclear (不明确): no formal mark until {asked} has decided; protect it by "
        "the provisional values and report it by {last}.",
        asked=path.asked,
        last=path.deadline,
    )
