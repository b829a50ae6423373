"""A quotation from a paper of another organ: found, stopped, named, and free after its release."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import tomli_w

from dingmi_mark.pipeline import clock
from office_kit import AUTHORITY
from quote_kit import sentences, word_file
from walk_kit import Desk

FROM_OUTSIDE, NUMBER = "示省密〔2026〕1号", "示密审〔2026〕1号"
SOURCE, OWN = sentences(71), sentences(72)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.done("init", tmp_path / "office", "--name", "示例市示范局", "--kind", "设区的市级")
    (tmp_path / "office" / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    (tmp_path / "来文.docx").write_bytes(word_file(SOURCE))
    quoting = [*OWN[:4], f"按照来文，{SOURCE[5]}{SOURCE[6]}", *OWN[4:]]
    (tmp_path / "方案.docx").write_bytes(word_file(quoting))
    return desk


def registered(desk: Desk) -> None:
    desk.done(
        "source", "add", "来文.docx", "--level", "机密", "--period", "10年", "--number",
        FROM_OUTSIDE, "--title", "样例：关于示例的通知", "--issue-date", "2026-03-15",
        "--scope", "示例市示范局办公室",
    )  # fmt: skip


def begun(desk: Desk) -> Path:
    record = desk.folder / "方案.toml"
    desk.done("approval", "new", "方案.docx", "--out", record)
    tables = tomllib.loads(record.read_text(encoding="utf-8"))
    tables["number"] = NUMBER
    tables["draft"] |= {
        "title": "样例：方案",
        "document_number": "示密〔2026〕10号",
        "issue_date": clock.today(),
    }
    tables["proposal"]["by"] = {"name": "王样例"}
    record.write_text(tomli_w.dumps(tables), encoding="utf-8")
    return record


def test_a_paper_from_outside_is_found_in_a_draft_that_quotes_it(desk: Desk) -> None:
    registered(desk)
    found = desk.run("quotes", "方案.docx")
    assert found.returncode == 145, found.stdout + found.stderr
    assert FROM_OUTSIDE in found.stdout and "样例：关于示例的通知" in found.stdout
    assert "（机密）" in found.stdout

    record = begun(desk)
    desk.done("derive", "方案.docx", "--source", FROM_OUTSIDE, "--use", "引用", "--into", record)
    declared = json.loads(desk.done("quotes", "方案.docx", "--record", record, "--json"))
    (report,) = declared["result"]["files"]
    assert [each["declared"] for each in report["quotations"]] == [True]
    desk.done("approval", "submit", record, "方案.docx")
    desk.done("approval", "review", NUMBER, "--as", "赵样例", "--opinion", "同意")
    desk.done("approval", "review", NUMBER, "--as", "张示范", "--decision", "同意")
    desk.done("mark", "方案.docx", "--out", "已标")


def test_a_higher_level_of_the_source_counts_and_a_released_one_is_free(desk: Desk) -> None:
    registered(desk)
    desk.done(
        "source", "change", FROM_OUTSIDE, "--basis", "示省密〔2026〕50号", "--date", "2026-05-01",
        "--level", "绝密", "--period", "20年", "--issue-date", "2026-05-01",
    )  # fmt: skip
    told = desk.run("quotes", "方案.docx").stdout
    assert "样例：关于示例的通知 （绝密）" in told and "机密" not in told
    desk.done(
        "source", "change", FROM_OUTSIDE, "--basis", "示省密〔2026〕99号", "--date", "2026-06-01",
        "--released", "2026-06-01",
    )  # fmt: skip
    desk.done("quotes", "方案.docx")


def test_an_index_made_anew_says_which_papers_from_outside_it_lacks(desk: Desk) -> None:
    registered(desk)
    told = desk.run("quotes", "--rebuild")
    assert told.returncode == 0
    assert FROM_OUTSIDE in told.stdout + told.stderr
    desk.done("quotes", "方案.docx")
    assert "没有改动" in desk.done("source", "add", "来文.docx")
    assert desk.run("quotes", "方案.docx").returncode == 145


def test_a_source_of_other_words_is_not_found(desk: Desk) -> None:
    registered(desk)
    other = sentences(73)
    (desk.folder / "另稿.docx").write_bytes(word_file(other))
    desk.done("quotes", "另稿.docx")
