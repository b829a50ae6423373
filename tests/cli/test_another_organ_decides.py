"""无权 and 不明确 walked by commands: protect at once, report, register the reply, mark.

保守国家秘密法(2024)第十七条第三款, 实施条例(2024)第二十五条; as docs/procedure.md tells them.
"""

from __future__ import annotations

import json
import re
import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest

from dingmi_mark.errors import ExitCode
from dingmi_mark.pipeline import clock
from forms_kit import typed
from office_kit import AUTHORITY, docx
from paper_kit import MORE
from walk_kit import Desk, with_basis

NUMBER = "示密审〔2026〕9号"
PAGE = (Path(__file__).parents[2] / "docs" / "procedure.md").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "passphrase").write_text("样例口令-示例-2026\n", encoding="utf-8")
    desk = Desk(tmp_path)
    desk.done("init", tmp_path / "office", "--name", "示例市示范局", "--kind", "设区的市级")
    (tmp_path / "office" / "authority.toml").write_text(AUTHORITY + MORE, encoding="utf-8")
    (tmp_path / "方案.docx").write_bytes(docx())
    for name, role in (("赵保密", "保密员"), ("王承办", "承办人")):
        told = desk.signed("key", "new", name, "--role", role)
        if role != "保密员":
            (key,) = re.findall(r"编号 ([0-9a-f]{16})", told)
            desk.signed("key", "confirm", key, "--as", "赵保密")
    return desk


def filled_in(form: Path, level: str, period: str, **more: str) -> None:
    """Type the proposal into the form."""
    typed(
        form,
        审批编号=NUMBER,
        定密类型="原始定密",
        标题="样例：关于示例方案的请示",
        制发日="2026年10月16日",
        份数="1",
        拟办密级=level,
        拟办保密期限=period,
        拟办知悉范围="示例市示范局办公室",
        承办人="王承办",
        **more,
    )


def commands_under(heading: str) -> list[list[str]]:
    """Return the commands of a section of docs/procedure.md, in their order."""
    section = PAGE.split(f"### {heading}\n")[1].split("\n#")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return [shlex.split(line)[1:] for line in block.splitlines()]


def step(desk: Desk, words: list[str]) -> str:
    """Run a command of the page, with the day of today for that of the reply."""
    today = clock.today().isoformat()
    before = ["", *words]
    given = [today if before[at] == "--reply-date" else word for at, word in enumerate(words)]
    signs = words[:2] == ["approval", "submit"] or "--as" in words
    return desk.signed(*given) if signs else desk.done(*given)


def fields(desk: Desk, form: str, file: str) -> dict[str, str]:
    return json.loads(desk.done("form", "read", form, file, "--json"))["result"]["fields"]  # type: ignore[no-any-return]


def protected_and_reported(desk: Desk, mark: str) -> None:
    """Look at the draft between the provisional mark and the reply."""
    (protected,) = (desk.folder / "拟定").glob("*.docx")
    told = desk.done("check", protected)
    assert f"拟定 {mark}" in told and "★" not in told
    waits = desk.done("today", "--role", "保密员")
    assert "报请" in waits and "--reply --organ 机关" in waits
    assert NUMBER not in desk.done("today", "--role", "定密责任人"), "he has nothing to decide"


def marked_in_its_place(desk: Desk, mark: str) -> str:
    assert not list((desk.folder / "拟定").glob("*.docx")), "the formal mark replaces it"
    (marked,) = (desk.folder / "已标").glob("*.docx")
    told = desk.done("check", marked)
    assert mark in told and "1 个文件中，完全一致的 1 个" in told
    assert NUMBER not in desk.done("today")
    return desk.done("explain", marked)


