"""docs/office.md tells every key the readers know, with its default, and no other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from dingmi_mark.domain.authority import Authority, OrganKind
from dingmi_mark.domain.law import Severity, is_settled
from dingmi_mark.domain.rules.families import ALL_RULES
from dingmi_mark.errors import ConfigurationInvalid
from dingmi_mark.store import office as office_module
from dingmi_mark.store.catalogue_file import ITEM_COLUMNS, LIST_COLUMNS, MATTER_COLUMNS
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.office import AUTHORITY_FILE, OFFICE_FILE, Office, read_office
from dingmi_mark.store.office_authority import read_authority
from dingmi_mark.store.office_new import FOLDERS, init_office
from dingmi_mark.store.strict_toml import Table, read_table

DOC = Path(__file__).parents[2] / "docs" / "office.md"
TEXT = DOC.read_text(encoding="utf-8")
SECTIONS = {
    OFFICE_FILE: TEXT.partition("## 三、")[2].partition("\n## ")[0],
    AUTHORITY_FILE: TEXT.partition("## 四、")[2].partition("\n## ")[0],
}
ROW = re.compile(r"^\| `([\w.]+)` \| (\S+) \| (.+?) \|", re.MULTILINE)


def documented(file: str) -> dict[str, str]:
    """Return the keys of a file as the page has them, with their defaults."""
    rows = ROW.findall(SECTIONS[file])
    defaults = {key: default.strip("`") for key, _, default in rows}
    assert len(defaults) == len(rows)
    return defaults


CASES = [(file, key, default) for file in SECTIONS for key, default in documented(file).items()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office with every sample line of its files in force."""
    folder = tmp_path / "office"
    now = datetime(2026, 1, 10)
    init_office(folder, name="示例市示范局", kind=OrganKind.PREFECTURE_CITY, now=now)
    for file in SECTIONS:
        text = (folder / file).read_text(encoding="utf-8")
        enabled = re.sub(r"^#(?=[\[a-z])", "", text, flags=re.MULTILINE)
        (folder / file).write_text(enabled, encoding="utf-8")
    return folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The keys a reader asks for while it reads."""
    found: set[str] = set()
    take: Callable[..., Any] = Table._take

    def noting(table: Table, key: str, *rest: Any) -> Any:
        found.add(re.sub(r"\[\d+\]", "", table.at(key)))
        return take(table, key, *rest)

    monkeypatch.setattr(Table, "_take", noting)
    return found


def test_the_page_has_the_keys_of_the_reader_of_office_toml(
    folder: Path, asked: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_module, "read_authority", lambda *_: Authority())
    read_office(folder)
    assert set(documented(OFFICE_FILE)) == asked


def test_the_page_has_the_keys_of_the_reader_of_authority_toml(
    folder: Path, asked: set[str]
) -> None:
    office = read_office(folder)
    asked.clear()
    read_authority(read_table(folder / AUTHORITY_FILE), office.organ)
    assert set(documented(AUTHORITY_FILE)) == asked


@pytest.mark.parametrize(("file", "key", "default"), CASES)
def test_a_key_is_required_or_has_its_default(
    folder: Path, file: str, key: str, default: str
) -> None:
    tables = tomllib.loads((folder / file).read_text(encoding="utf-8"))
    for table, name in owners(tables, key):
        table.pop(name, None)
    if default == "必填":
        with pytest.raises(ConfigurationInvalid, match="missing"):
            rewritten(folder, file, tables)
        return
    without = rewritten(folder, file, tables)
    if default not in ("不设", "本单位"):
        for table, name in owners(tables, key):
            table[name] = tomllib.loads(f"value = {default}")["value"]
        assert rewritten(folder, file, tables) == without


def owners(tables: dict[str, Any], key: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every table that the key belongs to, with the key's own name."""
    first, dot, rest = key.partition(".")
    if not dot:
        yield tables, key
        return
    below = tables.get(first, [])
    for table in below if isinstance(below, list) else [below]:
        yield from owners(table, rest)


def rewritten(folder: Path, file: str, tables: dict[str, Any]) -> Office:
    (folder / file).write_text(tomli_w.dumps(tables), encoding="utf-8")
    return read_office(folder)


def test_every_template_init_writes_is_told(folder: Path) -> None:
    written = tomllib.loads((folder / OFFICE_FILE).read_text(encoding="utf-8"))["templates"]
    for key, name in written.items():
        assert re.search(rf"\| `templates\.{key}` .*`init` 写 `{name}`", TEXT)


def test_every_folder_and_kind_of_organ_is_told() -> None:
    for entry in FOLDERS:
        assert f"| `{entry}/` |" in TEXT
    for kind in OrganKind:
        assert kind.value in SECTIONS[OFFICE_FILE]


def test_the_example_of_an_own_profile_is_read(tmp_path: Path) -> None:
    example = TEXT.partition("## 八、")[2].partition("```toml\n")[2].partition("```")[0]
    file = tmp_path / "rules.toml"
    file.write_text(example, encoding="utf-8")
    assert read_lawbook(file).switches["condition-length"] is Severity.NOTE
    for severity in Severity:
        assert f"`{severity.value}`" in TEXT


def test_the_page_names_exactly_the_rules_that_can_be_switched() -> None:
    rows = read_lawbook("national").rows
    law = {r.rule for r in rows if is_settled([row for row in rows if row.rule == r.rule])}
    law |= {rule.name for rule in ALL_RULES if rule.binding}
    listed = TEXT.partition("## 八、")[2].partition("在本文件夹中建")[0]
    assert set(re.findall(r"`([a-z-]+)`", listed)) == {row.rule for row in rows} - law


TABLES = {
    "## 五、": ("item", "catalogue.toml", ITEM_COLUMNS),
    "## 六、": ("list", "matters.toml", (*LIST_COLUMNS, *MATTER_COLUMNS)),
}


@pytest.mark.parametrize("section", TABLES)
def test_the_keys_and_headings_of_the_tables_are_told(section: str) -> None:
    first, _, columns = TABLES[section]
    part = TEXT.partition(section)[2].partition("\n## ")[0]
    told = re.findall(rf"^\| `{first}\.(?:matter\.)?(\w+)` \| (\S+) \|", part, re.MULTILINE)
    assert told == [(column.key, column.heading) for column in columns]


@pytest.mark.parametrize("section", [*TABLES, "## 七、"])
def test_the_examples_of_the_tables_are_read(folder: Path, section: str) -> None:
    part = TEXT.partition(section)[2].partition("\n## ")[0]
    file = TABLES[section][1] if section in TABLES else "holidays.toml"
    example = part.partition("```toml\n")[2].partition("```")[0]
    (folder / file).write_text(example, encoding="utf-8")
    authority = read_office(folder).authority
    kept = authority.catalogue and authority.catalogue.items
    assert kept or authority.lists or authority.holidays
