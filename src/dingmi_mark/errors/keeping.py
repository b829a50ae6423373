"""What is wrong with what the office keeps: ledger, settings, originals, marked files, copies."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_

# ── ledger ─────────────────────────────────────────────────────────────────────────────────────


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


# ── verification ───────────────────────────────────────────────────────────────────────────────


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


class CheckPaperOnly(DingmiError):
    code = ExitCode.CHECK_PAPER_ONLY
    says = N_("This is a picture of a marked paper: only its 2D code tells which one.")
    remedy = N_(
        "Compare it with the paper. A picture of a secret is a copy of it: treat it like the paper."
    )


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


# ── batch, configuration ───────────────────────────────────────────────────────────────────────


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


class NamedOfficeNotFound(OfficeNotFound):
    """Of an office that was named, so that to name it is no advice."""

    says = N_("The folder named with {named} is no office: {cause}.")
    remedy = N_("Give the folder that holds office.toml, or make an office: dingmi-mark init DIR")


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


class CodeToolMissing(DingmiError):
    code = ExitCode.CODE_TOOL_MISSING
    says = N_(
        "Papers are to bear a 2D code, and what makes it is not installed "
        "(pip install 'dingmi-mark[code]')."
    )
    remedy = N_(
        "Let the administrator install it; or take the line “code” out of [templates] in "
        "office.toml: papers then bear no code."
    )


# ── the original after marking ─────────────────────────────────────────────────────────────────


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


# ── provisional marks, and copies that come back ───────────────────────────────────────────────


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


class SheetNotPrinted(DingmiError):
    code = ExitCode.COPY_NOT_RETURNABLE
    says = N_("Copy {copy} of {number} was not printed on a guarded queue since it was registered.")
    remedy = N_("It may be printed without this. See the copies: dingmi-mark copies list {number}")


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
