"""All formats, as a visible tuple: a new format is one handler and one line here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from dingmi_mark.errors import (
    DraftBroken,
    DraftEmpty,
    DraftNotAccessible,
    DraftUnsupported,
    DraftWrongSuffix,
)
from dingmi_mark.formats.base import SUPPORTED, Access, FormatHandler
from dingmi_mark.formats.convertible import (
    STRICT,
    OfficeDraft,
    content_of,
    kind_of_name,
    wrong_suffix,
)
from dingmi_mark.formats.docx import WORD_HANDLERS, DocxHandler
from dingmi_mark.formats.docx.strict import is_strict
from dingmi_mark.formats.image import IMAGE_HANDLERS
from dingmi_mark.formats.pdf import PdfHandler
from dingmi_mark.formats.pptx import SLIDE_HANDLERS, PptxHandler
from dingmi_mark.formats.sheets import SHEET_HANDLERS, SheetHandler
from dingmi_mark.messages import say

HANDLERS: Final[tuple[FormatHandler, ...]] = (
    PdfHandler(),
    *WORD_HANDLERS,
    *SLIDE_HANDLERS,
    *SHEET_HANDLERS,
    *IMAGE_HANDLERS,
)
WithMarksApart: TypeAlias = PdfHandler | DocxHandler | PptxHandler | SheetHandler
"""The handlers of formats in which marks can be told apart and taken out again."""


def handler_for(path: Path) -> FormatHandler:
    """Return the handler of a file, told by its content; the name must agree.

    Raises DraftNotAccessible, DraftEmpty, DraftUnsupported, DraftWrongSuffix, DraftBroken.
    """
    suffix = path.suffix.lower()
    handler = recognised(path)
    if handler is None:
        _refuse_office_file(path)
        if any(suffix in known.suffixes for known in HANDLERS):
            cause = say("its content is not that of a {suffix} file", suffix=suffix)
            raise DraftBroken(str(path), cause=cause)
        kind = suffix or say("a file without ending")
        raise DraftUnsupported(str(path), kind=kind, supported=SUPPORTED)
    if suffix not in handler.suffixes:
        raise DraftWrongSuffix(
            str(path), suffix=suffix or "-", found=handler.name, expected=handler.suffixes[0]
        )
    return handler


def to_convert(path: Path) -> OfficeDraft | None:
    """Return what a draft is if it is one to be converted before it is marked; the name must agree.

    None for every other name, unless it is a Word file in strict form. Raises DraftEmpty,
    DraftNotAccessible, DraftBroken, DraftWrongSuffix, DraftProtected, DraftSigned, DraftTooCostly.
    """
    promised = kind_of_name(path)
    if promised is None:
        is_word = path.suffix.lower() in STRICT.suffixes
        return OfficeDraft(STRICT) if is_word and is_strict(path) else None
    found = content_of(path)
    if found is not None and found.kind is promised:
        return found
    if found is not None:
        raise wrong_suffix(path, found.kind)
    suffix, handler = path.suffix.lower(), recognised(path)
    if handler is not None:
        raise DraftWrongSuffix(
            str(path), suffix=suffix, found=handler.name, expected=handler.suffixes[0]
        )
    cause = say("its content is not that of a {suffix} file", suffix=suffix)
    raise DraftBroken(str(path), cause=cause)


def only_converted(path: Path) -> bool:
    """Tell whether a file is of a kind that bears no marks. Raises what `to_convert` does."""
    found = to_convert(path)
    return found is not None and not found.kind.native


def _refuse_office_file(path: Path) -> None:
    """Say what a file is that would have to be converted first (a .docx that is a .doc)."""
    try:
        found = content_of(path)
    except DraftBroken:
        return
    if found is None:
        return
    if path.suffix.lower() not in found.kind.suffixes:
        raise wrong_suffix(path, found.kind)
    raise DraftUnsupported(str(path), kind=found.kind.name, supported=SUPPORTED)


def handler_with(path: Path, access: Access) -> FormatHandler:
    """Return the handler of a file with what opens it. Raises what `handler_for` does."""
    return opening_with(handler_for(path), access)


def opening_with(handler: FormatHandler, access: Access) -> FormatHandler:
    """Give a handler what opens a protected file; pictures are never protected."""
    if isinstance(handler, WithMarksApart):
        return replace(handler, access=access)
    return handler


def recognised(path: Path) -> FormatHandler | None:
    """Return the handler that knows the content, whatever the name; None where none does.

    What cannot be told apart any more (damaged, encrypted) is what its name says.

    Raises DraftNotAccessible, DraftEmpty.
    """
    try:
        if path.stat().st_size == 0:
            raise DraftEmpty(str(path))
        suffix = path.suffix.lower()
        likely_first = sorted(HANDLERS, key=lambda handler: suffix not in handler.suffixes)
        return next((handler for handler in likely_first if handler.recognises(path)), None)
    except OSError as error:
        raise DraftNotAccessible(str(path), cause=error.strerror or str(error)) from error
