"""What is wrong with a notice of change or release, and with re-marking files by it."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class NoticeInvalid(DingmiError):
    code = ExitCode.NOTICE_INVALID
    says = N_("The notice has {count} fault(s):\n{faults}")
    remedy = N_("Correct each of them in the notice, and retry.")


class NoticeExists(DingmiError):
    code = ExitCode.NOTICE_EXISTS
    says = N_("Another notice of the number {number} is registered already.")
    remedy = N_("Compare the two. A notice is registered once; a new decision has a new number.")


class NoticeUnknown(DingmiError):
    code = ExitCode.NOTICE_UNKNOWN
    says = N_("No notice of the number {number} is registered.")
    remedy = N_("Check and sign it first: dingmi-mark notice sign FILE --as NAME")


class NoticeItemsUnclear(DingmiError):
    code = ExitCode.NOTICE_ITEMS_UNCLEAR
    says = N_("It is not clear of {count} item(s) of the notice which document is meant:\n{faults}")
    remedy = N_(
        "Name each by its 文号, its id in the ledger, or the digest of a marked file. Of a paper "
        "that others marked before this program say old_level, old_period and issue_day as well. "
        "Records outside the office's own folder are named with --approvals, in every step."
    )


class ChangeRefused(DingmiError):
    code = ExitCode.CHANGE_REFUSED
    says = N_("The rules do not allow this change:\n{findings}")
    remedy = N_("Correct the notice, or have it decided by who may. Nothing was registered.")


class NoticeAltered(DingmiError):
    code = ExitCode.NOTICE_ALTERED
    says = N_("The notice {number} is not as it was signed: {cause}.")
    remedy = N_("Do nothing by it. Ask the security officer (保密员) who changed the file.")


class PlanInvalid(DingmiError):
    code = ExitCode.PLAN_INVALID
    says = N_("The plan cannot be used: {cause}.")
    remedy = N_("Make a new one: dingmi-mark remark NOTICE FOLDER --plan PLAN.json")


class PlanOutdated(DingmiError):
    code = ExitCode.PLAN_OUTDATED
    says = N_("Since the plan was made something changed; nothing was re-marked:\n{faults}")
    remedy = N_("Look into it, and make a new plan: dingmi-mark remark NOTICE FOLDER --plan PLAN")


class PlanNotVerified(DingmiError):
    code = ExitCode.PLAN_NOT_VERIFIED
    says = N_("{wanted} verifiers must sign the plan; {count} did ({names}).")
    remedy = N_(
        "Each looks through the plan and signs it: dingmi-mark remark --verify PLAN --as NAME"
    )


class VerifierRefused(DingmiError):
    code = ExitCode.VERIFIER_REFUSED
    says = N_("{name} cannot verify this plan: {cause}.")
    remedy = N_("Have somebody else verify it, with a key of his own.")


class RemarkPlaceFull(DingmiError):
    code = ExitCode.REMARK_PLACE_FULL
    says = N_("The place is full: there is no room for “{text}” near the old mark.")
    remedy = N_("Mark a new copy of the paper by a new record, or write the change in by hand.")


class RemarkNotPossible(DingmiError):
    code = ExitCode.REMARK_NOT_POSSIBLE
    says = N_("This file cannot be re-marked by the program: {cause}.")
    remedy = N_(
        "Strike the old mark by hand and write the new one beside it; the file is as it was."
    )


class RemarkBatchUnknown(DingmiError):
    code = ExitCode.REMARK_BATCH_UNKNOWN
    says = N_("The ledger knows no run of re-marking “{batch}”.")
    remedy = N_("The run's name stands at the end of what remark --apply tells.")


class RemarkDistributedAlready(DingmiError):
    code = ExitCode.REMARK_DISTRIBUTED
    says = N_("The files of {batch} were given out ({at}): it cannot be undone any more.")
    remedy = N_("A wrong change is mended by a new notice of correction (纠正).")
    default_citation = "保守国家秘密法实施条例(2024)第二十四条"


class RemarkUndoRefused(DingmiError):
    code = ExitCode.REMARK_UNDO_REFUSED
    says = N_("The run cannot be undone; no file was changed:\n{faults}")
    remedy = N_("Bring the named files back to their place as they were, and retry.")


class RemarkBatchOpen(DingmiError):
    code = ExitCode.REMARK_BATCH_OPEN
    says = N_("The run {batch} is not finished, or another process works on it.")
    remedy = N_("Run remark --apply with its plan once more; then retry.")


class LegacyMarkUnsure(DingmiError):
    code = ExitCode.LEGACY_MARK_UNSURE
    says = N_("The mark that others put on it cannot be struck with certainty: {cause}.")
    remedy = N_(
        "Strike it by hand and write the new mark, the date and the basis beside it; the file is "
        "as it was."
    )


class LegacyNotConfirmable(DingmiError):
    code = ExitCode.LEGACY_NOT_CONFIRMABLE
    says = N_("This file cannot be confirmed by the plan: {cause}.")
    remedy = N_(
        "Give the files that the plan lists as marked before this program; after a change make a "
        "new plan. Nothing was signed."
    )


class NobodyToTell(DingmiError):
    code = ExitCode.NOBODY_TO_TELL
    says = N_("Of no document of the notice {number} a receiver is known; no letter was written.")
    remedy = N_("See dingmi-mark copies list, and write to those who know the secret yourself.")


class SuggestionNotFitting(DingmiError):
    code = ExitCode.SUGGESTION_NOT_FITTING
    says = N_("This is no case for a suggestion to the organ that decided at first:\n{faults}")
    remedy = N_("Look at it with dingmi-mark notice check FILE. Nothing was written.")
    default_citation = "保守国家秘密法实施条例(2024)第二十二条第二款"


class CleanCopiesOff(DingmiError):
    code = ExitCode.CLEAN_COPIES_OFF
    says = N_("This office makes no copies without marks of what was released.")
    remedy = N_(
        "Whoever may decide that sets clean_copies = true under [remark] in office.toml; a struck "
        "mark with 解密 beside it is the usual way."
    )


class CleanCopyRefused(DingmiError):
    code = ExitCode.CLEAN_COPY_REFUSED
    says = N_("No copy without marks is made of this: {cause}.")
    remedy = N_(
        "Re-mark the file by the notice of its release, if that is yet to be done; otherwise have "
        "the text released anew from a draft without marks. Nothing was written of it."
    )
