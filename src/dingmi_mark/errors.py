"""Every expected failure: one class per cause, an exit code of its own, and what to do next.

An error carries what happened (`says`), where, why (`citation`, where law is the cause) and the
`remedy`. The wordings are message identifiers; `cli.words` translates them. Codes are grouped by
theme, never reused, and documented in `docs/exit-codes.md`, which a test compares with the enum.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

from dingmi_mark.messages import N_, Message, Parameter


class ExitCode(IntEnum):
    """What the process returns: 10-19 draft, 20-29 approval and law, and so on."""

    OK = 0
    BUG = 1
    USAGE = 2

    DRAFT_UNREADABLE = 10
    DRAFT_UNSUPPORTED = 11
    DRAFT_PROTECTED = 12
    DRAFT_SIGNED = 13
    DRAFT_ALREADY_MARKED = 14
    TYPED_MARK_CONFLICT = 15
    DRAFT_NAME_CLASH = 16
    DRAFT_NOT_ACCESSIBLE = 17
    DRAFT_TOO_COSTLY = 18
    WORKER_FAILED = 19

    APPROVAL_MISSING = 20
    APPROVAL_INVALID = 21
    APPROVAL_AMBIGUOUS = 22
    APPROVAL_DIGEST_DIFFERS = 23
    APPROVAL_WITHOUT_DIGEST = 24
    LAW_VIOLATED = 25
    AUTHORITY_EXCEEDED = 26
    NOT_A_STATE_SECRET = 27
    PERIOD_OVER = 28
    APPROVAL_REUSED = 29

    TEMPLATE_INVALID = 30
    TEMPLATE_UNKNOWN = 31
    GLYPH_MISSING = 32
    TEXT_DOES_NOT_FIT = 33
    PLACE_TAKEN = 34
    POINT_NOT_FOUND = 35
    POINT_AMBIGUOUS = 36
    LANDMARK_NOT_FOUND = 37
    PAGE_TOO_SMALL = 38
    POINT_UNSUPPORTED = 39

    OUTPUT_EXISTS = 40
    OUTPUT_DISK_FULL = 41
    OUTPUT_NOT_WRITABLE = 42

    LEDGER_BROKEN = 50
    LEDGER_BUSY = 51
    LEDGER_NOT_FOUND = 52
    LEDGER_NEWER = 53
    LEDGER_OPEN_ENTRIES = 54
    LEDGER_COPY_EXISTS = 55

    MARK_NOT_CONFIRMED = 60
    CHECK_CONTRADICTS = 61
    CHECK_NOT_MARKED = 62
    CONFIRMATION_TOOL_FAILED = 63
    CHECK_UNMARKED_SECRET = 64
    CHECK_UNMARKED_PROPOSAL = 65

    BATCH_PARTLY_FAILED = 70

    CONFIGURATION_INVALID = 80
    OFFICE_NOT_FOUND = 81
    OFFICE_EXISTS = 82
    OFFICE_SECRET_MISSING = 83
    FONT_UNUSABLE = 84

    KEY_UNUSABLE = 90
    PASSPHRASE_WRONG = 91
    KEY_REFUSED = 92
    SIGNATURE_MISSING = 93
    SIGNATURE_REFUSED = 94
    CLOCK_SET_BACK = 95
    STEP_OUT_OF_ORDER = 96
    RECORD_MOVED_ON = 97
    RECORD_EXISTS = 98

    FORM_UNREADABLE = 100
    FORM_FAULTY = 101
    FORM_UNKNOWN = 102
    FORM_CANNOT_HOLD = 103
    DRAFT_DIFFERS = 104
    LATE_VALUE_REFUSED = 105
    ORIGINAL_REMAINS = 106
    ORIGINAL_MISSING = 107
    PROVISIONAL_NOT_POSSIBLE = 108
    PROVISIONAL_MARK_STAYS = 109

    FORMAL_MARK_TOO_EARLY = 110
    COPY_NOT_RETURNABLE = 111

    MATTER_UNCLEAR = 120
    RULE_UNKNOWN = 124
    NOTHING_TO_EXPLAIN = 125
    FORM_NOT_FOR_IT = 126
    FORM_VALUE_REFUSED = 127

    INTERRUPTED = 130


class DingmiError(Exception):
    """Base of all expected errors: a cause, its place, its reason and the next step.

    Subclasses set `code`, `says` and `remedy`; the keyword arguments fill the wordings.
    """

    code: ClassVar[ExitCode]
    says: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(self, where: str = "", *, citation: str = "", **params: Parameter) -> None:
        super().__init__(where, params)
        self.where = where
        self.citation = citation
        self.params = params

    @property
    def message(self) -> Message:
        """What happened."""
        return Message(self.says, self.params)

    @property
    def advice(self) -> Message:
        """What to do next."""
        return Message(self.remedy, self.params)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else str(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process border whole: exceptions with keyword arguments do not by default."""
        return (_rebuild, (type(self), self.where, self.citation, dict(self.params)))


