"""What is wrong with a source: a classified document that others are derived from."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class SourceMarksContradict(DingmiError):
    code = ExitCode.SOURCE_MARKS_CONTRADICT
    says = N_("The first page shows “{one}” ({where_one}) and “{other}” ({where_other}).")
    remedy = N_(
        "Ask the originator which of them holds; then register it with --level, --period and "
        "--correct REASON."
    )


class SourceOnlyProposed(DingmiError):
    code = ExitCode.SOURCE_ONLY_PROPOSED
    says = N_("The file bears a provisional mark only ({found}): it is not decided yet.")
    remedy = N_("Wait for the formal document, and register that.")


class SourceValueMissing(DingmiError):
    code = ExitCode.SOURCE_VALUE_MISSING
    says = N_("This is not known of the source and does not stand in the file: {missing}.")
    remedy = N_("Look at the paper, and add: {options}")


class SourceValueUnreadable(DingmiError):
    code = ExitCode.SOURCE_VALUE_UNREADABLE
    says = N_("{option}: “{given}” is not understood.")
    remedy = N_("Write it like this: {example}")


class SourceDiffers(DingmiError):
    code = ExitCode.SOURCE_DIFFERS
    says = N_("What was given differs from what is known:\n{differences}")
    remedy = N_(
        "Look at the paper again. Where the known value is wrong: the same command with "
        "--correct REASON. A change by its originator: dingmi-mark source change."
    )


class SourceUnknown(DingmiError):
    code = ExitCode.SOURCE_UNKNOWN
    says = N_("The ledger knows no document “{name}”.")
    remedy = N_(
        "See what it knows: dingmi-mark source list. One from outside is registered first: "
        "dingmi-mark source add FILE"
    )


class SourceAmbiguous(DingmiError):
    code = ExitCode.SOURCE_AMBIGUOUS
    says = N_("“{name}” may be several documents: {ids}.")
    remedy = N_("Name the one that is meant by its id.")


class SourceNotFromOutside(DingmiError):
    code = ExitCode.SOURCE_NOT_FROM_OUTSIDE
    says = N_("“{name}” was marked by this office; it is no document from outside.")
    remedy = N_("What this office decided is changed by its own record, not here.")


class SourceChangeUseless(DingmiError):
    code = ExitCode.SOURCE_CHANGE_USELESS
    says = N_("Nothing would change of “{name}”.")
    remedy = N_("Give what the notice changes: --level, --period, --scope, or --released DAY.")


class NotDerivable(DingmiError):
    code = ExitCode.NOT_DERIVABLE
    says = N_("No marking can be derived from these sources:\n{findings}")
    remedy = N_("Clear up what is named here, and run it again. The record was not changed.")


class RecordDecided(DingmiError):
    code = ExitCode.RECORD_DECIDED
    says = N_("The record {number} is {status}: its proposal is changed no more.")
    remedy = N_(
        "Have it returned first (dingmi-mark approval review NUMBER --decision 退回), or begin a "
        "new record."
    )


class RecordNotEditable(DingmiError):
    code = ExitCode.RECORD_NOT_EDITABLE
    says = N_("A record in this format cannot be written into: {kind}.")
    remedy = N_(
        "Take it over as TOML first: dingmi-mark approval import FILE --to DIR. Or fill the "
        "proposal in by hand."
    )


class DraftIsSource(DingmiError):
    code = ExitCode.DRAFT_IS_SOURCE
    says = N_("The draft is itself a classified document that the ledger knows: {name}.")
    remedy = N_("Name the new draft, and this document as its --source.")
