"""What is wrong with a draft, with where its marks go, and with the file that is written."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_

# ── the draft ──────────────────────────────────────────────────────────────────────────────────


class DraftEmpty(DingmiError):
    code = ExitCode.DRAFT_UNREADABLE
    says = N_("The draft is empty (0 bytes).")
    remedy = N_("Save it again from the program it was written in, and have it approved anew.")


class DraftBroken(DingmiError):
    code = ExitCode.DRAFT_UNREADABLE
    says = N_("The draft is damaged or cut off and cannot be read: {cause}.")
    remedy = N_(
        "Open it in the program it was written in, save it again, have it approved anew, and retry."
    )


class DraftUnsupported(DingmiError):
    code = ExitCode.DRAFT_UNSUPPORTED
    says = N_("This kind of file cannot be marked: {kind}.")
    remedy = N_("Supported are {supported}. Save it as one of them and have it approved anew.")


class DraftLockFile(DingmiError):
    code = ExitCode.DRAFT_UNSUPPORTED
    says = N_(
        "This is the temporary file that Word, WPS or LibreOffice makes while a document is open; "
        "it is no draft."
    )
    remedy = N_("Close the document in that program, and give the draft itself.")


class DraftStrict(DingmiError):
    code = ExitCode.DRAFT_UNSUPPORTED
    says = N_("This Word file is in strict form (Strict Open XML), which cannot be marked.")
    remedy = N_(
        "In Word choose Save As, the kind “Word Document (*.docx)” and not “Strict Open XML "
        "Document”, and have it approved anew."
    )


class SheetSetupUnfit(DingmiError):
    code = ExitCode.SHEET_SETUP_UNFIT
    says = N_("The page header of sheet {number} cannot bear the mark: {cause}.")
    remedy = N_(
        "Change the page setup of that sheet in the program it was written in and have the file "
        "approved anew; or let tables become PDF (conversion.sheets)."
    )


class SheetPlaceUnsure(DingmiError):
    code = ExitCode.SHEET_PLACE_UNSURE
    says = N_("“{slot}” has no sure place on the first page of this workbook.")
    remedy = N_(
        "On the first printed sheet set a fixed scale, known paper, no centring and no row and "
        "column headings; its print area and titles have to begin at A1. Have the file approved "
        "anew; or let tables become PDF (conversion.sheets)."
    )


class DraftWrongSuffix(DingmiError):
    code = ExitCode.DRAFT_UNSUPPORTED
    says = N_("The name ends in {suffix}, but the content is {found}.")
    remedy = N_("Give the file its right ending ({expected}) and retry.")


class DraftProtected(DingmiError):
    code = ExitCode.DRAFT_PROTECTED
    says = N_("The draft is protected by a password, or by an encryption that is not known.")
    remedy = N_(
        "Give its password (PDF: --password-file), or remove the protection in the program it was "
        "written in and have it approved anew."
    )


class DraftRestricted(DingmiError):
    code = ExitCode.DRAFT_RESTRICTED
    says = N_("Whoever made this PDF forbids to change it; marking is a change.")
    remedy = N_(
        "Have the author lift the restriction or give his password (--password-file), or have it "
        'approved that the file is marked all the same: draft.despite = ["限制修改"] in the record '
        "(in a table, 限制修改 in the column 准予处理的限制)."
    )


class DraftLocked(DingmiError):
    code = ExitCode.DRAFT_RESTRICTED
    says = N_("Editing of this file is restricted ({kind}); marking is a change.")
    remedy = N_(
        "Have the author stop the protection (Review, Restrict Editing) and have it approved anew, "
        "or have it approved that the file is marked all the same, which keeps the protection: "
        'draft.despite = ["限制修改"] in the record (in a table, 限制修改 in the column '
        "准予处理的限制)."
    )


class PasswordWrong(DingmiError):
    code = ExitCode.PASSWORD_WRONG
    says = N_("The password does not open this file.")
    remedy = N_("Ask whoever made the file; the password is the first line of --password-file.")


class DraftNameUnusable(DingmiError):
    code = ExitCode.DRAFT_NAME_UNUSABLE
    says = N_("No record can name this file: its name holds what nobody sees ({found}).")
    remedy = N_("Give the file a name in ordinary characters, and retry.")


class DraftSigned(DingmiError):
    code = ExitCode.DRAFT_SIGNED
    says = N_("The draft carries an electronic signature, which marking would break ({signer}).")
    remedy = N_("Mark first, sign last: have the unsigned draft approved, mark, sign or seal it.")


class DraftCarriesMarkFont(DingmiError):
    code = ExitCode.DRAFT_CARRIES_MARK_FONT
    says = N_(
        "The draft carries a font of its own named {font}: its marks, which are to be in {family}, "
        "would be shown in it."
    )
    remedy = N_(
        "Save the draft without embedded fonts (Word, WPS: Options, Save, “Embed fonts in the "
        "file”), and have it approved anew."
    )


class DraftChangesMarks(DingmiError):
    code = ExitCode.DRAFT_CHANGES_MARKS
    says = N_("Word would not show or print the marks of this draft as they are: {cause}.")
    remedy = N_(
        "Take that out in Word (text effects: of the style “Normal” (正文), and of the styles of "
        "the paragraphs and tables where classified points stand), and have the draft approved "
        "anew."
    )


class AlreadyMarkedOtherwise(DingmiError):
    code = ExitCode.DRAFT_ALREADY_MARKED
    says = N_("The file already bears a mark of this program ({found}); the record says {wanted}.")
    remedy = N_("Give the unmarked draft. Levels and periods are changed by re-marking, by notice.")


class MarkedSavedOtherwise(DingmiError):
    code = ExitCode.DRAFT_ALREADY_MARKED
    says = N_("This is a marked file that another program saved as {suffix}.")
    remedy = N_(
        "Use the file as it was marked, from where it is kept, and have the security officer "
        "(保密员) destroy this one."
    )


class TypedMarkConflict(DingmiError):
    code = ExitCode.TYPED_MARK_CONFLICT
    says = N_("The draft already shows “{found}” but the approval record says “{wanted}”.")
    remedy = N_(
        "Ask the classification officer which is right; correct the draft (and have it approved "
        "anew) or the record, not both."
    )


class TwoDraftsOneName(DingmiError):
    code = ExitCode.DRAFT_NAME_CLASH
    says = N_("This draft and {draft} would get the same marked file: {other}.")
    remedy = N_("Rename one of the drafts, or mark them into different folders.")


class DraftNotAccessible(DingmiError):
    code = ExitCode.DRAFT_NOT_ACCESSIBLE
    says = N_("The draft cannot be opened: {cause}.")
    remedy = N_("Check that the file is there and that you may read it.")


class SymlinkLoop(DingmiError):
    code = ExitCode.DRAFT_NOT_ACCESSIBLE
    says = N_("This link leads back to itself or out of the folder and was not followed.")
    remedy = N_("Put the draft itself into the folder instead of a link.")


class DraftChanged(DingmiError):
    code = ExitCode.DRAFT_NOT_ACCESSIBLE
    says = N_("The draft was changed while it was being marked; nothing was written.")
    remedy = N_("Close it in every program, see that it is the approved version, and retry.")


class DraftTooCostly(DingmiError):
    code = ExitCode.DRAFT_TOO_COSTLY
    says = N_("Reading this draft needs more than the set limit of {limit}.")
    remedy = N_("Have the file looked at; raise [limits] in office.toml only if it is in order.")


class WorkerFailed(DingmiError):
    code = ExitCode.WORKER_FAILED
    says = N_("The program stopped unexpectedly while working on this draft ({reference}).")
    remedy = N_(
        "Nothing was written. Save the draft as PDF and have it approved anew, or report the "
        "reference number."
    )


# ── templates and layout ───────────────────────────────────────────────────────────────────────


class TemplateInvalid(DingmiError):
    code = ExitCode.TEMPLATE_INVALID
    says = N_("The template has {count} fault(s):\n{faults}")
    remedy = N_("Correct them and run: dingmi-mark stamp check FILE")


class TemplateUnknown(DingmiError):
    code = ExitCode.TEMPLATE_UNKNOWN
    says = N_("There is no template “{name}”; known are {known}.")
    remedy = N_("See dingmi-mark stamp list.")


class GlyphMissing(DingmiError):
    code = ExitCode.GLYPH_MISSING
    says = N_("The font {font} has no glyph for “{characters}”.")
    remedy = N_("Name a font file that has it in office.toml [fonts].")


class TextDoesNotFit(DingmiError):
    code = ExitCode.TEXT_DOES_NOT_FIT
    says = N_("“{field}” does not fit its place of {width_mm} mm; text is never shrunk.")
    remedy = N_("Shorten the text in the record, or give it more room in the template.")


class PlaceTaken(DingmiError):
    code = ExitCode.PLACE_TAKEN
    says = N_("The place of “{slot}” on page {page} is already taken; nothing is overprinted.")
    remedy = N_(
        "Clear that place in the draft and have it approved anew, or choose a form whose template "
        "has its marks elsewhere or shifts them (`stamp list`): draft.form in the record names it."
    )


class MarkPlaceTaken(PlaceTaken):
    """Says where on the page the place is (mm), for whoever has to clear it."""

    says = N_(
        "The place of “{slot}” on page {page} is already taken: {x} mm from the left edge, {y} mm "
        "from the top, {width} × {height} mm; nothing is overprinted."
    )
    remedy = N_(
        "Clear that place in the draft and have it approved anew, or choose a form whose template "
        "has its marks elsewhere, shifts them, or leaves out a stamp that finds no room "
        "(`stamp list`): draft.form in the record names it."
    )


class PointCutOff(DingmiError):
    code = ExitCode.POINT_CUT_OFF
    says = N_(
        "Classified point {point}: the lines of its paragraph are exactly {line} pt high, its mark "
        "is {size} pt: Word would cut it off."
    )
    remedy = N_(
        "Set the line spacing of that paragraph to {size} pt or more, or to “at least” (最小值), "
        "and have the draft approved anew."
    )


class PointHidden(DingmiError):
    code = ExitCode.POINT_HIDDEN
    says = N_(
        "Classified point {point}: its words are hidden, by a style or in a hidden row of a table: "
        "nobody would see them, nor their mark."
    )
    remedy = N_(
        "Show the words (in Word: no “Hidden” (隐藏) in the font of their style, no hidden row) or "
        "delete them, and have the draft approved anew."
    )


class PointNotFound(DingmiError):
    code = ExitCode.POINT_NOT_FOUND
    says = N_("Classified point {point}: its place is not in the draft.")
    remedy = N_("Compare the quoted words of the record with the draft, character by character.")


class PointAmbiguous(DingmiError):
    code = ExitCode.POINT_AMBIGUOUS
    says = N_("Classified point {point}: its words stand in {count} places of the draft.")
    remedy = N_("Quote more words so that only one place fits.")


class PointUnsupported(DingmiError):
    code = ExitCode.POINT_UNSUPPORTED
    says = N_("Classified point {point}: this kind of place cannot be used in {format}.")
    remedy = N_("Text and paragraph places are for Word and PDF, boxes for PDF and pictures.")


class LandmarkNotFound(DingmiError):
    code = ExitCode.LANDMARK_NOT_FOUND
    says = N_("The template places “{slot}” at {landmark}, which was not found on the first page.")
    remedy = N_("Give its height in the record (draft.landmark_y_mm), or choose another template.")


class PageTooSmall(DingmiError):
    code = ExitCode.PAGE_TOO_SMALL
    says = N_("Page {page} ({width_mm} × {height_mm} mm) is too small for “{slot}”.")
    remedy = N_("Choose a template for this page size; marks are never shrunk.")


# ── output ─────────────────────────────────────────────────────────────────────────────────────


class OutputExists(DingmiError):
    code = ExitCode.OUTPUT_EXISTS
    says = N_("There is a file of this name already; it is kept as it is.")
    remedy = N_("Move it away, or choose another name or folder.")


class OutputDiskFull(DingmiError):
    code = ExitCode.OUTPUT_DISK_FULL
    says = N_("The disk is full; nothing was written.")
    remedy = N_("Free some space and run the same command again.")


class OutputNotWritable(DingmiError):
    code = ExitCode.OUTPUT_NOT_WRITABLE
    says = N_("The file cannot be written: {cause}.")
    remedy = N_("Check the name, and the rights of the folder it goes into.")
