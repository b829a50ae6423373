"""PNG pictures as image objects: raw samples, transparency as a mask of its own."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from dingmi_mark.formats.pdf.pdfa import Inks

if TYPE_CHECKING:
    from pikepdf import Object, Pdf
    from PIL.Image import Image


def image_object(pdf: Pdf, png: bytes, inks: Inks) -> Object:
    """Put a PNG into a file; where transparency is forbidden it is laid on white."""
    from PIL import Image

    picture = Image.open(BytesIO(png), formats=["PNG"]).convert("RGBA")
    opaque = picture.getchannel("A").getextrema() == (255, 255)
    if opaque or inks.without_transparency:
        paper = Image.new("RGBA", picture.size, "white")
        return _stream(pdf, Image.alpha_composite(paper, picture).convert("RGB"), inks)
    image = _stream(pdf, picture.convert("RGB"), inks)
    image.SMask = _stream(pdf, picture.getchannel("A"), Inks())
    return image


def _stream(pdf: Pdf, picture: Image, inks: Inks) -> Object:
    from pikepdf import Name

    space = inks.space() if picture.mode == "RGB" else Name.DeviceGray
    return pdf.make_stream(
        picture.tobytes(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=space,
        BitsPerComponent=8,
    )
