"""What people type is seen through before any command: too long, no UTF-8, holding the unseen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli_kit import run
from dingmi_mark.cli.grammar import Argument, Option
from dingmi_mark.cli.main import cli
from dingmi_mark.errors import ArgumentUnusable, ExitCode
from office_kit import Room, new_room

LONG = "长" * 3_000
BROKEN = os.fsdecode(b"\xff")
TURNED = "甲\u202e乙"


def commands(command: click.Command, *names: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command of the program by its full name."""
    yield " ".join(names), command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from commands(below, *names, name)


PARAMS = [
    pytest.param(command, param, id=f"{name} {param.name}")
    for name, command in commands(cli)
    for param in command.params
    if not (isinstance(param, click.Option) and param.is_flag)
]


@pytest.mark.parametrize(("command", "param"), PARAMS)
def test_every_option_and_argument_refuses_what_no_command_can_use(
    command: click.Command, param: click.Parameter
) -> None:
    assert isinstance(param, (Option, Argument)), "one place sees through all of them"
    context = click.Context(command)

    def given(text: str) -> object:
        several = param.multiple or param.nargs != 1
        return param.type_cast_value(context, (text,) if several else text)

    unusable = [LONG] if isinstance(param.type, click.Path) else [LONG, BROKEN, TURNED, "甲\x1b"]
    for text in unusable:
        with pytest.raises(ArgumentUnusable):
            given(text)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


@pytest.mark.parametrize(
    "typed",
    [
        ("copies", "list", BROKEN),
        ("copies", "list", LONG),
        ("today", "--as", LONG),
        ("check", LONG),
        ("mark", LONG, "--out", "o"),
        ("approval", "review", "1", "--as", "赵样例", "--opinion", TURNED),
        ("explain", "长" * 100),
    ],
)
def test_the_user_is_told_what_cannot_be_used_and_why(room: Room, typed: tuple[str, ...]) -> None:
    done = run("--lang", "zh", *typed, "--office", room.office.folder)
    assert done.returncode == ExitCode.ARGUMENT_UNUSABLE
    assert "不能用" in done.stderr and "怎么办" in done.stderr
    assert BROKEN not in done.stderr and "\u202e" not in done.stderr


@pytest.mark.parametrize("name", ["DINGMI_OFFICE", "DINGMI_KEYS"])
def test_a_variable_of_the_environment_is_seen_through_as_an_option_is(
    room: Room, name: str
) -> None:
    usual = {"DINGMI_OFFICE": str(room.office.folder), name: LONG}
    done = run("key", "new", "赵样例", "--role", "保密员", **usual)
    assert done.returncode == ExitCode.ARGUMENT_UNUSABLE
    assert name in done.stderr


def test_a_draft_whose_name_is_no_utf8_is_no_fault(room: Room) -> None:
    done = run("check", room.folder / os.fsdecode(b"\xce\xc4.pdf"), "--office", room.office.folder)
    assert done.returncode == ExitCode.DRAFT_NOT_ACCESSIBLE


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b""])
def test_a_passphrase_file_that_is_no_text_is_told(room: Room, content: bytes) -> None:
    file = room.folder / "口令"
    file.write_bytes(content)
    done = run(
        *("key", "new", "赵样例", "--role", "保密员", "--passphrase-file", file),
        *("--keys", room.folder / "keys", "--office", room.office.folder),
    )
    assert done.returncode == (ExitCode.KEY_UNUSABLE if content else ExitCode.USAGE)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("approval", "check", "没有.docx"), ExitCode.FILE_NOT_READABLE),
        (("approval", "check", "没有.toml"), ExitCode.FILE_NOT_READABLE),
        (("approval", "check", "."), ExitCode.FILE_NOT_READABLE),
        (("approval", "import", "没有.xlsx", "--into", "d"), ExitCode.FILE_NOT_READABLE),
        (("approval", "submit", "没有.toml", "a.pdf"), ExitCode.FILE_NOT_READABLE),
        (("form", "read", "approval", "没有.docx"), ExitCode.FILE_NOT_READABLE),
        (("stamp", "check", "没有.toml"), ExitCode.FILE_NOT_READABLE),
        (("ledger", "restore", "没有.sqlite"), ExitCode.FILE_NOT_READABLE),
        (("approval", "review", "没有"), ExitCode.RECORD_UNKNOWN),
        (("approval", "compare", "没有", "a.pdf"), ExitCode.RECORD_UNKNOWN),
        (("approval", "fill", "没有", "--document-number", "x"), ExitCode.RECORD_UNKNOWN),
        (("approval", "form", "没有", "--out", "a.docx"), ExitCode.RECORD_UNKNOWN),
        (("form", "make", "approval", "没有", "--out", "a.docx"), ExitCode.RECORD_UNKNOWN),
    ],
)
def test_what_is_not_there_is_told_as_what_it_is(
    room: Room, command: tuple[str, ...], code: ExitCode
) -> None:
    """No advice to put a record beside a draft, to save a form anew, or to mend a template."""
    done = run("--lang", "zh", *command, "--office", room.office.folder, cwd=room.folder)
    assert done.returncode == code, done.stderr
    advice = done.stderr.partition("怎么办")[2]
    assert not any(word in advice for word in ("--approvals", "WPS", "UTF-8", "office.toml"))
