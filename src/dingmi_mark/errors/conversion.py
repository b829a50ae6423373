"""What stands against converting a draft of an old format before it is marked."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class ConversionToolMissing(DingmiError):
    code = ExitCode.CONVERSION_TOOL_MISSING
    says = N_("A {suffix} file is converted before it is marked, and LibreOffice is not installed.")
    remedy = N_(
        "Have LibreOffice installed (packages libreoffice-writer, libreoffice-calc and "
        "libreoffice-impress), or save the draft as .docx or PDF and have it approved anew."
    )


class ConversionTimedOut(DingmiError):
    code = ExitCode.CONVERSION_TIMED_OUT
    says = N_("LibreOffice did not finish converting this draft within {seconds} seconds.")
    remedy = N_(
        "Nothing was written. Retry when the machine is less busy; else save the draft as .docx or "
        "PDF in the program it was written in and have it approved anew."
    )


class ConversionFailed(DingmiError):
    code = ExitCode.CONVERSION_FAILED
    says = N_("This draft cannot be converted: {cause}.")
    remedy = N_(
        "See that LibreOffice is installed with its part for such files (Writer for texts, Calc "
        "for tables, Impress for slides); else save the draft as .docx or PDF and have it approved "
        "anew."
    )


class ConversionRefused(DingmiError):
    code = ExitCode.CONVERSION_REFUSED
    says = N_("This office does not mark {format} files: they would have to be converted first.")
    remedy = N_(
        "Save the draft as .docx or PDF and have it approved anew, or have the office allow it: "
        "{key} in office.toml."
    )
