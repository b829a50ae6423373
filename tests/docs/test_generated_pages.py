"""The generated pages are what the generator gives, and every exit code has its errors."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from dingmi_mark.domain.rules.families import ALL_RULES
from dingmi_mark.errors import DingmiError, ExitCode
from dingmi_mark.messages import N_
from dingmi_mark.store.lawbook import read_lawbook

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = (
    "exit-codes.md",
    "law.md",
    "schema/approval-record.schema.json",
    "schema/change-notice.schema.json",
)


@pytest.mark.parametrize("name", PAGES)
def test_the_committed_page_is_what_the_generator_gives(make_docs: ModuleType, name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    wanted = make_docs.PAGES[name](make_docs.translations())
    assert written == wanted, "run: python tools/make_docs.py"


def test_every_generated_page_is_compared(make_docs: ModuleType) -> None:
    assert set(make_docs.PAGES) == set(PAGES)


def test_every_code_has_an_error_and_stands_in_the_page(make_docs: ModuleType) -> None:
    codes = {kind.code for kind in make_docs.error_classes()}
    assert codes == set(ExitCode) - set(make_docs.WITHOUT_CLASS)
    page = make_docs.exit_codes_page({})
    for code in ExitCode:
        assert f"| {code.value} | `{code.name}` |" in page


def test_every_error_has_wordings_of_its_own(make_docs: ModuleType) -> None:
    kinds: tuple[type[DingmiError], ...] = make_docs.error_classes()
    assert len({kind.says for kind in kinds}) == len(kinds)
    assert len({kind.remedy for kind in kinds}) == len(kinds)
    assert len({kind.__name__ for kind in kinds}) == len(kinds)


def test_an_error_of_a_test_does_not_get_into_the_page(make_docs: ModuleType) -> None:
    class Foreign(DingmiError):
        code = ExitCode.BUG
        says = N_("foreign")
        remedy = N_("none")

    assert Foreign not in make_docs.error_classes()


def test_a_translation_fills_the_chinese_columns_and_a_fuzzy_one_does_not(
    make_docs: ModuleType, tmp_path: Path
) -> None:
    catalogue = tmp_path / "dingmi_mark.po"
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "The disk is full; nothing was written."\nmsgstr "磁盘已满，什么也没有写。"\n\n'
        '#, fuzzy\nmsgid "Choose an empty folder."\nmsgstr "猜的"\n',
        encoding="utf-8",
    )
    chinese = make_docs.translations(catalogue)
    page = make_docs.exit_codes_page(chinese)
    assert "| 41 | `OUTPUT_DISK_FULL` | `OutputDiskFull` | 磁盘已满，什么也没有写。 |" in page
    assert "猜的" not in page
    assert make_docs.translations(tmp_path / "missing.po") == {}


def test_check_tells_what_is_out_of_date(
    make_docs: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(make_docs, "DOCS", tmp_path)
    assert make_docs.main(["--check"]) == 1
    assert "docs/law.md is out of date" in capsys.readouterr().err
    assert make_docs.main([]) == 0
    assert make_docs.main(["--check"]) == 0
    assert make_docs.main(["--chekc"]) == 2


def test_every_rule_and_every_row_stands_in_the_law_page() -> None:
    page = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
    for rule in ALL_RULES:
        assert f"### `{rule.name}` " in page
    for row in read_lawbook("national").rows:
        assert row.citation.provision in page
        assert f"| {row.effective_from} |" in page
