"""Hostile PDF files, each small on disk; and marking one, as workers import it by name."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from dingmi_mark.formats.base import Carriers, MarkJob
from dingmi_mark.formats.handlers import handler_for
from dingmi_mark.pipeline.confirm import confirm

_ZEROS = 1 << 30


def marked_whole_way(source: Path, target: Path) -> str:
    """Inspect, mark every page, confirm, and only then give the file its name, as the program does;
    for a worker process.
    """
    from pdf_kit import FACES, text_block

    handler = handler_for(source)
    block = text_block()
    draft = handler.inspect(source)
    carriers = Carriers("d", "m", "c", b"{}", {})
    job = MarkJob({page: (block,) for page in range(len(draft.pages))}, (), carriers)
    unfinished = target.with_stem("unfinished")
    with handler.view(source) as view:
        placed = handler.mark(source, unfinished, job, FACES)
        confirm(handler, unfinished, (draft, view), job, placed, {}, FACES)
    unfinished.replace(target)
    return "marked"


def raw(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Write objects 1, 2, … with their table; the first is the catalog."""
    content, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return content + head + rows + end % (len(objects) + 1, trailer, start)


def stream(data: bytes, keys: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), keys, data)


def bombed(size: int = _ZEROS, filler: bytes = b" ") -> bytes:
    """Deflate so many bytes of one kind, twice."""
    engine = zlib.compressobj(9)
    block = filler * (1 << 20)
    packed = b"".join(engine.compress(block) for _ in range(size >> 20)) + engine.flush()
    return zlib.compress(packed, 9)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
TREE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>"
TWICE = b"/Filter [/FlateDecode /FlateDecode]"


def cyclic_tree() -> bytes:
    return raw(CATALOG, b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>", PAGE % b"", stream(b""))


def own_parent() -> bytes:
    page = b"<< /Type /Page /Parent 3 0 R /Contents 4 0 R >>"
    return raw(CATALOG, TREE, page, stream(b"q"))


def page_bomb() -> bytes:
    """Forty nodes, each twice the next: more pages than could ever be counted."""
    nodes = [
        b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count %d >>" % (at + 1, at + 1, 1 << (40 - at + 1))
        for at in range(2, 42)
    ]
    page = b"<< /Type /Page /MediaBox [0 0 595 842] /Parent 41 0 R >>"
    return raw(CATALOG, *nodes, page)


def deep_tree() -> bytes:
    nodes = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (at + 1) for at in range(2, 5002)]
    return raw(CATALOG, *nodes, b"<< /Type /Page /MediaBox [0 0 595 842] /Parent 5001 0 R >>")


def content_bomb() -> bytes:
    return raw(CATALOG, TREE, PAGE % b"", stream(bombed(), TWICE))


def image_bomb() -> bytes:
    size = b"/Width 30000 /Height 30000 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    image = stream(bombed(filler=b"\0"), TWICE + b" /Type /XObject /Subtype /Image " + size)
    page = PAGE % b"/Resources << /XObject << /X 5 0 R >> >>"
    return raw(CATALOG, TREE, page, stream(b"q 595 0 0 842 0 0 cm /X Do Q"), image)


def giant_image() -> bytes:
    """A picture that states a size nobody can hold, with hardly any data."""
    size = b"/Width 2000000 /Height 2000000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    image = stream(b"\0" * 99, b"/Type /XObject /Subtype /Image " + size)
    page = PAGE % b"/Resources << /XObject << /X 5 0 R >> >>"
    return raw(CATALOG, TREE, page, stream(b"q 595 0 0 842 0 0 cm /X Do Q"), image)


def metadata_bomb() -> bytes:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>"
    return raw(catalog, TREE, PAGE % b"", stream(b"q"), stream(bombed(), TWICE))


def deep_content() -> bytes:
    return raw(CATALOG, TREE, PAGE % b"", stream(b"[" * 2_000_000 + b"q"))


def deep_object() -> bytes:
    nested = b"[" * 200_000 + b"]" * 200_000
    return raw(CATALOG, TREE, PAGE % (b"/Odd " + nested), stream(b"q"))


def nested_forms() -> bytes:
    """Forms that each draw the next one ten times: 10^12 drawings."""
    forms = [
        stream(
            b"/X Do " * 10,
            b"/Type /XObject /Subtype /Form /BBox [0 0 99 99]"
            b" /Resources << /XObject << /X %d 0 R >> >>" % (at + 1),
        )
        for at in range(5, 17)
    ]
    last = stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 99 99]")
    page = PAGE % b"/Resources << /XObject << /X 5 0 R >> >>"
    return raw(CATALOG, TREE, page, stream(b"/X Do"), *forms, last)


def many_annotations() -> bytes:
    page = PAGE % (b"/Annots [" + b"5 0 R " * 1_000_000 + b"]")
    square = b"<< /Type /Annot /Subtype /Square /Rect [300 300 310 310] >>"
    return raw(CATALOG, TREE, page, stream(b"q"), square)


def lying_table() -> bytes:
    return raw(CATALOG, TREE, PAGE % b"", stream(b"q")).replace(b"0000000009 ", b"0000000300 ")


def table_that_leads_to_itself() -> bytes:
    content = raw(CATALOG, TREE, PAGE % b"", stream(b"q"))
    place = content.rfind(b"xref\n0")
    return raw(CATALOG, TREE, PAGE % b"", stream(b"q"), trailer=b"/Prev %d" % place)


def object_stream_of_itself() -> bytes:
    looping = stream(b"5 0 << >>", b"/Type /ObjStm /N 1 /First 4 /Extends 5 0 R")
    return raw(CATALOG, TREE, PAGE % b"", b"4 0 R", looping)


def name_tree_of_itself() -> bytes:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 5 0 R >> >>"
    tree = b"<< /Kids [5 0 R] /Limits [(a) (z)] >>"
    return raw(catalog, TREE, PAGE % b"", stream(b"q"), tree)


def endless_operators() -> bytes:
    return raw(CATALOG, TREE, PAGE % b"", stream(bombed(64 << 20, b"q "), TWICE))


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        cyclic_tree,
        own_parent,
        page_bomb,
        deep_tree,
        content_bomb,
        image_bomb,
        giant_image,
        metadata_bomb,
        deep_content,
        deep_object,
        nested_forms,
        many_annotations,
        lying_table,
        table_that_leads_to_itself,
        object_stream_of_itself,
        name_tree_of_itself,
        endless_operators,
    )
}
