"""What is wrong with an approval: the record, its law, its signatures and its way."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_

# ── approval and law ───────────────────────────────────────────────────────────────────────────


class ApprovalMissing(DingmiError):
    code = ExitCode.APPROVAL_MISSING
    says = N_("No approval record belongs to this draft: without approval there is no mark.")
    remedy = N_("Put the record (定密审核审批表) into the folder given with --approvals.")
    default_citation = "保守国家秘密法(2024)第十六条"


class NoRecordForDraft(DingmiError):
    code = ExitCode.APPROVAL_MISSING
    says = N_("None of the {count} records in {file} is for this draft.")
    remedy = N_("Write the draft's file name (draft.files) or its digest into its record.")


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
    remedy = N_(
        "Keep the one that is in force and take the others out of the folder, or, to mark this "
        "draft alone, name its record: dingmi-mark mark DRAFT --out DIR --approved NUMBER"
    )


class SeveralRecords(DingmiError):
    code = ExitCode.APPROVAL_AMBIGUOUS
    says = N_("This file holds {count} records, and one is needed: {records}.")
    remedy = N_(
        "Give the number of a record that is handed in, or take it over as a file of its own: "
        "dingmi-mark approval import FILE --into DIR"
    )


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


# ── keys, signatures, and the way of a record ──────────────────────────────────────────────────


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
    remedy = N_("Have it signed: {command}")
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


class RecordFolderTaken(DingmiError):
    code = ExitCode.RECORD_FOLDER_TAKEN
    says = N_("The folder of {number} holds the record {other}, put there by an earlier version.")
    remedy = N_("Rename that folder to {name}, and retry. What is there was not changed.")


class RecordUnknown(DingmiError):
    code = ExitCode.RECORD_UNKNOWN
    says = N_("There is no record of this number here, {near}.")
    remedy = N_(
        "See that it is typed as in the record, or that the file of this name is where you are; "
        "what waits, dingmi-mark today lists."
    )


# ── what is filled in after the approval ───────────────────────────────────────────────────────


class DraftDiffers(DingmiError):
    code = ExitCode.DRAFT_DIFFERS
    says = N_(
        "The draft differs from the approved one in more than what may be filled in ({fields}):\n"
        "{differences}"
    )
    remedy = N_(
        "Give it back to the classification officer with this list, or undo the changes. To have "
        "the blanks filled in and nothing else changed: dingmi-mark approval fill NUMBER --out "
        "FILE. All of the list on one page: dingmi-mark approval compare NUMBER DRAFT --out "
        "FILE.html"
    )


class DraftNotComparable(DingmiError):
    code = ExitCode.DRAFT_DIFFERS
    says = N_("The draft cannot be compared with the approved one: {cause}.")
    remedy = N_("Have this very file approved, or give the draft in the form that was approved.")


class DraftNotFilledIn(DingmiError):
    code = ExitCode.DRAFT_DIFFERS
    says = N_("This draft has still its blanks: {fields} is not filled in.")
    remedy = N_(
        "Write the values into the record and the draft (dingmi-mark approval fill NUMBER --out "
        "FILE), then mark that draft."
    )


class DraftNotFillable(DingmiError):
    code = ExitCode.DRAFT_NOT_FILLABLE
    says = N_("The blanks of the approved draft cannot be filled in here: {cause}.")
    remedy = N_(
        "No draft was written. Fill them in by hand, in the program in which the approved draft "
        "was saved, and mark that file."
    )


class LateValueRefused(DingmiError):
    code = ExitCode.LATE_VALUE_REFUSED
    says = N_("This cannot be filled in: {cause}.")
    remedy = N_(
        "What the record does not name under draft.late_fields must be approved anew; what is "
        "marked is not changed any more."
    )


class LateValueUnreadable(DingmiError):
    code = ExitCode.LATE_VALUE_REFUSED
    says = N_("“{text}” cannot be filled in as {field}: {expected}.")
    remedy = N_("Give it anew. Nothing was written; the signatures of the record are untouched.")


class PointsDisagree(DingmiError):
    code = ExitCode.POINTS_DISAGREE
    says = N_(
        "What the draft names as points is not what its record says, or unreadable:\n{findings}"
    )
    remedy = N_(
        "Correct the record, or what the author named, before the record is handed in. After the "
        "decision the record counts; the draft may not be changed any more."
    )


# ── authority and procedure ────────────────────────────────────────────────────────────────────


class MatterUnclear(DingmiError):
    code = ExitCode.MATTER_UNCLEAR
    says = N_("It is not decided yet whether, or how far, this is a state secret:\n{findings}")
    remedy = N_(
        "Protect it by the provisional values, report it (dingmi-mark form make unclear-report); "
        "the 保密员 registers the reply (dingmi-mark approval review NUMBER --as NAME --reply …). "
        "This is not the way of lacking authority (无权)."
    )


# ── the law and its explanation ────────────────────────────────────────────────────────────────


class RuleUnknown(DingmiError):
    code = ExitCode.RULE_UNKNOWN
    says = N_("No rule has this name or these words; names near it: {near}.")
    remedy = N_("See all rules with dingmi-mark law, or try a shorter word.")


class NothingToExplain(DingmiError):
    code = ExitCode.NOTHING_TO_EXPLAIN
    says = N_("There is neither a file nor an approval record of this name or number.")
    remedy = N_(
        "Give a marked file, a record (TOML, JSON, XLSX, DOCX), or the number of a record of this "
        "office."
    )
