"""What is wrong with the registration of receipts and destructions."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class CopyOnlyProvisional(DingmiError):
    code = ExitCode.COPY_NOT_CIRCULATING
    says = N_("The copy {copy} bears a provisional mark (拟定): it is not given out.")
    remedy = N_(
        "Give out the copies with the formal mark. Register that this one came back, or was "
        "destroyed: dingmi-mark copies return {number} {copy} --by NAME --how 收回|销毁"
    )


class WitnessNeeded(DingmiError):
    code = ExitCode.SECOND_PERSON_NEEDED
    says = N_("“{name}” destroys and witnesses: two different people are needed.")
    remedy = N_("Nothing was written. Name the one who destroys with --by, the other --witness.")


class NumberingRefused(DingmiError):
    code = ExitCode.NUMBERING_REFUSED
    says = N_("The copies cannot be numbered so: {cause}.")
    remedy = N_(
        "Nothing was written. The copies of a paper are numbered in one way: a file each (mark), "
        "or at a guarded printer (mark --numbers-at-printer, PDF)."
    )


class CopyingRefused(DingmiError):
    """`findings` are those of the rules about copies, with their articles."""

    code = ExitCode.COPYING_REFUSED
    says = N_("These copies may not be made:\n{findings}")
    remedy = N_(
        "Nothing was registered. Have the copies approved first; the form is made by: dingmi-mark "
        "form make copy-approval NUMBER"
    )
