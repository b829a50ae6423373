"""docs/approval-record.md tells every field of the schema, and its examples are good records."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dingmi_mark.domain.authority import OrganKind
from dingmi_mark.domain.rules import examine, refusals
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.terms import last_secret_day
from dingmi_mark.store.approvals import approval_from_mapping, approval_schema, read_approval
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.office import Office, read_office
from dingmi_mark.store.office_new import init_office

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "approval-record.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
FIELD = re.compile(r"^\| `([\w.]+)` \| (.+?) \| *(是|法|按情况)? *\|", re.MULTILINE)
PERIOD = re.compile(r"^\| `(\{ .+? \})` \| (..)(★.+?) \|$", re.MULTILINE)
SHARED = {"PeriodPart": "period", "PersonPart": "by"}
"""Tables that stand in several places are told once, under a name of their own."""


def fields_of_the_schema() -> Iterator[tuple[str, str, bool]]:
    """Yield each key with its place, its Chinese title, and whether the format requires it."""
    schema = approval_schema()
    seen = set()
    waiting: list[tuple[str, dict[str, Any]]] = [("", schema)]
    while waiting:
        prefix, part = waiting.pop()
        for key, value in part["properties"].items():
            yield prefix + key, value["title"], key in part.get("required", ())
            for name in re.findall(r"#/\$defs/(\w+)", str(value)):
                if name not in seen:
                    seen.add(name)
                    place = SHARED.get(name, prefix + key) + "."
                    waiting.append((place, schema["$defs"][name]))
    assert seen == set(schema["$defs"])


def test_the_page_tells_every_field_with_its_name_and_no_other() -> None:
    told = sorted((key, title, need == "是") for key, title, need in FIELD.findall(TEXT))
    same = {"security_review.": "review."}
    wanted = {
        (re.sub("^security_review\\.", same["security_review."], key), title, required)
        for key, title, required in fields_of_the_schema()
    }
    assert told == sorted(wanted)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with the sample officers and organs of authority.toml in force."""
    folder = tmp_path_factory.mktemp("units") / "office"
    now = datetime(2026, 1, 10)
    init_office(folder, name="示例市示范局", kind=OrganKind.PREFECTURE_CITY, now=now)
    file = folder / "authority.toml"
    samples = re.sub(r"^#(?=[\[a-z])", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    file.write_text(samples, encoding="utf-8")
    return read_office(folder)


def test_there_are_examples_of_all_three_ways() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("example", EXAMPLES, ids=["original", "derivative", "reply"])
@pytest.mark.parametrize("profile", ["national", "shaoguan-2011"])
def test_an_example_is_read_and_may_be_marked(
    example: str, profile: str, office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "record.toml"
    file.write_text(example, encoding="utf-8")
    record = read_approval(file).record
    case = Case(record, office.authority, date(2026, 1, 12))
    assert refusals(examine(case, read_lawbook(profile))) == ()


def test_the_derivative_example_ends_with_its_source() -> None:
    record = approval_from_mapping(tomllib.loads(EXAMPLES[1]))
    assert record.secrecy.marking.text == "机密★2030年3月15日"
    assert record.draft.issue_day is not None
    last = last_secret_day(record.secrecy.marking.period, record.draft.issue_day)
    assert last == date(2030, 3, 15)


@pytest.mark.parametrize(("written", "level", "shown"), PERIOD.findall(TEXT))
def test_a_period_is_written_on_paper_as_the_page_says(
    written: str, level: str, shown: str
) -> None:
    tables = tomllib.loads(EXAMPLES[0])
    tables["proposal"] |= {"level": level, "period": tomllib.loads(f"p = {written}")["p"]}
    tables["point"] = []
    assert approval_from_mapping(tables).secrecy.marking.text == level + shown


def test_every_kind_of_period_is_shown() -> None:
    shown = {
        key for written, _, _ in PERIOD.findall(TEXT) for key in re.findall(r"\w+(?= =)", written)
    }
    assert shown == set(approval_schema()["$defs"]["PeriodPart"]["properties"])


@pytest.mark.parametrize(
    ("command", "prefix", "position"),
    [("openssl dgst -sm3 FILE", "sm3", -1), ("sha256sum FILE", "sha256", 0)],
)
def test_the_commands_give_the_digest(
    command: str, prefix: str, position: int, tmp_path: Path
) -> None:
    assert f"| `{command}` | `{prefix}:` " in TEXT
    if shutil.which(command.split()[0]) is None:
        pytest.skip(f"{command.split()[0]} is not installed")
    draft = tmp_path / "draft.docx"
    draft.write_bytes(b"draft")
    words = [str(draft) if word == "FILE" else word for word in command.split()]
    out = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert out.split()[position] == hashlib.new(prefix, b"draft").hexdigest()
