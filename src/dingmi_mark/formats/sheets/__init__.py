"""Workbooks marked as they are: the mark in every page header, the stamp on the first page."""

from dingmi_mark.formats.sheets.handler import SHEET_HANDLERS, SheetHandler
from dingmi_mark.formats.sheets.heads import SheetHead

__all__ = ["SHEET_HANDLERS", "SheetHandler", "SheetHead"]
