"""What is wrong with what was typed: options, arguments, names of people."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class ArgumentUnusable(DingmiError):
    code = ExitCode.ARGUMENT_UNUSABLE
    says = N_("What was given for it cannot be used: {cause}.")
    remedy = N_("Type it anew rather than pasting it, and retry. Nothing was done.")
