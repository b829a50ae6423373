"""What stands in classified documents and nobody said so, and the index that tells."""

from __future__ import annotations

from dingmi_mark.errors.base import DingmiError, ExitCode
from dingmi_mark.messages import N_


class QuotationUndeclared(DingmiError):
    """`count` passages; `documents` are their numbers, as the ledger has them."""

    code = ExitCode.QUOTATION_UNDECLARED
    says = N_(
        "{count} passage(s) stand in classified documents that it does not name: {documents}."
    )
    remedy = N_(
        "See them: dingmi-mark quotes '{file}'. Name the documents as sources in the approval "
        "record (派生定密), or take the passages out, and have it approved anew. Public texts "
        "belong in the folder public of the office."
    )


class QuotationUnexplained(DingmiError):
    """As QuotationUndeclared, where the office lets the record answer."""

    code = ExitCode.QUOTATION_UNDECLARED
    says = N_(
        "{count} passage(s) stand in classified documents, neither named nor explained: "
        "{documents}."
    )
    remedy = N_(
        "See them: dingmi-mark quotes '{file}'. Name the documents as sources in the approval "
        'record, or answer it there: [[explanation]] rule = "quotations", text = "…".'
    )


class CopyUndeclared(DingmiError):
    """A draft that is, for the most part, a classified document."""

    code = ExitCode.QUOTATION_UNDECLARED
    says = N_(
        "This is an unmarked copy or another version of {documents}: {share} % of it stands there."
    )
    remedy = N_(
        "See it: dingmi-mark quotes '{file}'. Use the marked document, or name it as the source in "
        "the approval record and have it approved anew."
    )


class QuoteIndexDamaged(DingmiError):
    """`cause` is a message."""

    code = ExitCode.QUOTE_INDEX_DAMAGED
    says = N_("The index of quotations cannot be used: {cause}.")
    remedy = N_(
        "Make it anew from the ledger and the files: dingmi-mark quotes --rebuild. Marked files "
        "and ledger are not touched."
    )


class QuotationsNotRead(DingmiError):
    """`cause` is a message."""

    code = ExitCode.QUOTATIONS_NOT_READ
    says = N_("Could not be searched for quotations: {cause}.")
    remedy = N_("Look through it yourself, or give it as a file with text in it.")
