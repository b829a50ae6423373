"""Deriving as people do it: a paper from outside, a derived one, another from that, a release.

By commands, in Chinese, as docs/derivation.md tells them.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import tomli_w

from dingmi_mark.pipeline import clock
from office_kit import AUTHORITY, docx, pdf
from walk_kit import Desk

FROM_OUTSIDE = "示省密〔2026〕1号"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.done("init", tmp_path / "office", "--name", "示例市示范局", "--kind", "设区的市级")
    (tmp_path / "office" / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    (tmp_path / "来文.pdf").write_bytes(pdf(typed="机密★10年", at=(400.0, 110.0)))
    (tmp_path / "方案.pdf").write_bytes(pdf())
    (tmp_path / "通知.docx").write_bytes(docx())
    return desk


def registered(desk: Desk) -> None:
    told = desk.done(
        "source", "add", "来文.pdf", "--number", FROM_OUTSIDE, "--title", "样例：关于示例的通知",
        "--issue-date", "2026-03-15", "--scope", "示例市示范局办公室", "--point", "1=机密",
    )  # fmt: skip
    assert "已登记" in told
    assert "机密（取自首页标志）" in told
    assert "2036-03-15" in told


def derived(desk: Desk, draft: str, source: str, number: str, document_number: str) -> Path:
    """Begin a record, fill in what only people know, derive, and bring it to its mark."""
    record = desk.folder / f"{draft}.toml"
    desk.done("approval", "new", draft, "--out", record)
    tables = tomllib.loads(record.read_text(encoding="utf-8"))
    tables["number"] = number
    tables["draft"] |= {
        "title": f"样例：{draft}",
        "document_number": document_number,
        "issue_date": clock.today(),
    }
    tables["proposal"]["by"] = {"name": "王样例"}
    record.write_text("# 样例记录\n" + tomli_w.dumps(tables), encoding="utf-8")
    told = desk.done("derive", draft, "--source", source, "--use", "引用", "--into", record)
    assert "最高密级：机密" in told
    assert "2036年3月16日" in told
    assert record.read_text(encoding="utf-8").startswith("# 样例记录\n")
    assert "○" in desk.done("approval", "check", record)
    desk.done("approval", "submit", record, draft)
    desk.done("approval", "review", number, "--as", "赵样例", "--opinion", "同意")
    desk.done("approval", "review", number, "--as", "张示范", "--decision", "同意")
    decided = desk.run("derive", draft, "--source", source, "--into", _kept(desk, number))
    assert decided.returncode == 170, decided.stdout + decided.stderr
    desk.done("mark", draft, "--out", "已标")
    return next((desk.folder / "已标").glob(f"{Path(draft).stem}-*"))


def _kept(desk: Desk, number: str) -> Path:
    return max((desk.folder / "office" / "approvals" / number).glob("*.toml"))


def test_from_outside_over_two_generations_to_the_release_of_the_source(desk: Desk) -> None:
    missing = desk.run("source", "add", "来文.pdf")
    assert missing.returncode == 162
    assert "--issue-date 日期" in missing.stderr
    registered(desk)
    assert "没有改动" in desk.done("source", "add", "来文.pdf")
    assert FROM_OUTSIDE in desk.done("source", "list")
    lower = desk.run("source", "add", "来文.pdf", "--level", "秘密")
    assert lower.returncode == 164
    assert "机密 ≠ 秘密" in lower.stderr

    first = derived(desk, "方案.pdf", FROM_OUTSIDE, "示密审〔2026〕1号", "示密〔2026〕10号")
    derived(desk, "通知.docx", str(first), "示密审〔2026〕2号", "示密〔2026〕11号")
    assert "不用登记" in desk.done("source", "add", first)

    tree = desk.done("lineage", "示密〔2026〕10号")
    above, _, below = tree.partition("由它派生的：")
    assert FROM_OUTSIDE in above and "示密〔2026〕11号" in below
    assert "没有需要跟着办的" in tree
    graph = desk.done("lineage", FROM_OUTSIDE, "--dot")
    assert graph.count(" -> ") == 2 and "样例" not in graph

    told = desk.run(
        "source", "change", FROM_OUTSIDE, "--basis", "示省密〔2026〕99号",
        "--date", "2026-06-01", "--released", "2026-06-01",
    )  # fmt: skip
    assert told.returncode == 0 and "有 2 份由它派生" in told.stderr
    waiting = desk.done("lineage", FROM_OUTSIDE, "--waiting")
    assert "应办理解密记录" in waiting
    assert "它由“示密〔2026〕10号”派生" in waiting
    shown = json.loads(desk.done("lineage", "--waiting", "--json"))["result"]["following"]
    assert [one["generation"] for one in shown] == [1, 2]
    assert "第十二条" in shown[0]["basis"]
    drafts = desk.done("notice", "follow", "示省密〔2026〕99号", "--out", "后续")
    assert "写好 1 份草稿" in drafts and "先由人决定的（1）" in drafts
    (draft,) = (desk.folder / "后续").iterdir()
    text = draft.read_text(encoding="utf-8")
    assert text.startswith("# 建议稿") and "第十二条" in text
    assert 'kind = "提前解密"' in text and 'source_change = "示省密〔2026〕99号"' in text
    unfinished = desk.run("notice", "check", draft)
    assert unfinished.returncode == 180 and "number" in unfinished.stderr
    draft.write_text(
        text.replace("schema = 1", 'schema = 1\nnumber = "示密解〔2026〕1号"'), "utf-8"
    )
    seen = desk.run("notice", "check", draft)
    assert "机密" in seen.stdout and "解密" in seen.stdout
    again = desk.run("notice", "follow", "--out", "后续")
    assert again.returncode == 40 and draft.is_file()
    unknown = desk.run("notice", "follow", "没有的", "--out", "别处")
    assert unknown.returncode == 182 and not (desk.folder / "别处").exists()
    today = desk.done("today", "--role", "保密员")
    assert "来源已经变更或者解密的派生文件（2）" in today
    nothing = desk.run("derive", "通知.docx", "--source", FROM_OUTSIDE, "--json")
    assert nothing.returncode == 172
    (desk.folder / "新稿.docx").write_bytes(docx("样例"))
    refused = desk.run("derive", "新稿.docx", "--source", FROM_OUTSIDE)
    assert refused.returncode == 169
    assert "来源都已经解密" in refused.stderr


def test_what_is_typed_wrongly_is_told_with_an_example(desk: Desk) -> None:
    for words in (
        ("--period", "十来年"),
        ("--point", "机密"),
        ("--limit", "不得外传"),
    ):
        result = desk.run("source", "add", "来文.pdf", *words)
        assert result.returncode == 163, result.stderr
        assert "请这样写" in result.stderr
    own = desk.run("derive", "方案.pdf", "--source", "甲", "--own", "机密")
    assert own.returncode == 163
    for words in (
        ("derive", "方案.pdf"),
        ("derive", "方案.pdf", "--source", "甲", "--points", "乙", "1"),
        ("lineage",),
        ("lineage", "甲", "--dot", "--json"),
    ):
        assert desk.run(*words).returncode == 2
    assert desk.run("lineage", "没有这个").returncode == 165


def test_an_officer_may_decide_that_nothing_follows_until_the_source_changes_again(
    desk: Desk,
) -> None:
    registered(desk)
    derived(desk, "方案.pdf", FROM_OUTSIDE, "示密审〔2026〕1号", "示密〔2026〕10号")

    def changed(level: str, basis: str) -> None:
        desk.done(
            "source", "change", FROM_OUTSIDE, "--basis", basis, "--date", "2026-06-01",
            "--level", level,
        )  # fmt: skip

    changed("秘密", "示省密〔2026〕99号")
    waiting = desk.run("lineage", "示密〔2026〕10号", "--waiting")
    assert "密级由机密变为秘密" in waiting.stdout
    assert "review record 文件 --occasion 来源变更后审核 --outcome 继续保密" in waiting.stderr
    desk.done(
        "review", "record", "示密〔2026〕10号", "--occasion", "来源变更后审核", "--outcome",
        "继续保密", "--basis", "样例：所引部分没有变更", "--by", "张示范",
    )  # fmt: skip
    assert "没有需要跟着办的" in desk.done("lineage", "示密〔2026〕10号", "--waiting")
    assert "来源已经变更" not in desk.done("today", "--role", "保密员")
    changed("机密", "示省密〔2026〕100号")
    assert "密级由秘密变为机密" in desk.done("lineage", "示密〔2026〕10号", "--waiting")
    assert "来源变更后审核" in desk.done("review", "show", "示密〔2026〕10号")
    assert desk.run("review", "list", "--occasion", "来源变更后审核").returncode == 2
