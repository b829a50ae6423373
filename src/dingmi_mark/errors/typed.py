"""What is wrong with what was typed: options, arguments, names of people."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class ArgumentUnusable(DingmiError):
    code = ExitCode.ARGUMENT_UNUSABLE
    says = N_("What was given for it cannot be used: {cause}.")
    remedy = N_("Type it anew rather than pasting it, and retry. Nothing was done.")


class FileNotReadable(DingmiError):
    code = ExitCode.FILE_NOT_READABLE
    says = N_("The file cannot be read: {cause}.")
    remedy = N_("See that name and folder are right, and that you may read the file.")


class PersonUnknown(DingmiError):
    code = ExitCode.PERSON_UNKNOWN
    says = N_("The office knows nobody named “{name}”; it knows: {known}.")
    remedy = N_(
        "See that the name is typed as in the keys (dingmi-mark key list), authority.toml or the "
        "record. What waits for a role: dingmi-mark today --role ROLE"
    )