def _rebuild(
    kind: type[DingmiError], where: str, citation: str, params: dict[str, Parameter]
) -> DingmiError:
    return kind(where, citation=citation, **params)


# ── the draft ────────────────────────────────────────────────────────────────────────────────


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


class DraftWrongSuffix(DingmiError):
    code = ExitCode.DRAFT_UNSUPPORTED
    says = N_("The name ends in {suffix}, but the content is {found}.")
    remedy = N_("Give the file its right ending ({expected}) and retry.")


class DraftProtected(DingmiError):
    code = ExitCode.DRAFT_PROTECTED
    says = N_("The draft is protected by a password or restricts changes.")
    remedy = N_(
        "Remove the protection in the program it was written in, have it approved anew, and retry."
    )


class DraftSigned(DingmiError):
    code = ExitCode.DRAFT_SIGNED
    says = N_("The draft carries an electronic signature, which marking would break ({signer}).")
    remedy = N_("Mark first, sign last: have the unsigned draft approved, mark, sign or seal it.")


class AlreadyMarkedOtherwise(DingmiError):
    code = ExitCode.DRAFT_ALREADY_MARKED
    says = N_("The file already bears a mark of this program ({found}); the record says {wanted}.")
    remedy = N_("Give the unmarked draft. Levels and periods are changed by re-marking, by notice.")


class TypedMarkConflict(DingmiError):
    code = ExitCode.TYPED_MARK_CONFLICT
    says = N_("The draft already shows “{found}” but the approval record says “{wanted}”.")
    remedy = N_(
        "Ask the classification officer which is right; correct the draft (and have it approved "
        "anew) or the record, not both."
    )


class TwoDraftsOneName(DingmiError):
    code = ExitCode.DRAFT_NAME_CLASH
    says = N_("Two drafts would get the same marked file: {other}.")
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


# ── approval and law ─────────────────────────────────────────────────────────────────────────


class ApprovalMissing(DingmiError):
    code = ExitCode.APPROVAL_MISSING
    says = N_("No approval record belongs to this draft: without approval there is no mark.")
    remedy = N_("Put the record (定密审核审批表) into the folder given with --approvals.")
    default_citation = "保守国家秘密法(2024)第十六条"


class ApprovalInvalid(DingmiError):
    code = ExitCode.APPROVAL_INVALID
    says = N_("The approval record has {count} fault(s):\n{faults}")
    remedy = N_("Correct each of them in the record, and retry.")


class ApprovalUnreadable(DingmiError):
    code = ExitCode.APPROVAL_INVALID
    says = N_("The approval record cannot be read: {cause}.")
    remedy = N_("Records are TOML or JSON in UTF-8. See docs/approval-record.md.")


class ApprovalAmbiguous(DingmiError):
    code = ExitCode.APPROVAL_AMBIGUOUS
    says = N_("More than one approval record belongs to this draft: {records}.")
    remedy = N_("Keep the one that is in force and take the others out of the folder.")


class ApprovalDigestDiffers(DingmiError):
    code = ExitCode.APPROVAL_DIGEST_DIFFERS
    says = N_("The draft is not the one that was approved: its digest differs from {record}.")
    remedy = N_(
        "Give the draft back to the classification officer, or find the approved version. See what "
        "differs: dingmi-mark approval compare NUMBER DRAFT"
    )


class DraftOfAnotherRecord(DingmiError):
    code = ExitCode.APPROVAL_DIGEST_DIFFERS
    says = N_("The digest in the record {record} is that of another file, or of another version.")
    remedy = N_("Clear the digest in the record (it is filled in), or give the draft it is about.")


