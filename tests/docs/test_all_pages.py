"""What every page must say, and that what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from dingmi_mark import errors
from dingmi_mark.cli.main import cli

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))


def _commands() -> set[str]:
    """Every command of the program, `ledger verify` as `mark`."""
    found: set[str] = set()
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            found |= {f"{name} {each}" for each in command.list_commands(context)}
        else:
            found.add(name)
    return found


COMMANDS = _commands()
COMMAND = re.compile(r"(?:`|[Rr]un:? |^ *)dingmi-mark ([a-z]+(?: [a-z]+)?)", re.MULTILINE)
FAMILIES = {command.split()[0] for command in COMMANDS if " " in command}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_says_where_real_secrets_belong(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "涉密信息系统" in text and "第五十七条第十项" in text
    assert "经国家认证的密码" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).is_file(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_those_of_the_program(page: Path) -> None:
    for line in COMMAND.findall(page.read_text(encoding="utf-8")):
        first = line.split()[0]
        assert (line if first in FAMILIES else first) in COMMANDS, line


def test_some_page_names_every_command() -> None:
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    for command in COMMANDS:
        assert any(f"dingmi-mark {command}" in text for text in texts), command


def test_the_user_guide_gives_refusals_their_codes() -> None:
    guide = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", guide, re.MULTILINE)
    assert len(rows) > 20
    for code, name in rows:
        assert getattr(errors, name).code == int(code)


def test_codes_named_in_the_pages_are_those_of_the_enum() -> None:
    for page in PAGES:
        named = re.findall(r"(\d+)（`([A-Z_]+)`）", page.read_text(encoding="utf-8"))
        for code, name in named:
            assert errors.ExitCode[name] == int(code)


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert [int(n) for n in re.findall(r"^  (\d+)\. \S", text, re.MULTILINE)] == list(range(18))
    assert text.rstrip().endswith("<https://www.gnu.org/licenses/>.")
