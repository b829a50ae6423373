"""Numbers of pages in headers and footers: made anew wherever a file is read, and no content.

What such a field showed when its file was saved depends on the program that saved it: LibreOffice
leaves the number of the last page it set. A file would seem altered, or be known no more, where it
was only saved anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dingmi_mark.formats.docx.names import Element, q, value

_DASHES: Final = r"[-－—–―─\s]*"
_NUMBERS: Final = r"[0-9０-９]{1,4}|[ivxlcIVXLC]{1,9}|[一二三四五六七八九十百〇零○]{1,6}"
SHOWN: Final = rf"{_DASHES}(?:{_NUMBERS})?{_DASHES}"
"""A page number as it is shown; something else is text that somebody put in its place."""

_SHOWN: Final = re.compile(SHOWN)
_ASKED: Final = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b[^{}]*", re.IGNORECASE)
_STEPS: Final = tuple(q(f"w:{name}") for name in ("fldChar", "instrText", "t"))


@dataclass
class _Field:
    """A field that is being read: what it asks for, and the texts (`w:t`) that it shows."""

    asked: str = ""
    shown: list[Element] | None = None
    plain: bool = True

    def forget(self) -> None:
        """Empty the texts where they are but a page number."""
        texts = self.shown or []
        said = "".join(text.text or "" for text in texts)
        if self.plain and _ASKED.fullmatch(self.asked) and _SHOWN.fullmatch(said):
            for text in texts:
                text.text = ""


def forget_page_numbers(root: Element) -> None:
    """Empty what fields of page numbers showed in a header or footer, which the caller owns."""
    for simple in root.iter(q("w:fldSimple")):
        nested = next(simple.iterdescendants(q("w:fldSimple"), q("w:fldChar")), None) is not None
        shown = list(simple.iter(q("w:t")))
        _Field(value(simple, "w:instr") or "", shown, plain=not nested).forget()
    if next(root.iter(q("w:fldChar")), None) is not None:
        for paragraph in root.iter(q("w:p")):
            for each in _fields(paragraph):
                each.forget()


def _fields(paragraph: Element) -> Iterator[_Field]:
    """Yield the fields that end in the paragraph they begin in; what holds another is not plain."""
    open_ones: list[_Field] = []
    for step in paragraph.iter(*_STEPS):
        kind = value(step, "w:fldCharType")
        if next(step.iterancestors(q("w:p"))) is not paragraph:
            continue
        if kind == "begin":
            for outer in open_ones:
                outer.plain = False
            open_ones.append(_Field())
        elif not open_ones:
            continue
        elif kind == "separate":
            open_ones[-1].shown = []
        elif kind == "end":
            yield open_ones.pop()
        elif step.tag == q("w:instrText"):
            open_ones[-1].asked += step.text or ""
        elif step.tag == q("w:t") and open_ones[-1].shown is not None:
            open_ones[-1].shown.append(step)
