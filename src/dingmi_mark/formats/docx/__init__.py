"""Word files: marks as drawings and runs, the rest of the file left as it is."""

from dingmi_mark.formats.docx.handler import WORD_HANDLERS, DocxHandler

__all__ = ["WORD_HANDLERS", "DocxHandler"]