class ApprovalWithoutDigest(DingmiError):
    code = ExitCode.APPROVAL_WITHOUT_DIGEST
    says = N_("The approval record {record} does not say which file was approved (no digest).")
    remedy = N_(
        "Add draft.digest to the record, or allow records without digest in office.toml [policies]."
    )


class LawViolated(DingmiError):
    code = ExitCode.LAW_VIOLATED
    says = N_("The approval record does not allow this mark:\n{findings}")
    remedy = N_("Give the record back to the person named in it with these findings.")


class AuthorityExceeded(DingmiError):
    code = ExitCode.AUTHORITY_EXCEEDED
    says = N_("The decision is beyond the authority of those who took it:\n{findings}")
    remedy = N_("Protect the draft now and submit it at once to the organ that has the authority.")


class NotAStateSecret(DingmiError):
    code = ExitCode.NOT_A_STATE_SECRET
    says = N_("“{level}” is no level of state secrets; no ★ mark may be put on it.")
    remedy = N_("Levels are 绝密, 机密 and 秘密. Internal matter and work secrets are kept apart.")


class PeriodOver(DingmiError):
    code = ExitCode.PERIOD_OVER
    says = N_("The secrecy period of this record is over (last secret day {last_day}).")
    remedy = N_("Do not mark it as secret. If the period is wrong, have the record corrected.")


class ApprovalReused(DingmiError):
    code = ExitCode.APPROVAL_REUSED
    says = N_("Under the number {number} another approval was already used for a mark.")
    remedy = N_("One number is one approval: find out which record is right, and renumber it.")


class OtherDraftMarked(DingmiError):
    code = ExitCode.APPROVAL_REUSED
    says = N_("Another draft was already marked under the approval {number}.")
    remedy = N_("One approval marks one draft. Use the files that were marked; see the ledger.")


# ── templates and layout ─────────────────────────────────────────────────────────────────────


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
        "Clear that place in the draft and have it approved anew, or let the template shift "
        '(occupied = "下移").'
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


# ── output ───────────────────────────────────────────────────────────────────────────────────


class OutputExists(DingmiError):
    code = ExitCode.OUTPUT_EXISTS
    says = N_("The file is already there and was not made by this marking; it is kept as it is.")
    remedy = N_("Move it away or choose another output folder.")


class OutputDiskFull(DingmiError):
    code = ExitCode.OUTPUT_DISK_FULL
    says = N_("The disk is full; nothing was written.")
    remedy = N_("Free some space and run the same command again.")


class OutputNotWritable(DingmiError):
    code = ExitCode.OUTPUT_NOT_WRITABLE
    says = N_("The marked file cannot be written: {cause}.")
    remedy = N_("Check the rights of the output folder.")


# ── ledger ───────────────────────────────────────────────────────────────────────────────────


class LedgerBroken(DingmiError):
    code = ExitCode.LEDGER_BROKEN
    says = N_("The ledger is damaged or was altered: {cause}.")
    remedy = N_("Stop marking, run dingmi-mark ledger verify, and restore the last good backup.")


class LedgerBusy(DingmiError):
    code = ExitCode.LEDGER_BUSY
    says = N_("The ledger is in use by others and did not answer in time.")
    remedy = N_("Wait a moment and run the same command again; nothing was written.")


class LedgerNotFound(DingmiError):
    code = ExitCode.LEDGER_NOT_FOUND
    says = N_("The ledger cannot be opened: {cause}.")
    remedy = N_("Check [ledger] url in office.toml, or restore a backup.")


class LedgerNewer(DingmiError):
    code = ExitCode.LEDGER_NEWER
    says = N_("The ledger was written by a newer version ({found}) than this one knows ({known}).")
    remedy = N_("Update dingmi-mark on this machine.")


class LedgerOpenEntries(DingmiError):
    code = ExitCode.LEDGER_OPEN_ENTRIES
    says = N_("{count} marking(s) were begun and neither finished nor voided.")
    remedy = N_("Run dingmi-mark doctor; what needs a person is listed there.")


class CopyInWork(DingmiError):
    code = ExitCode.LEDGER_BUSY
    says = N_("Another run is marking this draft at this very moment; this one left it alone.")
    remedy = N_("Wait until the other is done, then run the same command once more.")


