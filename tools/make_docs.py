"""Write the pages of docs/ that follow from code and data: exit codes, law, the record's schema.

    python tools/make_docs.py            writes them
    python tools/make_docs.py --check    only tells whether they are up to date

The Chinese wordings come from the message catalogue, the English ones from the error classes; a
wording without translation leaves its cell empty. Needs the development extra (babel).
"""

from __future__ import annotations

import inspect
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from babel.messages.pofile import read_po

from dingmi_mark import errors
from dingmi_mark.domain.law import Certainty, LawRow, RowValue, Severity, is_settled
from dingmi_mark.domain.lawtext import VALUE_NAMES
from dingmi_mark.domain.rules.case import Rule
from dingmi_mark.domain.rules.families import ALL_RULES, FAMILIES
from dingmi_mark.errors import DingmiError, ExitCode
from dingmi_mark.store import notices
from dingmi_mark.store.approvals import schema_text
from dingmi_mark.store.lawbook import LAW, other_regimes, read_lawbook, shipped_profiles

Translations: TypeAlias = Mapping[str, str]
Page: TypeAlias = Callable[[Translations], str]

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
CATALOGUE: Final = ROOT / "src/dingmi_mark/locale/zh_CN/LC_MESSAGES/dingmi_mark.po"

WITHOUT_CLASS: Final = (ExitCode.OK, ExitCode.BUG, ExitCode.USAGE)
"""What the process returns without an error of ours."""

HEAD: Final = "<!-- 由 tools/make_docs.py 生成，请勿手工修改。Generated: do not edit. -->\n"
ONLY_SECRET_SYSTEMS: Final = (
    "> **真实的国家秘密只能在涉密信息系统、涉密信息设备上处理**（保守国家秘密法第五十七条第十项）。"
    "本程序不含经国家认证的密码模块，其摘要和台账不能代替认证的密码产品。文中的单位、文号均为虚构。\n"
    ">\n"
    "> Real state secrets belong on classified (涉密) systems only. This program contains no\n"
    "> certified cryptography. All names and numbers are fictional.\n"
)


def error_classes() -> tuple[type[DingmiError], ...]:
    """Return the error classes in the order of their codes, then of their definition."""
    return tuple(sorted(_below(DingmiError), key=lambda kind: kind.code))


def _below(kind: type[DingmiError]) -> Iterator[type[DingmiError]]:
    for own in kind.__subclasses__():
        # Only what the package defines: a test may have made classes of its own.
        if own.__module__.startswith(f"{errors.__name__}."):
            yield own
        yield from _below(own)


def translations(catalogue: Path = CATALOGUE) -> Translations:
    """Return the Chinese wordings by their English ones; empty without a catalogue."""
    if not catalogue.is_file():
        return {}
    with catalogue.open("rb") as stream:
        read = read_po(stream)
    return {
        str(message.id): str(message.string)
        for message in read
        if message.id and message.string and not message.fuzzy
    }


# ── exit-codes.md ────────────────────────────────────────────────────────────────────────────

_THEMES: Final = {
    0: "一般",
    10: "文稿",
    20: "审批与法律",
    30: "样式与版面",
    40: "输出",
    50: "台账",
    60: "核对",
    70: "批量",
    80: "配置",
    90: "密钥、签名和办理",
    100: "表单、原稿和登记",
    120: "权限和手续",
    130: "中断",
}

_NO_CLASS: Final = {
    ExitCode.OK: ("成功。", "", "Done.", ""),
    ExitCode.BUG: (
        "程序出错（缺陷）。",
        "记下参考编号，报告维护人员；不要附上涉密内容。",
        "A bug of the program.",
        "Report the reference number, without any secret content.",
    ),
    ExitCode.USAGE: (
        "命令或参数写错。",
        "在命令后加 `--help` 查看用法。",
        "The command or an option is wrong.",
        "Add `--help` to the command.",
    ),
}


def exit_codes_page(chinese: Translations) -> str:
    """Return docs/exit-codes.md."""
    return (
        f"{HEAD}# 退出码 Exit codes\n\n{ONLY_SECRET_SYSTEMS}\n"
        "程序结束时返回一个数（在 shell 中用 `echo $?` 查看）。每个原因一个数，不会改作他用。"
        "花括号 `{…}` 处在实际提示中是具体内容。\n\n"
        "The process returns one number per cause; numbers are never reused. What stands in\n"
        "braces `{…}` is filled in. English wordings follow in the second part.\n\n"
        f"## 中文\n\n{_by_theme(chinese)}\n"
        f"## English\n\n{_in_english()}"
    )


def _by_theme(chinese: Translations) -> str:
    parts = []
    for first, theme in _THEMES.items():
        rows = [row for code in ExitCode if _theme(code) == first for row in _rows(code, chinese)]
        heading = ("码", "名称", "错误类", "含义", "怎么办")
        parts.append(f"### {_span(first)} {theme}\n\n{_table(heading, rows)}")
    return "\n".join(parts)


