"""A fictional office with powers, officers and records, for the paper forms of the procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord, RecordStatus, Unclear
from dingmi_mark.domain.terms import ForYears, Marking, SecrecyLevel
from dingmi_mark.forms.definition import read_form
from dingmi_mark.pipeline.form_making import FormDesk, MadeForm, filled_form
from dingmi_mark.store.approval_tree import begin
from dingmi_mark.store.office import read_office
from office_kit import NOW, Room, new_room
from record_kit import DAY, record, with_draft

OWN: Final = "示例市示范局"
APPROVED, UNCLEAR, TOP = "示密审〔2026〕1号", "示密审〔2026〕2号", "示密审〔2026〕3号"
SUBJECTS: Final[Mapping[str, str]] = {
    "approval": APPROVED,
    "grant-application": OWN,
    "grant-letter": "示省密授〔2024〕8号",
    "officer-candidates": OWN,
    "officer-letter": "李样例",
    "no-authority-report": TOP,
    "unclear-report": UNCLEAR,
    "written-notice": APPROVED,
    "media-label": APPROVED,
    "change-approval": APPROVED,
    "copy-approval": APPROVED,
    "readers": APPROVED,
}
"""Whose data each form is filled with."""
MORE: Final = """
[[officer]]
name = "李样例"
post = "办公室主任"
kind = "指定"
corner = "B"
from = 2024-06-01
until = 2028-05-31
original = ["秘密"]
derivative = ["机密", "秘密"]
certificate = "示定资〔2024〕002号"
letter = "示定授〔2024〕1号"
designated_by = "张示范"
published = 2024-06-01
filed = 2024-06-05
trained = 2024-05-20
[own]
branch = "政府"
superior = "示例省示范厅"
competent = ["示例省示范厅"]
[[grant]]
letter = "示省密授〔2024〕8号"
granted_by = "示例省示范厅"
levels = ["秘密", "机密"]
from = 2024-06-01
until = 2029-05-31
matters = ["示例事项"]
published = 2024-06-05
filed = 2024-06-10
[[organ]]
name = "示例省示范厅"
kind = "省级"
[[organ]]
name = "示例国家保密局"
kind = "中央"
secrecy_bureau = true
[[organ]]
name = "示例省国家保密局"
kind = "省级"
secrecy_bureau = true
"""


def paper_room(folder: Path) -> Room:
    """Make an office with powers, and three records in its tree."""
    room = new_room(folder)
    file = room.office.folder / "authority.toml"
    file.write_text(file.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    for each in (approved(), unclear(), beyond_power()):
        begin(room.office.approvals, each, None)
    return Room(folder, read_office(room.office.folder))


def approved() -> ApprovalRecord:
    """An approved record with two copies, each with its receiver."""
    whole = with_draft(record(copies=2), receivers=("示例市示范局办公室", "示例市样例局"))
    scope = ("示例市示范局办公室", "示例市样例局")
    secrecy = replace(whole.proposal.secrecy, scope=scope)
    return replace(whole, number=APPROVED, proposal=replace(whole.proposal, secrecy=secrecy))


def proposed() -> ApprovalRecord:
    """The same before its decision."""
    return replace(approved(), officer=None, decision=None, status=RecordStatus.PROPOSED)


def unclear() -> ApprovalRecord:
    """A record of a matter of which the level is not clear."""
    claimed = (SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.SECRET)
    why = Unclear("样例：两处主张的密级不同", date(2026, 11, 2), date(2026, 11, 6), claimed)
    return replace(proposed(), number=UNCLEAR, unclear=why)


def beyond_power() -> ApprovalRecord:
    """A proposal of a level that the unit may not decide."""
    whole = proposed()
    secrecy = replace(
        whole.proposal.secrecy, marking=Marking(SecrecyLevel.TOP_SECRET, ForYears(20))
    )
    proposal = replace(whole.proposal, secrecy=secrecy, opinion="样例：拟定绝密，报请上级确定")
    return replace(whole, number=TOP, proposal=proposal)


def desk_of(room: Room) -> FormDesk:
    """Return what making forms needs, on the day of the records."""
    return FormDesk(room.office, DAY, NOW.isoformat(), room.ledger)


def made(room: Room, name: str, subject: str = "", **given: str) -> MadeForm:
    """Make a form with its usual data, or those of another subject."""
    return filled_form(read_form(name), subject or SUBJECTS[name], given, desk_of(room))
