"""A re-marked file has the owner, the rights and the attributes of the one it took the place of."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from dingmi_mark.errors import OutputDiskFull
from dingmi_mark.pipeline import taking_over
from dingmi_mark.pipeline.remark_undoing import undo_batch
from dingmi_mark.pipeline.taking_over import take_over
from remark_kit import archive, notice, number_of, remarked

ACL = bytes.fromhex(
    "0200000001000600ffffffff02000600e803000004000000ffffffff10000600ffffffff20000000ffffffff"
)
"""user::rw-, user:1000:rw-, group::---, mask::rw-, other::---: the group's bits say rw-."""


class Attributes:
    """The attributes of files by their number, on whatever disk the tests run."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.held: dict[int, dict[str, bytes]] = {}
        self.refused: dict[str, int] = {}
        for name in ("listxattr", "getxattr", "setxattr"):
            patch.setattr(taking_over.os, name, getattr(self, name))

    def of(self, file: Path | int) -> dict[str, bytes]:
        return self.held.setdefault(os.stat(file).st_ino, {})

    def listxattr(self, file: Path | int) -> list[str]:
        return list(self.of(file))

    def getxattr(self, file: Path | int, name: str) -> bytes:
        if name not in self.of(file):
            raise OSError(errno.ENODATA, "no data")
        return self.of(file)[name]

    def setxattr(self, file: Path | int, name: str, value: bytes) -> None:
        if name in self.refused:
            raise OSError(self.refused[name], "refused")
        self.of(file)[name] = value


@pytest.fixture
def attributes(monkeypatch: pytest.MonkeyPatch) -> Attributes:
    return Attributes(monkeypatch)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """To whom files were given; nobody has to be root for it."""
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(taking_over.os, "fchown", lambda _, *ids: told.append(ids))
    return told


def two(folder: Path, rights: int) -> tuple[Path, Path]:
    old, new = folder / "old", folder / "new"
    old.write_bytes(b"1")
    new.write_bytes(b"2")
    old.chmod(rights)
    new.chmod(0o600)
    return old, new


def rights_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.mark.parametrize("rights", [0o400, 0o440, 0o600, 0o640, 0o664, 0o644, 0o755])
def test_owner_rights_and_attributes_are_taken_over(
    tmp_path: Path, rights: int, attributes: Attributes, given: list[tuple[int, int]]
) -> None:
    old, new = two(tmp_path, rights)
    attributes.of(old).update({"user.comment": b"\xff", "security.other": b"x"})
    take_over(old, new)
    assert rights_of(new) == rights and new.read_bytes() == b"2"
    assert attributes.of(new) == {"user.comment": b"\xff"}
    assert given == [(old.stat().st_uid, old.stat().st_gid)]


def test_an_access_list_goes_with_the_file(
    tmp_path: Path, attributes: Attributes, given: list[tuple[int, int]]
) -> None:
    old, new = two(tmp_path, 0o660)
    attributes.of(old)["system.posix_acl_access"] = ACL
    take_over(old, new)
    assert attributes.of(new) == {"system.posix_acl_access": ACL} and rights_of(new) == 0o660
    # Where it cannot be set its mask is no right of the group.
    attributes.refused["system.posix_acl_access"] = errno.ENOTSUP
    take_over(old, new)
    assert rights_of(new) == 0o600 and given


def test_who_may_not_give_a_file_to_its_group_gives_it_to_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attributes: Attributes
) -> None:
    old, new = two(tmp_path, 0o644)
    asked: list[tuple[int, int]] = []
    other: Any = os.stat_result((0o100640, 0, 0, 1, 4711, 4712, 1, 0, 0, 0))
    monkeypatch.setattr(Path, "stat", lambda self, **_: other if self == old else os.stat(self))

    def refuse(_: int, *ids: int) -> None:
        asked.append((ids[0], ids[1]))
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(taking_over.os, "fchown", refuse)
    take_over(old, new)
    assert asked == [(4711, 4712), (-1, 4712)]
    assert stat.S_IMODE(os.stat(new).st_mode) == 0o600
    assert not attributes.of(new)


def test_where_there_is_no_room_for_attributes_it_is_told(
    tmp_path: Path, attributes: Attributes
) -> None:
    old, new = two(tmp_path, 0o640)
    attributes.of(old)["user.comment"] = b"x"
    attributes.refused["user.comment"] = errno.ENOSPC
    with pytest.raises(OutputDiskFull):
        take_over(old, new)
    assert rights_of(new) == 0o600


@pytest.mark.usefixtures("in_this_process")
def test_a_re_marked_file_and_one_that_was_taken_back_keep_them(
    tmp_path: Path, attributes: Attributes
) -> None:
    papers = archive(tmp_path)
    file = papers.mark("1号.pdf")
    before = file.read_bytes()
    file.chmod(0o440)
    attributes.of(file)["user.comment"] = b"x"
    batch = remarked(papers, notice(number_of("1号.pdf"))).batch_id
    assert file.read_bytes() != before
    assert rights_of(file) == 0o440 and attributes.of(file) == {"user.comment": b"x"}
    with papers.desk() as desk:
        undo_batch(batch, desk)
    assert file.read_bytes() == before
    assert rights_of(file) == 0o440 and attributes.of(file) == {"user.comment": b"x"}
