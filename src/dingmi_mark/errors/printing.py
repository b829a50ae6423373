"""What does not print, and what waits: the cause and the next step are those of the file."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class PrintRefused(DingmiError):
    """`why` and `next` are messages."""

    code = ExitCode.PRINT_REFUSED
    says = N_("Refused, do not print: {why}")
    remedy = N_("{next}")


class PrintOldFormat(DingmiError):
    """The cause of a refusal: such a file is converted before it is marked, and bears no mark."""

    code = ExitCode.PRINT_REFUSED
    says = N_("a {kind} file never bears a mark: it is converted, and what comes of it is marked.")
    remedy = N_(
        "If it is a secret, have it approved, mark it (dingmi-mark mark '{file}' --out DIR) and "
        "print the marked file. If it is none, save it as PDF and print that."
    )


class PrintHeld(DingmiError):
    """`why` and `next` are messages."""

    code = ExitCode.PRINT_HELD
    says = N_("Held, do not print yet: {why}")
    remedy = N_("{next} — Then ask again.")