class CopyAlreadyMade(DingmiError):
    code = ExitCode.LEDGER_COPY_EXISTS
    says = N_("The ledger says that this copy was made already ({target}); there is only one.")
    remedy = N_("Find that file, or restore it from the backup. Ask the security officer (保密员).")


# ── verification ─────────────────────────────────────────────────────────────────────────────


class MarkNotConfirmed(DingmiError):
    code = ExitCode.MARK_NOT_CONFIRMED
    says = N_("The marked file did not pass its check and was not kept: {cause}")
    remedy = N_(
        "The draft is untouched. Have it looked at, or save it as PDF, have it approved anew, and "
        "retry."
    )


class CheckContradicts(DingmiError):
    code = ExitCode.CHECK_CONTRADICTS
    says = N_("What the file shows, what it says of itself and the ledger do not agree.")
    remedy = N_("Do not hand it out. Show it to the security officer (保密员).")


class CheckNotMarked(DingmiError):
    code = ExitCode.CHECK_NOT_MARKED
    says = N_("The file bears no mark of this program.")
    remedy = N_("If it should be marked, run dingmi-mark mark with its approval record.")


class UnmarkedSecret(DingmiError):
    code = ExitCode.CHECK_UNMARKED_SECRET
    says = N_("This is an unmarked copy of a secret approved under {number}; it has no mark yet.")
    remedy = N_(
        "Do not print it and do not pass it on. Mark it: dingmi-mark mark '{file}' --out DIR"
    )


class UnmarkedSecretSavedAnew(DingmiError):
    code = ExitCode.CHECK_UNMARKED_SECRET
    says = N_(
        "This is an unmarked copy of a secret approved under {number}, saved anew by some program."
    )
    remedy = N_(
        "Do not print it and do not pass it on. Hand it to the security officer (保密员); only the "
        "approved file itself can be marked."
    )


class UnmarkedSecretLeftOver(DingmiError):
    code = ExitCode.CHECK_UNMARKED_SECRET
    says = N_("This is an unmarked copy of a secret approved under {number}, which was marked.")
    remedy = N_(
        "Do not print it and do not pass it on. Use the marked file, and hand this one to the "
        "security officer (保密员)."
    )


class UnmarkedProposal(DingmiError):
    code = ExitCode.CHECK_UNMARKED_PROPOSAL
    says = N_("This is a draft handed in for approval under {number}; nothing is decided yet.")
    remedy = N_(
        "Protect it by the level that was proposed, and do not pass it on. See where it stands: "
        "dingmi-mark approval review {number}"
    )


class UnmarkedReturned(DingmiError):
    code = ExitCode.CHECK_UNMARKED_PROPOSAL
    says = N_(
        "This is a draft handed in for approval under {number} that was returned or replaced by "
        "another; it was not approved."
    )
    remedy = N_("Do not pass it on. Ask the security officer (保密员) what is to become of it.")


class ConfirmationToolFailed(DingmiError):
    code = ExitCode.CONFIRMATION_TOOL_FAILED
    says = N_("The program that shows the page for checking failed: {cause}.")
    remedy = N_("Try again; if it goes on, check the LibreOffice installation.")


class Interrupted(DingmiError):
    code = ExitCode.INTERRUPTED
    says = N_("Stopped before this draft was begun.")
    remedy = N_("Run the same command again: what is done is not done twice.")


# ── batch, configuration ─────────────────────────────────────────────────────────────────────


class BatchPartlyFailed(DingmiError):
    code = ExitCode.BATCH_PARTLY_FAILED
    says = N_("{failed} of {total} file(s) were not marked; each has its reason above.")
    remedy = N_("Mend the causes and run the same command again: what is done is not done twice.")


class ConfigurationInvalid(DingmiError):
    code = ExitCode.CONFIGURATION_INVALID
    says = N_("The configuration has {count} fault(s):\n{faults}")
    remedy = N_("Correct them in {file}.")


class OfficeNotFound(DingmiError):
    code = ExitCode.OFFICE_NOT_FOUND
    says = N_("No office was found here (no office.toml in this folder or above).")
    remedy = N_("Run dingmi-mark init DIR, or name the office with --office or DINGMI_OFFICE.")


