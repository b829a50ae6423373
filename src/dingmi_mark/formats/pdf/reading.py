"""Look into a PDF: pages, what stands at its head, what it carries of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Access, Draft, TextLine
from dingmi_mark.formats.pdf.annotations import places_above
from dingmi_mark.formats.pdf.carriers import count_foreign_attachments, read_embedded, xmp_packet
from dingmi_mark.formats.pdf.content import Contents
from dingmi_mark.formats.pdf.digest import digests_of
from dingmi_mark.formats.pdf.geometry import Inheritance, sheets_of
from dingmi_mark.formats.pdf.names import ISOLATED
from dingmi_mark.formats.pdf.opening import Opened, opened
from dingmi_mark.formats.pdf.ours import forms_of_ours
from dingmi_mark.formats.pdf.strips import sheets_without_strips
from dingmi_mark.formats.pdf.unmarking import clean_page
from dingmi_mark.formats.pdf.view import PdfView, open_pdf_view, open_pdf_view_of
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_HEAD_SHARE = 0.4
_MOST_TOLD = 10


def read_draft(path: Path, name: str, access: Access, *, head: bool = True) -> Draft:
    """Return what inspection finds; without `head` the first page is not shown, so that its lines
    and whether it is a scan stay unknown. Raises the obstacles of `opened`, DraftBroken.
    """
    with opened(path, access) as file:
        pdf = file.pdf
        sheets = sheets_of(pdf)
        contents = Contents(pdf)
        inherit = Inheritance()
        digests = digests_of(pdf, sheets_without_strips(pdf, sheets), contents)
        forms = [_our_forms(page.obj, inherit) for page in pdf.pages]
        above = {
            number: boxes
            for number, (page, sheet) in enumerate(zip(pdf.pages, sheets, strict=True))
            if (boxes := tuple(places_above(page.obj, sheet)))
        }
        embedded = read_embedded(pdf, [form for on_page in forms for form in on_page])
        remarks = tuple(_remarks(file, contents))
        lines: tuple[TextLine, ...] = ()
        scanned = False
        if head:
            source = _first_page_without_marks(pdf) if forms[0] else None
            with _shown(path, source, access) as view:
                lines, scanned = _head(view)
    return Draft(
        format=name,
        pages=tuple(sheet.size for sheet in sheets),
        content_digest=digests.content,
        drawn_digest=digests.drawn,
        head_lines=lines,
        embedded=embedded,
        scanned=scanned,
        above=above,
        remarks=remarks,
    )


def _shown(path: Path, content: bytes | None, access: Access) -> AbstractContextManager[PdfView]:
    """Show a file, or in its place what was made of it."""
    if content is None:
        return open_pdf_view(path, access.password)
    return open_pdf_view_of(content)


def _head(view: PdfView) -> tuple[tuple[TextLine, ...], bool]:
    """Return the lines of the upper part of the first page, and whether it is a scan."""
    lines = view.lines(0)
    limit = view.sizes[0].height * _HEAD_SHARE
    head = tuple(line for line in lines if line.box is not None and line.box.y < limit)
    return head, not lines and view.shows_pictures(0)


def _our_forms(page: Object, inherit: Inheritance) -> list[Object]:
    resources = inherit.of(page, "/Resources")
    return [form for name, form in forms_of_ours(resources) if name != f"/{ISOLATED}"]


def _first_page_without_marks(pdf: Pdf) -> bytes:
    """Make a file of the first page with its own content only."""
    import pikepdf

    with pikepdf.new() as single:
        single.pages.append(pdf.pages[0])
        clean_page(single, single.pages[0].obj, Contents(single))
        target = BytesIO()
        single.save(target)
    return target.getvalue()


def _remarks(file: Opened, contents: Contents) -> Iterator[Message]:
    pdf = file.pdf
    damaged = [str(n) for n, page in enumerate(pdf.pages, 1) if not contents.is_plain(page.obj)]
    if damaged:
        yield say(
            "The content of page {pages} is damaged: readers may show a part of it only.",
            pages=", ".join(damaged[:_MOST_TOLD]),
        )
    if file.repaired or pdf.get_warnings():
        yield say("The draft was damaged and has been repaired; compare it with what was approved.")
    packet = xmp_packet(pdf)
    if packet is not None and not xmp.is_readable(packet):
        yield say("Its XMP metadata is damaged; marking replaces it.")
    count = count_foreign_attachments(pdf)
    if count:
        yield say("The draft holds {count} attached file(s); no mark is put on them.", count=count)
