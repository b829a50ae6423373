"""See that the Word file a draft was converted to shows all words that the draft shows.

LibreOffice leaves out some words where it writes Word files, such as those of conditional texts:
the marked paper would not be the one that was approved. Places and order are not compared, for the
layout may differ, and digits are not, for there may be more pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from dingmi_mark.errors import ConversionFailed
from dingmi_mark.formats.base import FormatHandler, PageView
from dingmi_mark.formats.convertible import STRICT
from dingmi_mark.formats.handlers import to_convert
from dingmi_mark.formats.office_convert import to_pdf
from dingmi_mark.messages import say
from dingmi_mark.pipeline.converting import Markable


def refuse_lost_words(
    draft: Path, made: Markable, marked: Markable, handler: FormatHandler, view: PageView | None
) -> None:
    """Refuse a draft of whose letters some are not shown any more once it is a Word file.

    `made` is what it was converted to, `marked` what of that is marked, which `view` shows; nothing
    is looked at without LibreOffice. Raises ConversionFailed, ConfirmationToolFailed.
    """
    if view is None or made.conversion is None or made.conversion.result != "DOCX":
        return
    found = to_convert(draft)
    if found is None or found.kind is STRICT:
        return
    from dingmi_mark.formats.pdf.view import open_pdf_view

    same = marked.path == made.path
    with (
        TemporaryDirectory(prefix="dingmi-view-") as folder,
        open_pdf_view(to_pdf(draft, Path(folder), found.kind.suffixes[0])) as before,
        nullcontext(view) if same else handler.view(made.path) as after,
    ):
        assert after is not None, "it was shown before"
        lost = (_letters(before) - _letters(after)).total()
    if lost:
        cause = say(
            "{count} letters that it shows are missing in the Word file made of it", count=lost
        )
        raise ConversionFailed(str(draft), cause=cause)


def _letters(view: PageView) -> Counter[str]:
    """Count the letters and ideographs of all pages; a line on several pages, such as a page
    header, counts once.
    """
    pages = range(len(view.sizes))
    lines = Counter(line for page in pages for line in {*_lines(view, page)})
    once = {line for line, count in lines.items() if count > 1}
    every = (line for page in pages for line in _lines(view, page) if line not in once)
    return Counter(letter for line in (*every, *once) for letter in line)


def _lines(view: PageView, page: int) -> Iterator[str]:
    for line in view.lines(page):
        yield "".join(letter for letter in line.text if letter.isalpha())
