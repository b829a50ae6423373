"""The page an officer decides on: everything in one place, as one HTML file without links.

A browser shows it and prints it; an ordinary record fits one sheet of A4. 非官方样式: no source
gives a layout.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from dingmi_mark.reports.page_text import shown

_STYLE = """
@page{size:A4;margin:11mm}
*{box-sizing:border-box}
body{font:10pt/1.4 "仿宋_GB2312","FangSong","Noto Serif CJK SC",serif;margin:0 auto;
max-width:188mm;color:#111}
h1{font:bold 16pt/1.3 "黑体","SimHei","Noto Sans CJK SC",sans-serif;text-align:center;margin:0}
.note{text-align:center;color:#666;font-size:8.5pt;margin:.5mm 0 2.5mm}
.mark{border:.6mm solid #b00;color:#b00;padding:1.5mm 4mm;margin:0 0 3mm;text-align:center;
font:bold 18pt/1.3 "黑体","SimHei","Noto Sans CJK SC",sans-serif}
.cols{display:flex;gap:5mm;align-items:flex-start}
.left{flex:1;min-width:0}
.right{width:78mm;flex:none}
.right img{width:100%;max-height:110mm;object-fit:contain;object-position:top;
border:.3mm solid #999}
.right p.note{margin:.5mm 0 2mm}
table{border-collapse:collapse;width:100%;margin:0 0 2.5mm}
th,td{border:.2mm solid #888;padding:.7mm 1.6mm;vertical-align:top;text-align:left;
overflow-wrap:anywhere;white-space:pre-wrap}
th{background:#f2f2f2;font-weight:normal;width:21mm;white-space:normal}
thead th{width:auto;text-align:center}
h2{font:bold 11pt "黑体","SimHei","Noto Sans CJK SC",sans-serif;margin:2mm 0 1mm}
ul{margin:0 0 2mm;padding-left:5mm}
.bad{color:#b00;font-weight:bold}
.old{color:#666;text-decoration:line-through}
.small{font:7.5pt/1.3 monospace;color:#555;overflow-wrap:anywhere}
blockquote{margin:.5mm 0 1.5mm;padding:.7mm 2.5mm;border-left:1mm solid #b00;background:#fbf4f4}
.both td{width:50%;white-space:normal;font-weight:normal}
.head{margin:.5mm 0 0}
"""


@dataclass(frozen=True)
class PointRow:
    """A classified point: as the record has it, and as the author named it in the draft.

    Both are a head and the words, empty where that side has none; `differs` where they disagree.
    """

    record: tuple[str, str] = ("", "")
    draft: tuple[str, str] = ("", "")
    differs: bool = False


@dataclass(frozen=True)
class ReviewPage:
    """What the page tells; all of it is text as people read it.

    `values` are what is decided: rows of name, proposal, and the officer's own value where he
    corrected it (else empty). `facts` are rows of name and value, `points` as the record has
    them beside those that the author named, `opinions` rows as the facts, `findings` lines with a
    sign whether they stop the mark. `unsigned` are lines of the record's course that nobody signed.
    `digest` is the draft's. `picture` is its first page as PNG, with `picture_note` below it; empty
    where it cannot be shown.
    """

    title: str
    mark: str
    values: Sequence[tuple[str, str, str]]
    facts: Sequence[tuple[str, str]]
    points: Sequence[PointRow]
    opinions: Sequence[tuple[str, str]]
    findings: Sequence[tuple[bool, str]]
    digest: str
    picture: bytes
    picture_note: str
    unsigned: Sequence[tuple[str, str]] = ()


def review_html(page: ReviewPage) -> str:
    """Return the page as one HTML document."""
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        f"<title>{shown(page.title)}</title><style>{_STYLE}</style>"
        f"<h1>{shown(page.title)}</h1>"
        '<p class="note">定密审批页（非官方样式，dingmi-mark 生成，本页按所载内容的密级管理）</p>'
        f'<div class="mark">{shown(page.mark)}</div>'
        f'<div class="cols"><div class="left">{_values(page.values)}{_table(page.facts)}'
        f"<h2>密点</h2>{_points(page.points)}</div>"
        f'<div class="right">{_picture(page)}'
        f"<h2>规则检查</h2>{_findings(page.findings)}"
        f"<h2>意见和决定</h2>{_table(page.opinions) if page.opinions else '<p>还没有。</p>'}"
        f"{_unsigned(page.unsigned)}"
        f'<p class="small">{shown(page.digest)}</p></div></div></html>\n'
    )


def _values(rows: Sequence[tuple[str, str, str]]) -> str:
    """Write what is decided; a corrected value stands beside the struck proposal."""
    body = "".join(
        f"<tr><th>{shown(name)}</th>{_cell(proposed, bool(own))}<td>{shown(own)}</td></tr>"
        for name, proposed, own in rows
    )
    return f"<table><thead><tr><th></th><th>拟办</th><th>核定</th></tr></thead>{body}</table>"


def _cell(text: str, replaced: bool) -> str:
    return f"<td{' class=old' if replaced else ''}>{shown(text)}</td>"


def _picture(page: ReviewPage) -> str:
    encoded = base64.b64encode(page.picture).decode("ascii")
    image = f'<img alt="文稿首页" src="data:image/png;base64,{encoded}">' if encoded else ""
    return f'{image}<p class="note">{shown(page.picture_note)}</p>'


def _points(points: Sequence[PointRow]) -> str:
    """Write the record's points; where the author named any, in a table with both sides."""
    if not points:
        return "<p>没有列出密点。</p>"
    if not any(any(row.draft) for row in points):
        return "".join(_passage(row.record) for row in points)
    rows = "".join(
        f"<tr{' class=bad' if row.differs else ''}><td>{_passage(row.record)}</td>"
        f"<td>{_passage(row.draft)}</td></tr>"
        for row in points
    )
    head = "<tr><th>审批记录</th><th>文稿中起草人注明的</th></tr>"
    return f'<table class="both"><thead>{head}</thead>{rows}</table>'


def _passage(side: tuple[str, str]) -> str:
    head, words = side
    if not head:
        return "（没有）"
    return f'<p class="head">{shown(head)}</p><blockquote>{shown(words)}</blockquote>'


def _findings(findings: Sequence[tuple[bool, str]]) -> str:
    lines = "".join(
        f"<li{' class=bad' if stops else ''}>{shown(text)}</li>" for stops, text in findings
    )
    return f"<ul>{lines or '<li>规则没有发现问题。</li>'}</ul>"


def _unsigned(rows: Sequence[tuple[str, str]]) -> str:
    """Write what is only written down, so that nobody takes it for a signed step."""
    return f"<h2>没有签名的经过（仅供参考）</h2>{_table(rows)}" if rows else ""


def _table(rows: Sequence[tuple[str, str]]) -> str:
    body = "".join(
        f"<tr><th>{shown(name)}</th><td>{shown(value)}</td></tr>" for name, value in rows
    )
    return f"<table>{body}</table>"