class OfficeExists(DingmiError):
    code = ExitCode.OFFICE_EXISTS
    says = N_("There is already an office in this folder; nothing was changed.")
    remedy = N_("Choose an empty folder.")


class OfficeSecretMissing(DingmiError):
    code = ExitCode.OFFICE_SECRET_MISSING
    says = N_("The office secret is missing or can be read by others.")
    remedy = N_("Restore it from the backup, with rights 0600; never make a new one.")


class FontUnusable(DingmiError):
    code = ExitCode.FONT_UNUSABLE
    says = N_("The font file {file} cannot be used: {cause}.")
    remedy = N_("Name a TrueType or OpenType file that may be embedded in office.toml [fonts].")


# ── keys, signatures, and the way of a record ────────────────────────────────────────────────


class KeyUnusable(DingmiError):
    code = ExitCode.KEY_UNUSABLE
    says = N_("The key cannot be used: {cause}.")
    remedy = N_("See dingmi-mark key list, and name the folder of your keys with --keys.")


class PassphraseWrong(DingmiError):
    code = ExitCode.PASSPHRASE_WRONG
    says = N_("The passphrase does not open this key.")
    remedy = N_("Try again. A forgotten passphrase means a new key: dingmi-mark key new.")


class KeyRefused(DingmiError):
    code = ExitCode.KEY_REFUSED
    says = N_("The key was not enrolled: {cause}.")
    remedy = N_("Ask the security officer (保密员). See dingmi-mark key list.")


class SignatureMissing(DingmiError):
    code = ExitCode.SIGNATURE_MISSING
    says = N_("The record bears no signature of the step “{step}”; this office asks for it.")
    remedy = N_("Have it signed: dingmi-mark approval review NUMBER")
    default_citation = "保守国家秘密法(2024)第十六条第二款"


class SignatureRefused(DingmiError):
    code = ExitCode.SIGNATURE_REFUSED
    says = N_("The signature of the step “{step}” by {signer} does not count: {cause}.")
    remedy = N_("Do not mark. Show the record to the security officer (保密员).")


class ClockSetBack(DingmiError):
    code = ExitCode.CLOCK_SET_BACK
    says = N_("This machine's clock ({now}) is behind the last entry of the ledger ({last}).")
    remedy = N_("Set the clock right, and retry. Nothing was written.")


class StepOutOfOrder(DingmiError):
    code = ExitCode.STEP_OUT_OF_ORDER
    says = N_("This step cannot be done now: {cause}.")
    remedy = N_("See dingmi-mark today for what waits and for whom.")


class RecordNotHandedIn(DingmiError):
    code = ExitCode.STEP_OUT_OF_ORDER
    says = N_("This record was not handed in yet; nobody can decide on it.")
    remedy = N_("Hand it in with its draft: dingmi-mark approval submit RECORD DRAFT")


class RecordMovedOn(DingmiError):
    code = ExitCode.RECORD_MOVED_ON
    says = N_("Somebody else changed this record in the meantime; your step was not written.")
    remedy = N_("Read it again and repeat the step: dingmi-mark approval review NUMBER")


class RecordExists(DingmiError):
    code = ExitCode.RECORD_EXISTS
    says = N_("There is a record with this number already: {number}.")
    remedy = N_("Give the new record a number of its own; what is there was not changed.")


# ── the original after marking ───────────────────────────────────────────────────────────────


class OriginalChanged(DingmiError):
    code = ExitCode.ORIGINAL_REMAINS
    says = N_("The original was changed after it was marked; it was neither moved nor deleted.")
    remedy = N_(
        "The marked files are valid. See what was changed: another wording needs an approval of "
        "its own. Show the file to the security officer (保密员)."
    )


class OriginalHasOtherNames(DingmiError):
    code = ExitCode.ORIGINAL_REMAINS
    says = N_("The original has other names on this disk (hard links: {count}) and was left there.")
    remedy = N_(
        "The marked files are valid. Find the other names with find -samefile, remove them, and "
        "run the same command again."
    )


class OriginalIsLink(DingmiError):
    code = ExitCode.ORIGINAL_REMAINS
    says = N_("The draft was given by a link; the original behind it was left where it is.")
    remedy = N_(
        "The marked files are valid. Run the same command again with the file itself: {target}"
    )


