"""What goes wrong with a guarded print queue."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class HookNotSetUp(DingmiError):
    code = ExitCode.HOOK_NOT_SET_UP
    says = N_("The guarded print queue is not set up: {cause}.")
    remedy = N_("Let the administrator see: dingmi-mark hook status")


class HookDeviceUnusable(DingmiError):
    code = ExitCode.HOOK_DEVICE_UNUSABLE
    says = N_("The printer behind the guarded queue cannot be reached with “{scheme}”.")
    remedy = N_("Let the administrator put this printer's backend into CUPS again (lpinfo -v).")


class PrintJobUnusable(DingmiError):
    code = ExitCode.PRINT_JOB_UNUSABLE
    says = N_("The print job was not finished: {cause}.")
    remedy = N_("Nothing is lost. Have the security officer (保密员) let the job go on later.")


class HookCupsRefused(DingmiError):
    code = ExitCode.HOOK_CUPS_REFUSED
    says = N_("The print server did not do it ({command}): {cause}")
    remedy = N_("Run the command as administrator (root), and see that CUPS is running.")


class HookQueueUnknown(DingmiError):
    code = ExitCode.HOOK_QUEUE_UNKNOWN
    says = N_("{cause}: {queue}")
    remedy = N_("See the queues with lpstat -v, and those guarded with: dingmi-mark hook status")


class HookNotInOrder(DingmiError):
    """`faults` are those found."""

    code = ExitCode.HOOK_NOT_IN_ORDER
    says = N_("Guarded print queues are not in order ({count}):\n{faults}")
    remedy = N_("Put these right as they say, then see again: dingmi-mark hook status")


class HookRightsMissing(DingmiError):
    code = ExitCode.HOOK_RIGHTS_MISSING
    says = N_("{file}: {cause}.")
    remedy = N_(
        "Run the command as administrator (root). The program must stand where the owner of the "
        "office folder may read it (not in somebody's home), and the office folder, its secret "
        "and its ledger must belong to him."
    )
