"""docs/forms.md names every form as it is, and its commands do what the page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from cli_kit import run
from dingmi_mark.forms.definition import form_names, read_form
from paper_kit import paper_room

TEXT = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
ROWS = {
    cells[1].strip(" `"): cells
    for line in TEXT.splitlines()
    if line.startswith("| `") and len(cells := line.split("|")) == 8
}
COMMANDS = re.findall(r"dingmi-mark (form make [^`\n]+)", TEXT)


def test_the_table_has_every_form_with_its_title_purpose_and_provisions() -> None:
    assert set(ROWS) == set(form_names())
    for name, (_, _, title, purpose, bases, _, command, _) in ROWS.items():
        form = read_form(name)
        assert title.strip().startswith(form.title)
        assert purpose.strip() == form.purpose
        assert f"依据：{bases.strip()}。" == form.basis_line
        assert f"form make {name} " in command


def test_the_page_names_what_a_units_own_form_must_have() -> None:
    told = dict(re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \|$", TEXT, re.MULTILINE))
    assert told == {name: "；".join(read_form(name).required) for name in form_names()}


def test_every_field_that_the_page_sets_is_one_of_the_forms() -> None:
    fields = {slot.name for name in form_names() for slot in read_form(name).slots}
    named = set(re.findall(r"--set ([^=\s`]+)=", TEXT)) - {"栏目", "FIELD"}
    assert named and named <= fields


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paper_room(tmp_path_factory.mktemp("office")).office.folder


@pytest.mark.parametrize("command", [c for c in COMMANDS if "--out" in c])
def test_the_commands_of_the_page_make_their_forms(
    tmp_path: Path, office: Path, command: str
) -> None:
    done = run(*shlex.split(command), "--lang", "zh", cwd=tmp_path, DINGMI_OFFICE=str(office))
    assert done.returncode == 0, done.stderr
    (file,) = tmp_path.glob("*.docx")
    assert done.stdout.strip() == f"已生成：{file.name}"
    name = shlex.split(command)[2]
    read = run("form", "read", name, file.name, "--json", cwd=tmp_path, DINGMI_OFFICE=str(office))
    assert read.returncode == 0, read.stderr
