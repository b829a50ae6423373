"""Presentations marked as they are: marks as text boxes on slides, the rest of the file left."""

from dingmi_mark.formats.pptx.handler import SLIDE_HANDLERS, PptxHandler

__all__ = ["SLIDE_HANDLERS", "PptxHandler"]