def test_what_the_unit_may_not_decide_is_protected_reported_and_marked_by_the_reply(
    desk: Desk,
) -> None:
    new, submit, opinion, protect, report, reply, mark, check, explain = commands_under(
        "无权确定的：从先行保护到正式标志"
    )
    step(desk, new)
    filled_in(desk.folder / "审批表.docx", "绝密", "20年")
    with_basis(desk.folder / "审批表.docx")
    told = step(desk, submit)
    assert "第十七条" in told and "示例省示范厅（上级机关、单位）" in told
    step(desk, opinion)
    assert "拟定 绝密 20年" in step(desk, protect)
    step(desk, report)
    asked = fields(desk, "no-authority-report", "申报表.docx")
    assert asked["报请的机关、单位"] == "示例省示范厅（上级机关、单位）"
    assert (asked["报请期限"], asked["拟办密级"], asked["保密员意见"]) == (
        "立即",
        "绝密",
        "同意报请",
    )
    refused = desk.run(*mark)
    assert refused.returncode == ExitCode.LAW_VIOLATED and "第十七条第三款" in refused.stderr
    protected_and_reported(desk, "绝密 20年")
    assert "绝密★20年" in step(desk, reply)
    assert "拟定标志的文件已删除" in step(desk, mark)
    step(desk, check)
    told = marked_in_its_place(desk, "绝密★20年")
    assert "由“示例省示范厅”批复决定：示省密批〔2026〕1号" in told
    assert (
        "“示例省示范厅”属省级，可以确定：绝密、机密、秘密。" in told and "(2024)第十七条〕" in told
    )
    assert step(desk, explain).splitlines()[1:] == told.splitlines()[1:], "but for the path typed"


def test_what_is_unclear_is_protected_and_reported_within_ten_working_days(desk: Desk) -> None:
    new, submit, protect, opinion, report, reply, mark, check, explain = commands_under(
        "不明确的：十个工作日内报请"
    )
    step(desk, new)
    today = clock.today()
    unclear = {"不明确的理由": "样例：保密事项范围没有规定", "各方主张的密级": "机密；秘密"}
    filled_in(
        desk.folder / "审批表.docx", "机密", "10年", 先行拟定之日=today.isoformat(), **unclear
    )
    told = step(desk, submit)
    assert "实施条例(2024)第二十五条" in told
    found = re.search(r"最迟(\d+)-0?(\d+)-0?(\d+)报请确定", told)
    assert found is not None and date(*map(int, found.groups())) >= today + timedelta(12)
    assert "确定之前按机密级采取保密措施" in told
    assert "拟定 机密 10年" in step(desk, protect), "at once, before anybody's opinion"
    step(desk, opinion)
    step(desk, report)
    asked = fields(desk, "unclear-report", "报请表.docx")
    assert asked["报请的机关"] == "示例省国家保密局（省、自治区、直辖市保密行政管理部门）"
    assert asked["报请的最后一日"] == "{}年{}月{}日".format(*found.groups())
    refused = desk.run(*mark)
    assert refused.returncode == ExitCode.MATTER_UNCLEAR and "--reply" in refused.stderr
    protected_and_reported(desk, "机密 10年")
    wrong = [word.replace("示例省国家保密局", "示例省示范厅") for word in reply]
    wrong[wrong.index("--reply-date") + 1] = today.isoformat()
    refused = desk.run(*wrong, "--passphrase-file", desk.folder / "passphrase")
    assert refused.returncode == ExitCode.AUTHORITY_EXCEEDED, "a department may not decide it"
    assert "机密★10年" in step(desk, reply)
    assert "拟定标志的文件已删除" in step(desk, mark)
    step(desk, check)
    told = marked_in_its_place(desk, "机密★10年")
    assert "由“示例省国家保密局”批复决定：示省密定〔2026〕1号" in told and "第二十五条" in told
    assert step(desk, explain).splitlines()[1:] == told.splitlines()[1:], "but for the path typed"


def test_the_ten_working_days_are_those_of_the_official_calendar(desk: Desk) -> None:
    """2026-09-24 is the eve of 中秋节 and 国庆节; 2026-10-10, a Saturday, is worked.

    The tenth working day is 2026-10-15; from Monday to Friday alone it were 2026-10-08.
    """
    new = commands_under("不明确的：十个工作日内报请")[0]
    step(desk, new)
    form = desk.folder / "审批表.docx"
    days = {"先行拟定之日": "2026年9月24日", "报请确定之日": "2026年10月16日"}
    filled_in(form, "机密", "10年", 不明确的理由="样例：保密事项范围没有规定", **days)
    told = desk.done("approval", "check", form)
    assert "最迟2026-10-15报请确定" in told
    assert "2026-10-16才报请确定，晚于期限2026-10-15" in told