class OriginalWriteProtected(DingmiError):
    code = ExitCode.ORIGINAL_REMAINS
    says = N_("The original is write-protected and was left where it is.")
    remedy = N_(
        "The marked files are valid. Take the protection off (chmod u+w '{file}') and run the same "
        "command again."
    )


class OriginalNotRemoved(DingmiError):
    code = ExitCode.ORIGINAL_REMAINS
    says = N_("The original cannot be removed from its place: {cause}.")
    remedy = N_(
        "The marked files are valid. Mend the cause (rights of the folder, a program that has the "
        "file open), and run the same command again."
    )


class OriginalWithoutMarkedCopy(DingmiError):
    code = ExitCode.ORIGINAL_REMAINS
    says = N_("The original was not deleted: a marked copy is not there or was altered ({copy}).")
    remedy = N_("Find that copy or restore it from the backup, and run the same command again.")


class ArchiveDiskFull(DingmiError):
    code = ExitCode.ORIGINAL_REMAINS
    says = N_("The disk of the archive is full; the original was left where it is.")
    remedy = N_("The marked files are valid. Free some space and run the same command again.")


class ArchiveNotWritable(DingmiError):
    code = ExitCode.ORIGINAL_REMAINS
    says = N_("The archive cannot be written: {cause}. The original was left where it is.")
    remedy = N_(
        "The marked files are valid. Check the rights of the folder archive/ of the office, and "
        "run the same command again."
    )


class OriginalMissing(DingmiError):
    code = ExitCode.ORIGINAL_MISSING
    says = N_(
        "The original of {number} is neither where it was nor where it was to be put; somebody may "
        "have moved it away."
    )
    remedy = N_(
        "Find out what became of it and bring it back to one of the two places, then run "
        "dingmi-mark doctor again."
    )


# ── what is filled in after the approval ─────────────────────────────────────────────────────


class DraftDiffers(DingmiError):
    code = ExitCode.DRAFT_DIFFERS
    says = N_(
        "The draft differs from the approved one in more than what may be filled in ({fields}):\n"
        "{differences}"
    )
    remedy = N_(
        "Give it back to the classification officer with this list, or undo the changes. All of "
        "it on one page: dingmi-mark approval compare NUMBER DRAFT --out FILE.html"
    )


class DraftNotComparable(DingmiError):
    code = ExitCode.DRAFT_DIFFERS
    says = N_("The draft cannot be compared with the approved one: {cause}.")
    remedy = N_("Have this very file approved, or give the draft in the form that was approved.")


class DraftNotFilledIn(DingmiError):
    code = ExitCode.DRAFT_DIFFERS
    says = N_("This draft has still its blanks: {fields} is not filled in.")
    remedy = N_(
        "Write the values into the record (dingmi-mark approval fill NUMBER) and the same into the "
        "draft, then mark that draft."
    )


class LateValueRefused(DingmiError):
    code = ExitCode.LATE_VALUE_REFUSED
    says = N_("This cannot be filled in: {cause}.")
    remedy = N_(
        "What the record does not name under draft.late_fields must be approved anew; what is "
        "marked is not changed any more."
    )


# ── forms and tables ─────────────────────────────────────────────────────────────────────────


class FormUnreadable(DingmiError):
    code = ExitCode.FORM_UNREADABLE
    says = N_("The form or table cannot be opened: {cause}.")
    remedy = N_(
        "Open it in Word, WPS or LibreOffice, save it anew as .docx or .xlsx without password and "
        "macros, and retry."
    )


class FormFaulty(DingmiError):
    code = ExitCode.FORM_FAULTY
    says = N_("The form or table has {count} fault(s):\n{faults}")
    remedy = N_("Correct each of them in the file, and retry. Nothing was taken over.")


class FormUnknown(DingmiError):
    code = ExitCode.FORM_UNKNOWN
    says = N_("There is no form “{name}”; known are {known}.")
    remedy = N_("See dingmi-mark form list.")


class FormSubjectUnknown(DingmiError):
    code = ExitCode.FORM_NOT_FOR_IT
    says = N_("authority.toml knows no “{name}” ({kind}) for this form; it knows: {known}.")
    remedy = N_("Name one of these, enter it in authority.toml, or make the form blank.")


