"""What does not print, and what waits: the cause and the next step are those of the file."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class PrintRefused(DingmiError):
    """`why` and `next` are messages."""

    code = ExitCode.PRINT_REFUSED
    says = N_("Refused, do not print: {why}")
    remedy = N_("{next}")


class PrintHeld(DingmiError):
    """`why` and `next` are messages."""

    code = ExitCode.PRINT_HELD
    says = N_("Held, do not print yet: {why}")
    remedy = N_("{next} — Then ask again.")
