"""The page an officer decides on: everything in one place, as one HTML file without links.

A browser shows it and prints it on one sheet of A4. 非官方样式: no source gives a layout.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
@page{size:A4;margin:12mm}
*{box-sizing:border-box}
body{font:10.5pt/1.5 "仿宋_GB2312","FangSong","Noto Serif CJK SC",serif;margin:8mm auto;
max-width:186mm;color:#111}
h1{font:bold 17pt/1.3 "黑体","SimHei","Noto Sans CJK SC",sans-serif;text-align:center;margin:0}
.note{text-align:center;color:#666;font-size:9pt;margin:1mm 0 4mm}
.mark{border:.6mm solid #b00;color:#b00;padding:2mm 4mm;margin:0 0 4mm;text-align:center;
font:bold 18pt/1.3 "黑体","SimHei","Noto Sans CJK SC",sans-serif}
.cols{display:flex;gap:5mm;align-items:flex-start}
.left{flex:1;min-width:0}
.right{width:70mm;flex:none}
.right img{width:100%;border:.2mm solid #999}
.right p{font-size:8.5pt;color:#555;margin:1mm 0;text-align:center}
table{border-collapse:collapse;width:100%;margin:0 0 4mm}
th,td{border:.2mm solid #888;padding:1mm 2mm;vertical-align:top;text-align:left;
overflow-wrap:anywhere;white-space:pre-wrap}
th{background:#f2f2f2;font-weight:normal;width:22mm;white-space:normal}
h2{font:bold 11.5pt "黑体","SimHei","Noto Sans CJK SC",sans-serif;margin:3mm 0 1mm}
.bad{color:#b00}
blockquote{margin:1mm 0 2mm;padding:1mm 3mm;border-left:1mm solid #b00;background:#fbf4f4}
"""


@dataclass(frozen=True)
class ReviewPage:
    """What the page tells; all of it is text as people read it.

    `facts` are rows of name and value, `points` pairs of a head and the quoted words, `opinions`
    rows as the facts, `findings` lines with a sign whether they stop the mark. `picture` is the
    first page of the draft as PNG, with `picture_note` below it; empty where it cannot be shown.
    """

    title: str
    mark: str
    facts: Sequence[tuple[str, str]]
    points: Sequence[tuple[str, str]]
    opinions: Sequence[tuple[str, str]]
    findings: Sequence[tuple[bool, str]]
    picture: bytes
    picture_note: str


def review_html(page: ReviewPage) -> str:
    """Return the page as one HTML document."""
    points = "".join(
        f"<p>{escape(head)}</p><blockquote>{escape(words)}</blockquote>"
        for head, words in page.points
    )
    findings = "".join(
        f"<li{' class=bad' if stops else ''}>{escape(text)}</li>" for stops, text in page.findings
    )
    encoded = base64.b64encode(page.picture).decode("ascii")
    picture = f'<img alt="文稿首页" src="data:image/png;base64,{encoded}">' if encoded else ""
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        f"<title>{escape(page.title)}</title><style>{_STYLE}</style>"
        f"<h1>{escape(page.title)}</h1>"
        '<p class="note">定密审批页（非官方样式，dingmi-mark 生成，本页按所载内容的密级管理）</p>'
        f'<div class="mark">{escape(page.mark)}</div>'
        f'<div class="cols"><div class="left">{_table(page.facts)}'
        f"<h2>密点</h2>{points or '<p>没有列出密点。</p>'}"
        f"<h2>意见和决定</h2>{_table(page.opinions) if page.opinions else '<p>还没有。</p>'}"
        f"<h2>规则检查</h2><ul>{findings or '<li>规则没有发现问题。</li>'}</ul></div>"
        f'<div class="right">{picture}<p>{escape(page.picture_note)}</p></div></div></html>\n'
    )


def _table(rows: Sequence[tuple[str, str]]) -> str:
    body = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows
    )
    return f"<table>{body}</table>"
