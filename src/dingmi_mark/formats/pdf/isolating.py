"""A content that has no end of its own, drawn as an object: there it ends where its data ends.

A string that is never closed, an inline image that breaks off, data no filter understands: whatever
follows in the same content would be taken as part of it. In a form readers give up at its end.
Source: ISO 32000-1, 8.10 (form XObjects).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dingmi_mark.formats.pdf.content import stream_data
from dingmi_mark.formats.pdf.geometry import Sheet
from dingmi_mark.formats.pdf.names import OUR_KEY

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_AROUND_PT = 1000
"""How far beyond the visible page the form reaches, so that its edge is never seen."""


def form_of_content(
    pdf: Pdf, streams: list[Object], resources: Object | None, sheet: Sheet
) -> Object:
    """Make a form of a page's content; data that cannot be decoded is taken as it is stored."""
    from pikepdf import Array, Dictionary, Name

    form = copied_stream(pdf, streams)
    x0, y0, x1, y1 = sheet.box
    form.Type = Name.XObject
    form.Subtype = Name.Form
    form.BBox = Array([x0 - _AROUND_PT, y0 - _AROUND_PT, x1 + _AROUND_PT, y1 + _AROUND_PT])
    form.Resources = resources if isinstance(resources, Dictionary) else Dictionary()
    form[OUR_KEY] = True
    return form


def copied_stream(pdf: Pdf, streams: list[Object]) -> Object:
    """Make one stream of several, or a copy of a single one with its filters."""
    if len(streams) != 1:
        parts = (stream_data(stream) for stream in streams)
        return pdf.make_stream(b"\n".join(part for part, _ in parts))
    (only,) = streams
    copy = pdf.make_stream(b"")
    filters: Any = only.get("/Filter")
    parameters: Any = only.get("/DecodeParms")
    copy.write(only.read_raw_bytes(), filter=filters, decode_parms=parameters)
    return copy