def _theme(code: ExitCode) -> int:
    return max(first for first in _THEMES if first <= code)


def _span(first: int) -> str:
    ends = {0: "0–2", 100: "100–119", 130: "130"}
    return ends.get(first, f"{first}–{first + 9}")


def _rows(code: ExitCode, chinese: Translations) -> Iterator[tuple[str, ...]]:
    if code in WITHOUT_CLASS:
        meaning, cure, _, _ = _NO_CLASS[code]
        yield str(code.value), f"`{code.name}`", "", meaning, cure
    for kind in _classes_of(code):
        yield (
            str(code.value),
            f"`{code.name}`",
            f"`{kind.__name__}`",
            chinese.get(kind.says, ""),
            chinese.get(kind.remedy, ""),
        )


def _in_english() -> str:
    rows: list[tuple[str, ...]] = []
    for code in ExitCode:
        if code in WITHOUT_CLASS:
            _, _, meaning, cure = _NO_CLASS[code]
            rows.append((str(code.value), "", meaning, cure))
        rows += [
            (str(code.value), f"`{kind.__name__}`", kind.says, kind.remedy)
            for kind in _classes_of(code)
        ]
    return _table(("code", "class", "meaning", "what to do"), rows)


def _classes_of(code: ExitCode) -> Iterator[type[DingmiError]]:
    return (kind for kind in error_classes() if kind.code is code)


# ── law.md ───────────────────────────────────────────────────────────────────────────────────

_LAW_INTRO: Final = """\
每条规则是一个函数（`src/dingmi_mark/domain/rules/`），其依据和数值在 \
`src/dingmi_mark/law/rules.toml` 中按日期分行。**作出决定之日**（有批复的为批复日；\
审批记录没有日期的为标志当日）选用当日有效的那一行；\
当日没有有效行的规则不检查。早于 {first} 的决定一律不予标志。

Each rule is one function; its provisions and numbers are dated rows. The day of the decision
selects the row. Decisions before {first} are refused.

## 结果的轻重 Severity

| 结果 | 含义 |
|---|---|
| 不予标志 | 停止；记录须退回改正 |
| 须说明 | 停止，除非审批记录在 `[[explanation]]` 中就该规则作了说明；说明后成为“提示” |
| 提示 | 只告知 |
| 关闭 | 方案关闭了该规则 |

法律写明的定密权限，结果永远是“不予标志”，不能用说明或方案改变；法律没有写明的（`organ-authority-other`），由方案调整。

## 确信程度 Certainty

| 写法 | 含义 | 方案可否调整 |
|---|---|---|
| 法律 | 读过法律、法规全文 | 否 |
| 官方文本摘录 | 读过所引用部分的官方文本 | 否 |
| 惯例 | 二手资料、通行做法 | 可 |
| 试点手册 | 韶关市 2011 年试点工作手册 | 可 |
| 未核实 | 凭记忆，未见文本，**不得作为法律引用** | 可 |
| 本项目自定 | 本项目的选择 | 可 |

一条规则现行的一行属于前两种的，整条规则不能调整；现行的一行属于后四种的可以调整，但只对属于后四种的各行有效，\
已经废止而属于前两种的，对当时的决定仍不能调整。
"""

_NOT_KNOWN: Final = """\
## 尚不知道的 What is not known

没有找到公开文本，或作为设置，或留待定密责任人决定，不得当作法律：

- 审批表、定密戳记、无权定密事项申报表（试点手册附件8、9、10）以及变更章、解密章的样式。
- 国家秘密定密管理规定（2025）第十三条以后的文字（标志、记录、统计）；\
被它取代的暂行规定（2014）读了全文，用于 2025 年 4 月 30 日以前。
- 派生办法（2023）第八条第一句以后、解密暂行办法（2020）第八条以后的文字。
- 解密时间的写法（本程序写“2030年3月15日”），以及该日当日是否仍属保密（本程序按仍属保密处理）。
- 期限最后一日的算法：按民法典第二百零一条、第二百零二条类推。
- 密点的标注形式：只有 1990 年标志规定第五条的两种文字方式有出处，\
该规定 2014 年 3 月 9 日已废止（暂行规定第四十七条）。
- 变更后的期限从制发日还是变更日起算。
- 电子文件密级标志的国家标准（未公开）。
"""


def law_page(chinese: Translations) -> str:
    """Return docs/law.md."""
    book = read_lawbook("national")
    sources = tomllib.loads((LAW / "rules.toml").read_text(encoding="utf-8"))
    titles = {rule["name"]: rule["title"] for rule in sources["rule"]}
    rules = "\n".join(
        f"## {family.title}\n\n"
        + "\n".join(
            _rule(rule, titles[rule.name], [row for row in book.rows if row.rule == rule.name])
            for rule in family.rules
        )
        for family in FAMILIES
    )
    intro = _LAW_INTRO.format(first=book.first_day)
    return (
        f"{HEAD}# 规则及其依据 Rules and where they come from\n\n{ONLY_SECRET_SYSTEMS}\n{intro}\n"
        f"{_families()}\n{_requirements()}\n{rules}\n{_profiles()}\n{_regimes()}\n{_NOT_KNOWN}"
    )