class FormNotForIt(DingmiError):
    code = ExitCode.FORM_NOT_FOR_IT
    says = N_("The form “{title}” is not for this: {cause}.")
    remedy = N_("See dingmi-mark form list for the form that is, or make this one blank.")


class FormValueRefused(DingmiError):
    code = ExitCode.FORM_VALUE_REFUSED
    says = N_("{count} value(s) given with --set cannot stand on the form:\n{faults}")
    remedy = N_("Correct or leave out what is named here. Nothing was written.")


class FormCannotHold(DingmiError):
    code = ExitCode.FORM_CANNOT_HOLD
    says = N_("The form or table cannot hold {count} value(s) of this record:\n{faults}")
    remedy = N_("Keep this record as TOML or JSON, or shorten what is named here.")


# ── provisional marks, and copies that come back ─────────────────────────────────────────────


class ProvisionalNotPossible(DingmiError):
    code = ExitCode.PROVISIONAL_NOT_POSSIBLE
    says = N_("No provisional mark (拟定) can be put on it: {cause}.")
    remedy = N_(
        "A provisional mark is for a record that is handed in and not decided: dingmi-mark today"
    )


class ProvisionalMarkStays(DingmiError):
    code = ExitCode.PROVISIONAL_MARK_STAYS
    says = N_("The draft shows the provisional mark “{found}”, which would stay beside the ★ mark.")
    remedy = N_(
        "Mark the draft that was approved: it lies in the office's approvals folder. Where 拟定 is "
        "typed in the draft itself, take it out and have the draft approved anew."
    )


class ProvisionalFileAltered(DingmiError):
    code = ExitCode.PROVISIONAL_MARK_STAYS
    says = N_("This is a file with the provisional mark “{found}”; {cause}.")
    remedy = N_("Mark the draft that was approved: it lies in the office's approvals folder.")


class FormalMarkTooEarly(DingmiError):
    code = ExitCode.FORMAL_MARK_TOO_EARLY
    says = N_("“{found}” reads as a formal mark, and the record is not approved yet.")
    remedy = N_(
        "Take it out of the draft (or the template), hand the draft in again, and put the "
        "provisional mark then."
    )
    default_citation = "保守国家秘密法(2024)第十六条第二款"


class CopyUnknown(DingmiError):
    code = ExitCode.COPY_NOT_RETURNABLE
    says = N_("The ledger knows no copy {copy} under the number {number}.")
    remedy = N_("See dingmi-mark copies list NUMBER")


class NoCopies(DingmiError):
    code = ExitCode.COPY_NOT_RETURNABLE
    says = N_("The ledger knows no copies under the number {number}.")
    remedy = N_("See that the number is right; copies are there once the paper is marked.")


class CopiesNotNamed(DingmiError):
    code = ExitCode.COPY_NOT_RETURNABLE
    says = N_("Under the number {number} {count} copies are out: say which.")
    remedy = N_("Name them after the number; dingmi-mark copies list NUMBER shows them.")


class CopyReturnedAlready(DingmiError):
    code = ExitCode.COPY_NOT_RETURNABLE
    says = N_("The copy {copy} was returned already ({how}, {day}).")
    remedy = N_("Nothing was written. Take that copy out of the command, and retry.")


# ── authority and procedure ──────────────────────────────────────────────────────────────────


class MatterUnclear(DingmiError):
    code = ExitCode.MATTER_UNCLEAR
    says = N_("It is not decided yet whether, or how far, this is a state secret:\n{findings}")
    remedy = N_(
        "Protect it by the provisional values, report it, and enter the reply (deciding_organ). "
        "This is not the way of lacking authority (无权)."
    )


# ── the law and its explanation ──────────────────────────────────────────────────────────────


class RuleUnknown(DingmiError):
    code = ExitCode.RULE_UNKNOWN
    says = N_("No rule has this name; similar are: {near}.")
    remedy = N_("See dingmi-mark law, or find it by a word: dingmi-mark law --search WORD")


class NothingToExplain(DingmiError):
    code = ExitCode.NOTHING_TO_EXPLAIN
    says = N_("There is neither a file nor an approval record of this name or number.")
    remedy = N_(
        "Give a marked file, a record (TOML, JSON), or the number of a record of this office."
    )
