"""`key` and the ways in of records, by the commands as they are typed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dingmi_mark.store.approvals import write_toml
from office_kit import AUTHORITY, approved, docx, pdf
from walk_kit import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "passphrase").write_text("样例口令-示例-2026\n", encoding="utf-8")
    desk = Desk(tmp_path)
    desk.done("init", tmp_path / "office", "--name", "示例市示范局", "--kind", "设区的市级")
    (tmp_path / "office" / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    return desk


def new_key(desk: Desk, name: str, role: str) -> str:
    told = desk.signed("key", "new", name, "--role", role)
    found = re.search(r"编号 ([0-9a-f]{16})", told)
    assert found is not None, told
    return found[1]


def test_keys_are_listed_confirmed_and_revoked(desk: Desk) -> None:
    first = new_key(desk, "赵样例", "保密员")
    second = new_key(desk, "王样例", "承办人")
    listed = desk.done("key", "list")
    assert first in listed and second in listed
    desk.signed("key", "confirm", second, "--as", "赵样例")
    desk.done("key", "revoke", second, "--as", "赵样例", "--reason", "样例：遗失")
    (line,) = (one for one in desk.done("key", "list").splitlines() if second in one)
    assert "作废" in line

    (desk.folder / "通知.docx").write_bytes(docx())
    desk.done("approval", "new", "通知.docx", "--out", "审批表.toml")
    refused = desk.run(
        "approval", "submit", "审批表.toml", "通知.docx", "--as", "王样例",
        "--passphrase-file", desk.folder / "passphrase",
    )  # fmt: skip
    assert refused.returncode != 0 and not list((desk.folder / "office/approvals").iterdir())


def records(desk: Desk) -> list[Path]:
    """Two records as TOML, for two drafts."""
    made = []
    for name, content in (("甲.docx", docx()), ("乙.pdf", pdf())):
        path = desk.folder / f"{name}.toml"
        path.write_text(write_toml(approved(content, name)), encoding="utf-8")
        made.append(path)
    return made


def test_a_record_comes_back_the_same_from_every_way_in(desk: Desk) -> None:
    files = records(desk)
    at_first = [file.read_bytes() for file in files]
    desk.done("approval", "import", *files, "--into", "表格", "--as", "xlsx")
    (table,) = (desk.folder / "表格").glob("*.xlsx")
    desk.done("approval", "import", table, "--into", "表", "--as", "docx")
    forms = sorted((desk.folder / "表").glob("*.docx"))
    assert len(forms) == 2
    desk.done("approval", "import", *forms, "--into", "数据", "--as", "json")
    jsons = sorted((desk.folder / "数据").glob("*.json"))
    assert all(json.loads(file.read_text(encoding="utf-8")) for file in jsons)
    desk.done("approval", "import", *jsons, "--into", "记录", "--as", "toml")
    back = [file.read_bytes() for file in (desk.folder / "记录").glob("*.toml")]
    assert sorted(back) == sorted(at_first)
    for file in (table, *forms, *jsons):
        assert "✓" in desk.done("approval", "check", file)


def test_a_record_is_put_on_the_form_and_nothing_is_written_over(desk: Desk) -> None:
    file, _ = records(desk)
    desk.done("approval", "form", file, "--out", "审批表.docx")
    before = (desk.folder / "审批表.docx").read_bytes()
    assert "✓" in desk.done("approval", "check", "审批表.docx")
    assert desk.run("approval", "form", file, "--out", "审批表.docx").returncode != 0
    assert (desk.folder / "审批表.docx").read_bytes() == before


def test_the_schema_describes_the_records_that_are_written(desk: Desk) -> None:
    schema = json.loads(desk.done("approval", "schema"))
    desk.done("approval", "import", *records(desk), "--into", "数据", "--as", "json")
    for file in (desk.folder / "数据").glob("*.json"):
        assert set(json.loads(file.read_text(encoding="utf-8"))) <= set(schema["properties"])
