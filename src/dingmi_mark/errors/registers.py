"""What is wrong with reviews of secrets, and what a comparison with the ledger found."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class SecretUnknown(DingmiError):
    code = ExitCode.SECRET_UNKNOWN
    says = N_("The ledger knows no secret of ours under {name}.")
    remedy = N_("Name it by its approval or its 文号; dingmi-mark register lists them all.")


class SecretAmbiguous(DingmiError):
    code = ExitCode.SECRET_UNKNOWN
    says = N_("{name} may be {count} secrets: {found}.")
    remedy = N_("Name it by the beginning of its id, at least 8 figures.")


class SecretOver(DingmiError):
    code = ExitCode.REVIEW_REFUSED
    says = N_("It has not been a secret since {day} ({how}): nothing is left to review.")
    remedy = N_("Nothing was written. See dingmi-mark register")


class ReviewDayRefused(DingmiError):
    code = ExitCode.REVIEW_REFUSED
    says = N_("On {day} it cannot have been reviewed: it was determined on {since}.")
    remedy = N_("Nothing was written. Give the day of the review with --day.")


class TreeDiffers(DingmiError):
    code = ExitCode.TREE_DIFFERS
    says = N_("{count} of {total} file(s) and entries do not agree with the ledger.")
    remedy = N_("Nothing was changed. Go through the list above, unmarked copies of secrets first.")
