"""Convert a draft of an old or foreign format before it is marked, and say so.

The approved file is the original: its digest is in the record, in every id and in the ledger. What
LibreOffice makes of it may differ from run to run and exists only while it is marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.domain.ledger_drafts import DraftConverted
from dingmi_mark.errors import ConversionRefused, DingmiError, DraftUnsupported
from dingmi_mark.formats.base import SUPPORTED, Access
from dingmi_mark.formats.convertible import (
    KINDS,
    STRICT,
    Family,
    OfficeDraft,
    OfficeKind,
    kind_of_name,
)
from dingmi_mark.formats.docx.package import Limits as DocxLimits
from dingmi_mark.formats.docx.strict import write_transitional
from dingmi_mark.formats.handlers import handler_with, recognised, to_convert
from dingmi_mark.formats.office_convert import converted
from dingmi_mark.formats.outside_fields import draws_in_other_files
from dingmi_mark.formats.traces import bears_traces
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.store.office import Conversion, ConvertTo

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

_PDF: Final = {
    Family.TEXT: "pdf:writer_pdf_Export",
    Family.SHEETS: "pdf:calc_pdf_Export",
    Family.SLIDES: "pdf:impress_pdf_Export",
}
_DOCX: Final = "docx:MS Word 2007 XML"
_SAME_SUFFIX: Final = (ConvertTo.REFUSE, ConvertTo.NATIVE)


@dataclass(frozen=True)
class Converted:
    """How a draft became the file that is marked: format names, digests of what was made."""

    source: str
    result: str
    digests: FileDigests
    macros: bool = False

    @property
    def remarks(self) -> Iterator[Message]:
        """What the user should know of it."""
        if self.source == STRICT.name:
            yield say(
                "The draft is in strict form (Strict Open XML); the marked file is in the usual "
                "form, with the same content."
            )
            return
        yield say(
            "LibreOffice converted the draft ({source} to {result}) and the result was marked; "
            "look through the marked file: its layout may differ from the draft.",
            source=self.source,
            result=self.result,
        )
        if self.result == "PDF":
            yield say(
                "What does not print is not in the PDF: hidden sheets, rows and slides, comments, "
                "notes, formulas."
            )
        if self.macros:
            yield say("The draft holds macros; they did not run and are not in the marked file.")


@dataclass(frozen=True)
class Markable:
    """The file that handlers work on: the draft itself, or what was made of it before marking.

    `authoring_removed`: comments, styles and brackets that named points are not in it any more.
    """

    path: Path
    conversion: Converted | None = None
    authoring_removed: bool = False

    @property
    def remarks(self) -> Iterator[Message]:
        """What the user should know of it."""
        if self.conversion is not None:
            yield from self.conversion.remarks
        if self.authoring_removed:
            yield say(
                "The comments, styles and brackets that name points in the draft are not in the "
                "marked file (policies.authoring_marks)."
            )


def stays_as_it_is(draft: Path, kind: OfficeKind, policy: Conversion) -> bool:
    """Tell whether a draft is marked in its own format: by policy, or because it bears our label,
    which another form of it would lose, so that it could be marked twice.

    Raises the errors of drafts.
    """
    if not kind.native:
        return False
    if _choice(kind, policy) is ConvertTo.NATIVE:
        return True
    if not bears_traces(draft):
        return False
    looking = handler_with(draft, Access(despite_restrictions=True))
    return looking.inspect(draft).embedded is not None


@contextmanager
def as_markable(draft: Path, policy: Conversion) -> Iterator[Markable]:
    """Give the file that is marked; where it was converted it goes afterwards.

    Raises DraftUnsupported for what draws in other files, ConversionRefused,
    ConversionToolMissing, ConversionTimedOut, ConversionFailed, and the errors of drafts.
    """
    found = to_convert(draft)
    if found is None:
        with all_kinds_named(draft, policy):
            yield Markable(draft)
        return
    if found.kind is STRICT:
        yield from _transitional(draft)
        return
    if stays_as_it_is(draft, found.kind, policy):
        yield Markable(draft)
        return
    wanted = _wanted(draft, found.kind, policy)
    if draws_in_other_files(draft):
        kind = say("a file that draws in pictures or words of other files (INCLUDEPICTURE …)")
        raise DraftUnsupported(str(draft), kind=kind, supported=SUPPORTED)
    with TemporaryDirectory(prefix="dingmi-convert-") as private:
        made = converted(draft, Path(private), found.kind.suffixes[0], wanted)
        yield from _made_of(draft, made, found)


@contextmanager
def all_kinds_named(draft: Path, policy: Conversion) -> Iterator[None]:
    """Let the error for a file of an unknown kind name all that this office marks.

    Handlers know only themselves. What is wrong inside a known kind is told as it is: to save that
    in a format that is converted would mend nothing.
    """
    try:
        yield
    except DraftUnsupported as error:
        if error.params["supported"] == SUPPORTED and recognised(draft) is None:
            error.params["supported"] = _all_kinds(policy)
        raise


def _all_kinds(policy: Conversion) -> Message | str:
    refused = {kind.name for kind in KINDS if _choice(kind, policy) is ConvertTo.REFUSE}
    formats = ", ".join(name for name in SUPPORTED.split(", ") if name not in refused)
    converted_first = ", ".join(
        suffix
        for kind in KINDS
        if not kind.native and kind.name not in refused
        for suffix in kind.suffixes
    )
    if not converted_first:
        return formats
    return say(
        "{formats}; converted before they are marked: {converted}",
        formats=formats,
        converted=converted_first,
    )


def _transitional(draft: Path) -> Iterator[Markable]:
    """Give a Word file in strict form as one in the usual form."""
    with TemporaryDirectory(prefix="dingmi-convert-") as private:
        made = Path(private, f"draft{draft.suffix.lower()}")
        write_transitional(draft, made, DocxLimits())
        yield from _made_of(draft, made, OfficeDraft(STRICT))


def _made_of(draft: Path, made: Path, found: OfficeDraft) -> Iterator[Markable]:
    digests = read_bytes_of(made, most_mib=ANY_SIZE_MIB).digests
    result = made.suffix.lstrip(".").upper()
    try:
        yield Markable(made, Converted(found.kind.name, result, digests, found.macros))
    except DingmiError as error:
        # Nobody knows the converted file but this function.
        if error.where == str(made):
            error.where = str(draft)
        raise


def suffix_after(draft: Path, policy: Conversion) -> str:
    """Return the ending of a draft's marked file, by its name alone; its own where none is made."""
    kind = kind_of_name(draft)
    choice = _choice(kind, policy) if kind else ConvertTo.REFUSE
    return draft.suffix if choice in _SAME_SUFFIX else f".{choice.value}"


