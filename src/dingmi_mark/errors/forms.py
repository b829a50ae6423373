"""What is wrong with a table or a paper form."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_

# ── forms and tables ───────────────────────────────────────────────────────────────────────────


class FormUnreadable(DingmiError):
    code = ExitCode.FORM_UNREADABLE
    says = N_("The form or table cannot be opened: {cause}.")
    remedy = N_(
        "Open it in Word, WPS or LibreOffice, save it anew as .docx or .xlsx without password and "
        "macros, and retry."
    )


class FormTooLarge(DingmiError):
    code = ExitCode.FORM_UNREADABLE
    says = N_("No form and no table that people fill in is this large: more than {limit}.")
    remedy = N_("See that it is the right file. A long table can be split into several files.")


class FormFaulty(DingmiError):
    code = ExitCode.FORM_FAULTY
    says = N_("The form or table has {count} fault(s):\n{faults}")
    remedy = N_("Correct each of them in the file, and retry. Nothing was taken over.")


class FormUnknown(DingmiError):
    code = ExitCode.FORM_UNKNOWN
    says = N_("There is no form “{name}”; known are {known}.")
    remedy = N_("See dingmi-mark form list.")


class FormSubjectUnknown(DingmiError):
    code = ExitCode.FORM_NOT_FOR_IT
    says = N_("authority.toml knows no “{name}” ({kind}) for this form; it knows: {known}.")
    remedy = N_("Name one of these, enter it in authority.toml, or make the form blank.")


class FormNotForIt(DingmiError):
    code = ExitCode.FORM_NOT_FOR_IT
    says = N_("The form “{title}” is not for this: {cause}.")
    remedy = N_("See dingmi-mark form list for the form that is, or make this one blank.")


class FormValueRefused(DingmiError):
    code = ExitCode.FORM_VALUE_REFUSED
    says = N_("{count} value(s) given with --set cannot stand on the form:\n{faults}")
    remedy = N_("Correct or leave out what is named here. Nothing was written.")


class FormCannotHold(DingmiError):
    code = ExitCode.FORM_CANNOT_HOLD
    says = N_("The form or table cannot hold {count} value(s) of this record:\n{faults}")
    remedy = N_("Keep this record as TOML or JSON, or shorten what is named here.")
