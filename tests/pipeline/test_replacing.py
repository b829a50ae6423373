"""A file appears whole under its name or not at all, and never in the place of another."""

from __future__ import annotations

import errno
import os
from fnmatch import fnmatch
from pathlib import Path

import pytest

from dingmi_mark.errors import (
    DraftChanged,
    DraftEmpty,
    DraftNotAccessible,
    DraftTooCostly,
    OutputDiskFull,
    OutputExists,
    OutputNotWritable,
)
from dingmi_mark.pipeline.draft_file import read_bytes_of, refuse_if_changed
from dingmi_mark.pipeline.replacing import give_name, keep_rights, output_error, temporary_beside
from dingmi_mark.pipeline.settle import TEMPORARY_PATTERN


def test_temporary_files_are_named_as_settle_knows_them(tmp_path: Path) -> None:
    temporary = temporary_beside(tmp_path / "a.pdf")
    assert temporary.parent == tmp_path
    assert fnmatch(temporary.name, TEMPORARY_PATTERN)


@pytest.mark.parametrize("links", [True, False])
def test_the_name_is_given_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """With hard links, and on a file system that has none (FAT)."""
    if not links:

        def none(*_: object, **__: object) -> None:
            raise OSError(errno.EPERM, "no links here")

        monkeypatch.setattr(os, "link", none)
    temporary, target = tmp_path / ".dingmi-1.tmp", tmp_path / "a.pdf"
    temporary.write_bytes(b"marked")
    give_name(temporary, target)
    assert target.read_bytes() == b"marked"
    assert not temporary.exists()
    temporary.write_bytes(b"other")
    with pytest.raises(OutputExists):
        give_name(temporary, target)
    assert target.read_bytes() == b"marked"
    assert temporary.exists()


def test_a_dangling_link_is_a_taken_name(tmp_path: Path) -> None:
    temporary, target = tmp_path / ".dingmi-1.tmp", tmp_path / "a.pdf"
    temporary.write_bytes(b"marked")
    target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputExists):
        give_name(temporary, target)
    assert not (tmp_path / "elsewhere").exists()


def test_the_marked_file_has_the_drafts_rights_and_no_more(tmp_path: Path) -> None:
    draft, marked = tmp_path / "d", tmp_path / "m"
    draft.write_bytes(b"d")
    marked.write_bytes(b"m")
    draft.chmod(0o640)
    keep_rights(draft, marked)
    assert marked.stat().st_mode & 0o777 == 0o640


def test_causes_of_failed_writing() -> None:
    assert isinstance(output_error(OSError(errno.ENOSPC, "full"), Path("a")), OutputDiskFull)
    assert isinstance(output_error(OSError(errno.EACCES, "no"), Path("a")), OutputNotWritable)


def test_digests_of_a_draft_are_those_of_openssl(tmp_path: Path) -> None:
    """GB/T 32905-2016, example 1: SM3 of "abc"."""
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    found = read_bytes_of(path, most_mib=1).digests
    assert found.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert found.sha256.startswith("ba7816bf8f01cfea")


def test_what_is_no_draft(tmp_path: Path) -> None:
    empty, large, pipe = tmp_path / "e", tmp_path / "l", tmp_path / "p"
    empty.touch()
    large.write_bytes(b"x" * (1 << 20) + b"x")
    os.mkfifo(pipe)
    for path, error in (
        (empty, DraftEmpty),
        (large, DraftTooCostly),
        (pipe, DraftNotAccessible),
        (tmp_path, DraftNotAccessible),
        (tmp_path / "missing", DraftNotAccessible),
    ):
        with pytest.raises(error):
            read_bytes_of(path, most_mib=1)


def test_a_draft_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    before = read_bytes_of(path, most_mib=1)
    refuse_if_changed(path, before)
    path.write_bytes(b"two!")
    with pytest.raises(DraftChanged):
        refuse_if_changed(path, before)
    path.unlink()
    with pytest.raises(DraftChanged):
        refuse_if_changed(path, before)


def test_a_draft_without_the_right_to_read(tmp_path: Path) -> None:
    """Tried as a user without rights, in a process of its own: for root everything is readable."""
    path = tmp_path / "a"
    path.write_bytes(b"draft")
    path.chmod(0)
    child = os.fork()
    if not child:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            read_bytes_of(path, most_mib=1)
        except DraftNotAccessible:
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