def needs_conversion(policy: Conversion) -> bool:
    """Tell whether an office may need LibreOffice to mark what it accepts."""
    return any(one is not ConvertTo.REFUSE for one in (policy.text, policy.sheets, policy.slides))


def converted_act(approval_number: str, sm3: str, found: Converted, at: str) -> DraftConverted:
    """Return what the ledger keeps of a conversion; `sm3` is the original's."""
    digests = found.digests
    formats = found.source, found.result
    return DraftConverted(approval_number, sm3, digests.sm3, digests.sha256, *formats, at)


def conversion_words(ledger: Ledger, approval_number: str, draft_sm3: str = "") -> Message | None:
    """Say what an approval's marked files were converted from, None where nothing was.

    `draft_sm3` asks for one draft alone.
    """
    for _, act in reversed(ledger.acts(DraftConverted, subject=approval_number)):
        if draft_sm3 in ("", act.draft_sm3):
            return say(
                "Converted before marking: {source} to {result} (original sm3:{sm3}).",
                source=act.source_format,
                result=act.result_format,
                sm3=act.draft_sm3,
            )
    return None


def _wanted(draft: Path, kind: OfficeKind, policy: Conversion) -> str:
    """Return LibreOffice's word for what a draft becomes. Raises ConversionRefused."""
    match _choice(kind, policy):
        case ConvertTo.DOCX:
            return _DOCX
        case ConvertTo.PDF:
            return _PDF[kind.family]
        case ConvertTo.REFUSE | ConvertTo.NATIVE:
            key = f"conversion.{kind.family.value}"
            raise ConversionRefused(str(draft), format=kind.name, key=key)


def _choice(kind: OfficeKind, policy: Conversion) -> ConvertTo:
    choice = {
        Family.TEXT: policy.text,
        Family.SHEETS: policy.sheets,
        Family.SLIDES: policy.slides,
    }[kind.family]
    return ConvertTo.PDF if choice is ConvertTo.NATIVE and not kind.native else choice
