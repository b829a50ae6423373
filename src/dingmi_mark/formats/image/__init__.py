"""Pictures as drafts: PNG, JPEG and multi-page TIFF."""

from dingmi_mark.formats.image.handler import (
    IMAGE_HANDLERS,
    ImageHandler,
    JpegHandler,
    PngHandler,
    TiffHandler,
)

__all__ = ["IMAGE_HANDLERS", "ImageHandler", "JpegHandler", "PngHandler", "TiffHandler"]
