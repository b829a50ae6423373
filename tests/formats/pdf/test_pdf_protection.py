"""Protected files: opened with a password or by leave, and protected afterwards as before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Encryption, Permissions

from dingmi_mark.domain.approval import Restriction
from dingmi_mark.errors import DraftProtected, DraftRestricted, PasswordWrong
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.pdf import PdfHandler
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import Status
from office_kit import Room, approved, new_room, only, pdf
from pdf_kit import FACES, draft, job, text_block

ALL = Permissions()
READ_ONLY = Permissions(modify_other=False, modify_assembly=False)


def encrypted(
    path: Path, user: str, owner: str, allow: Permissions = ALL, revision: int = 6
) -> Path:
    with pikepdf.open(draft(path), allow_overwriting_input=True) as file:
        lock = Encryption(
            user=user,
            owner=owner,
            allow=allow,
            R=revision,  # type: ignore[arg-type]
            aes=revision >= 4,
            metadata=revision >= 4,
        )
        file.save(path, encryption=lock)
    return path


def marked_with(path: Path, access: Access) -> Path:
    target = path.with_name("marked.pdf")
    PdfHandler(access=access).mark(path, target, job(text_block()), FACES)
    return target


@pytest.mark.parametrize("revision", [3, 4, 6])
@pytest.mark.parametrize("password", ["open", "own"])
def test_a_file_opened_with_its_password_stays_protected_as_it_was(
    password: str, revision: int, tmp_path: Path
) -> None:
    source = encrypted(tmp_path / "draft.pdf", "open", "own", revision=revision)
    access = Access(password)
    target = marked_with(source, access)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(target)
    with pikepdf.open(source, password="open") as before:
        for key in ("open", "own"):
            with pikepdf.open(target, password=key) as after:
                assert after.encryption.R == before.encryption.R
                assert after.allow == before.allow
    handler = PdfHandler(access=access)
    assert handler.inspect(target).content_digest == handler.inspect(source).content_digest
    assert b"marking-1" not in target.read_bytes()


def test_without_its_password_a_file_is_refused(tmp_path: Path) -> None:
    source = encrypted(tmp_path / "draft.pdf", "open", "own")
    with pytest.raises(DraftProtected):
        PdfHandler().inspect(source)


def test_a_wrong_password_is_said_to_be_wrong(tmp_path: Path) -> None:
    source = encrypted(tmp_path / "draft.pdf", "open", "own")
    with pytest.raises(PasswordWrong) as told:
        PdfHandler(access=Access("guess")).inspect(source)
    assert "guess" not in str(told.value)
    with (
        pytest.raises(PasswordWrong),
        PdfHandler(access=Access("guess")).view(source),
    ):
        pass


@pytest.mark.parametrize("user", ["", "open"])
def test_a_file_whose_author_forbids_changes_needs_leave(user: str, tmp_path: Path) -> None:
    source = encrypted(tmp_path / "draft.pdf", user, "own", READ_ONLY)
    with pytest.raises(DraftRestricted):
        PdfHandler(access=Access(user)).inspect(source)
    marked_with(source, Access("own"))
    (source.parent / "marked.pdf").unlink()
    target = marked_with(source, Access(user, despite_restrictions=True))
    with pikepdf.open(target, password=user) as after:
        assert not after.allow.modify_other


def test_encrypted_without_password_or_restriction_is_no_obstacle(tmp_path: Path) -> None:
    target = marked_with(encrypted(tmp_path / "draft.pdf", "", ""), Access())
    with pikepdf.open(target) as after:
        assert after.is_encrypted


def test_a_password_is_never_shown() -> None:
    assert "geheim" not in repr(Access("geheim"))


def locked(user: str, tmp_path: Path) -> bytes:
    path = tmp_path / "locked.pdf"
    path.write_bytes(pdf())
    with pikepdf.open(path, allow_overwriting_input=True) as file:
        file.save(path, encryption=Encryption(user=user, owner="own", allow=READ_ONLY))
    return path.read_bytes()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def test_the_whole_way_with_a_password(room: Room, tmp_path: Path) -> None:
    content = locked("open", tmp_path)
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    assert isinstance(only(room.mark()).error, DraftProtected)
    assert isinstance(only(room.mark(password="open")).error, DraftRestricted)
    verdict = only(room.mark(password="own"))
    assert verdict.status is Status.MARKED
    (copy, *_) = verdict.copies
    (report,) = check_files([copy.path], room.office, on_report=lambda _: None, password="open")
    assert report.agrees
    (report,) = check_files([copy.path], room.office, on_report=lambda _: None)
    assert isinstance(report.error, DraftProtected)


def test_the_approval_gives_leave_to_mark_what_is_restricted(room: Room, tmp_path: Path) -> None:
    content = locked("", tmp_path)
    record = approved(content, "通知.pdf")
    room.put("通知.pdf", content, record)
    error = only(room.mark()).error
    assert isinstance(error, DraftRestricted)
    assert error.code == 140
    given = replace(record, draft=replace(record.draft, despite=(Restriction.CHANGES,)))
    room.approve("通知.pdf", given)
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    (report,) = check_files([verdict.copies[0].path], room.office, on_report=lambda _: None)
    assert report.agrees