def _rule(rule: Rule[Any], title: str, rows: list[LawRow]) -> str:
    where = f"{rule.check.__module__}.{rule.check.__name__}"
    checks = " ".join((inspect.getdoc(rule.check) or "").split())
    heading = ("自", "至", "依据", "确信程度", "数值")
    table = _table(heading, [_law_row(row) for row in rows])
    switch = "不可（法律）" if is_settled(rows) else "不可" if rule.binding else "可"
    return (
        f"### `{rule.name}` {title}\n\n{checks}\n\n"
        f"代码：`{where}`。方案可否调整：{switch}。\n\n{table}"
    )


def _families() -> str:
    rows = [(family.title, "、".join(f"`{r.name}`" for r in family.rules)) for family in FAMILIES]
    return f"## 规则一览 Rules\n\n{_table(('检查什么', '规则'), rows)}"


def requirements() -> list[dict[str, Any]]:
    """Return R1-R54 and what stands beside them, from tools/requirements.toml."""
    file = ROOT / "tools" / "requirements.toml"
    found: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["requirement"]
    return found


def _requirements() -> str:
    """Return the table of R1-R54: the rules of each, or its other place, and what is open."""
    rows = [
        (
            one["number"],
            one["asks"],
            "、".join(f"`{rule}`" for rule in one.get("rules", ())) or "—",
            one.get("where", "—"),
            one.get("later", "—"),
        )
        for one in requirements()
    ]
    heading = ("编号", "要求", "规则", "在别处实现", "尚未实现的部分及原因")
    return (
        "## 要求与规则对照 Requirements\n\n编号 R1 至 R54 是本项目自己的，代码说明中也用。\n\n"
        f"{_table(heading, rows)}"
    )


def _law_row(row: LawRow) -> tuple[str, ...]:
    citation = row.citation
    source = f"{citation.law} {citation.provision}"
    if citation.certainty is Certainty.OWN_CHOICE and citation.law == "dingmi-mark":
        source = citation.provision
    until = row.effective_until
    return (
        row.effective_from.isoformat(),
        until.isoformat() if until else "现行",
        source,
        citation.certainty.value,
        "；".join(f"{VALUE_NAMES.get(k, k)}：{_value(v)}" for k, v in row.values.items()),
    )


def _value(value: RowValue) -> str:
    if isinstance(value, tuple):
        return "、".join(value) or "无"
    return str(value)


def _profiles() -> str:
    profiles: dict[str, dict[str, Any]] = {
        name: tomllib.loads((LAW / "profiles" / f"{name}.toml").read_text(encoding="utf-8"))
        for name in shipped_profiles()
    }
    known = [
        rule.name
        for rule in ALL_RULES
        if any(rule.name in p["switches"] for p in profiles.values())
    ]
    rows = [
        (f"`{rule}`", *(profile["switches"].get(rule, "—") for profile in profiles.values()))
        for rule in known
    ]
    heading = ("规则", *(f"`{name}` {profile['title']}" for name, profile in profiles.items()))
    words = "、".join(f"`{severity.value}`" for severity in Severity)
    return (
        "## 方案的开关 Switches of the profiles\n\n"
        f"{_table(heading, rows)}\n"
        f"没有列出的规则（—）按函数自己的轻重。开关的写法：{words}。"
        "本单位自己的方案怎样写，见 [office.md](office.md)。\n"
    )


def _regimes() -> str:
    names, citation = other_regimes()
    listed = tomllib.loads((LAW / "other-regimes.toml").read_text(encoding="utf-8"))["names"]
    return (
        "## 不属于国家秘密、不得作★标志的 Never marked\n\n"
        f"依据：{citation}。去掉空格和末尾的“级”后比较，共 {len(names)} 个：\n\n"
        f"{'、'.join(listed)}。\n"
    )


# ── tables, files ────────────────────────────────────────────────────────────────────────────


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *(tuple(map(_cell, row)) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


PAGES: Final[Mapping[str, Page]] = {
    "exit-codes.md": exit_codes_page,
    "law.md": law_page,
    "schema/approval-record.schema.json": lambda _: schema_text(),
    "schema/change-notice.schema.json": lambda _: notices.schema_text(),
}
"""Every generated page of docs/."""


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check tell which are out of date (1)."""
    chinese = translations()
    stale = [
        name
        for name, page in PAGES.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != page(chinese)
    ]
    if arguments == ["--check"]:
        for name in stale:
            print(f"docs/{name} is out of date: run python tools/make_docs.py", file=sys.stderr)
        return 1 if stale else 0
    if arguments:
        print("usage: make_docs.py [--check]", file=sys.stderr)
        return 2
    for name in stale:
        (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / name).write_text(PAGES[name](chinese), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
