"""Word documents (.docx): marks as drawings and runs, the rest of the file left as it is."""

from dingmi_mark.formats.docx.handler import DocxHandler

__all__ = ["DocxHandler"]
