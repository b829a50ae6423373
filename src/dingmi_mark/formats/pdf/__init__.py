"""PDF: marks drawn on top of every page's content, the label in the file at five levels."""

from dingmi_mark.formats.base import FormatHandler
from dingmi_mark.formats.pdf.handler import PdfHandler

PDF_HANDLER: FormatHandler = PdfHandler()

__all__ = ["PDF_HANDLER", "PdfHandler"]
