"""The page that shows side by side what differs from an approved draft, as one HTML file.

A browser shows it and prints it on A4. 非官方样式: no source gives a layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dingmi_mark.domain.comparison import differing
from dingmi_mark.reports.page_text import shown

_STYLE = """
@page{size:A4;margin:12mm}
*{box-sizing:border-box}
body{font:10.5pt/1.6 "仿宋_GB2312","FangSong","Noto Serif CJK SC",serif;margin:8mm auto;
max-width:186mm;color:#111}
h1{font:bold 17pt/1.3 "黑体","SimHei","Noto Sans CJK SC",sans-serif;text-align:center;margin:0}
h2{font:bold 11.5pt "黑体","SimHei","Noto Sans CJK SC",sans-serif;margin:5mm 0 1mm}
.note{text-align:center;color:#666;font-size:9pt;margin:1mm 0 4mm}
.result{border:.4mm solid #060;color:#060;padding:2mm 4mm;margin:0 0 3mm;text-align:center;
font:bold 12pt/1.4 "黑体","SimHei","Noto Sans CJK SC",sans-serif}
.stops{border-color:#b00;color:#b00}
table{border-collapse:collapse;width:100%;table-layout:fixed}
th,td{border:.2mm solid #888;padding:1mm 2mm;vertical-align:top;text-align:left;
overflow-wrap:anywhere;white-space:pre-wrap}
th{background:#f2f2f2;font-weight:normal}
.place{width:26mm}
tr{break-inside:avoid}
del{background:#fbdcdc;text-decoration:line-through;color:#900}
ins{background:#dff3df;text-decoration:none;font-weight:bold;color:#060}
.none{color:#888}
"""


_COLUMNS = '<colgroup><col class="place" width="15%"></colgroup>'


@dataclass(frozen=True)
class Row:
    """One place: the wordings before and after; `what` says it where words cannot."""

    place: str
    old: str
    new: str
    what: str = ""


@dataclass(frozen=True)
class ComparePage:
    """What the page tells; all of it is text as people read it.

    `facts` are rows of name and value; `differences` stop the mark, `filled` do not.
    """

    title: str
    result: str
    facts: Sequence[tuple[str, str]]
    differences: Sequence[Row]
    filled: Sequence[Row]


def compare_html(page: ComparePage) -> str:
    """Return the page as one HTML document."""
    stops = " stops" if page.differences else ""
    facts = "".join(
        f'<tr><th class="place">{shown(name)}</th><td>{shown(value)}</td></tr>'
        for name, value in page.facts
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{shown(page.title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{shown(page.title)}</h1>"
        '<p class="note">文稿比较页（非官方样式，dingmi-mark 生成，'
        "本页按文稿的密级管理，用后按规定清除）</p>"
        f'<div class="result{stops}">{shown(page.result)}</div><table>{_COLUMNS}{facts}</table>'
        f"{''.join(_table('与批准的文稿不同', page.differences))}"
        f"{''.join(_table('审批后填写的内容（允许）', page.filled))}</body></html>\n"
    )


def _table(heading: str, rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    yield f"<h2>{heading}（{len(rows)} 处）</h2><table>{_COLUMNS}"
    yield '<tr><th class="place">位置</th>'
    yield "<th>批准的文稿</th><th>现在的文稿</th></tr>"
    for row in rows:
        yield f"<tr><td>{shown(row.place)}</td>"
        if row.what:
            yield f'<td colspan="2">{shown(row.what)}</td></tr>'
        else:
            old, new = _marked(row.old, row.new)
            yield f"<td>{old}</td><td>{new}</td></tr>"
    yield "</table>"


def _marked(old: str, new: str) -> tuple[str, str]:
    """Return two wordings with what differs marked."""
    start, end = differing(old, new)
    return _cell(old, start, end, "del"), _cell(new, start, end, "ins")


def _cell(text: str, start: int, end: int, tag: str) -> str:
    if not text:
        return '<span class="none">（没有）</span>'
    stop = len(text) - end
    changed = f"<{tag}>{shown(text[start:stop])}</{tag}>" if stop > start else ""
    return f"{shown(text[:start])}{changed}{shown(text[stop:])}"
