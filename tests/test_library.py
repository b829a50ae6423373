"""The functions for other programs: as safe as the command, whatever object they are given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import dingmi_mark
from approval_kit import proposal
from dingmi_mark.domain.authority import Authority
from dingmi_mark.domain.standing import Standing
from dingmi_mark.errors import AuthorityExceeded, LawViolated, LedgerNotFound
from dingmi_mark.pipeline.desk import open_desk
from dingmi_mark.pipeline.mark import mark_draft
from dingmi_mark.pipeline.provisional import mark_provisionally
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.verdicts import Status
from dingmi_mark.store.approvals import read_approval
from office_kit import AUTHORITY, Room, approved, new_room, only, pdf
from record_kit import OFFICER


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = new_room(tmp_path)
    content = pdf()
    made.put("通知.pdf", content, approved(content, "通知.pdf"))
    return made


def without_officer(room: Room) -> None:
    table = AUTHORITY.replace(OFFICER, "陈样例")
    (room.office.folder / "authority.toml").write_text(table, encoding="utf-8")


def test_authority_is_read_when_marking_and_not_when_the_office_was_opened(room: Room) -> None:
    opened = dingmi_mark.open_office(room.office.folder)
    without_officer(room)
    result = dingmi_mark.mark([room.drafts], [room.approvals], room.out, office=opened)
    assert isinstance(only(result).error, AuthorityExceeded)
    assert not room.out.exists()


def test_an_altered_office_does_not_lend_authority(room: Room) -> None:
    authority = dingmi_mark.open_office(room.office.folder).authority
    without_officer(room)
    lent = replace(dingmi_mark.open_office(room.office.folder), authority=authority)
    result = dingmi_mark.mark([room.drafts], [room.approvals], room.out, office=lent)
    assert isinstance(only(result).error, AuthorityExceeded)
    none = replace(room.office, authority=Authority())
    result = dingmi_mark.mark([room.drafts], [room.approvals], room.out, office=none)
    assert isinstance(only(result).error, AuthorityExceeded)


def test_records_are_the_offices_own_where_none_are_named(room: Room) -> None:
    folder = room.office.approvals / "1"
    folder.mkdir()
    (room.approvals / "通知.pdf.toml").rename(folder / "0001.toml")
    result = dingmi_mark.mark([room.drafts], [], room.out, office=room.office)
    assert only(result).status is Status.MARKED


def test_a_proposal_gets_no_star_whatever_is_asked(room: Room) -> None:
    """No way leads from a record without decision to a ★, nor around the provisional mark's."""
    content = pdf(2)
    identity = approved(content, "拟办.pdf").draft
    record = room.approve("拟办.pdf", replace(proposal(), draft=identity))
    draft = room.put("拟办.pdf", content)
    task = MarkTask(draft, read_approval(record), room.out / "拟办.pdf", by_digest=True)
    with open_desk(room.office, "test") as desk:
        with pytest.raises((LawViolated, AuthorityExceeded)):
            mark_draft(task, desk)
        with pytest.raises(ValueError, match="provisional"):
            mark_draft(replace(task, standing=Standing.PROVISIONAL), desk)
        with pytest.raises(ValueError, match="★"):
            mark_provisionally(task, desk)


def test_the_ledger_of_another_office_is_not_written_to(room: Room, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = new_room(tmp_path / "other").office
    stranger = replace(room.office, ledger_url=other.ledger_url)
    with pytest.raises(LedgerNotFound, match="another office"), open_desk(stranger, "test"):
        pass
