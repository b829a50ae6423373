"""Why a file does not print, and what its user does next. No level and no text is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from dingmi_mark.domain.printing import PrintDecision, PrintReason
from dingmi_mark.errors import DingmiError, PrintHeld, PrintRefused
from dingmi_mark.messages import N_, Message, Parameter
from dingmi_mark.pipeline.verdicts import PrintVerdict

_ASK = N_("Ask the security officer (保密员); he decides, and marks or releases it.")
_SEE = N_(
    "See what is wrong: dingmi-mark check '{file}'. Show it to the security officer (保密员)."
)

_WORDS: Mapping[PrintReason, tuple[str, str]] = MappingProxyType(
    {
        PrintReason.MARKED: (
            N_("by the office's rule for this printer, marked files do not print here."),
            _ASK,
        ),
        PrintReason.PROVISIONAL: (
            N_("by the office's rule, files with a provisional mark (拟定) do not print here."),
            N_("Wait for the approval of {number}, then print the file with its ★ mark."),
        ),
        PrintReason.NOTIFIED: (
            N_("this signed file bears no mark itself; {number} was notified in writing."),
            N_("Print its cover sheet with it. The security officer (保密员) lets it go."),
        ),
        PrintReason.SAVED_ANEW: (
            N_("another program has saved the marked file of {number} anew."),
            N_("Print the file that was marked. If it is lost, ask the security officer (保密员)."),
        ),
        PrintReason.ALTERED: (
            N_("the file was changed after marking, or its mark holds no longer."),
            _SEE,
        ),
        PrintReason.INCOMPLETE: (N_("a part of its mark or of its label is lost."), _SEE),
        PrintReason.EXPIRED: (
            N_("the last secret day of {number} is over."),
            N_("Ask the security officer (保密员) for the release or the extension first."),
        ),
        PrintReason.OVERTAKEN: (
            N_("the secret of {number} was changed since: the file bears the mark of before."),
            N_("Ask the security officer (保密员) to re-mark it: dingmi-mark remark"),
        ),
        PrintReason.RELEASED: (
            N_("by the office's rule, files that are released do not print here."),
            _ASK,
        ),
        PrintReason.FOREIGN: (
            N_("the file shows a mark that this office's ledger does not know."),
            N_("If it came from another body, have it registered and print it as they allow."),
        ),
        PrintReason.UNMARKED: (
            N_("the file bears no mark; on this printer such files wait."),
            N_(
                "If it is a secret, have it approved and marked. If it is none, use a printer for "
                "ordinary paper, or ask the security officer (保密员)."
            ),
        ),
        PrintReason.QUOTES_SECRET: (
            N_("the file bears no mark, and passages of it stand in classified documents."),
            N_(
                "See them: dingmi-mark quotes '{file}'. Have it approved and marked as derived "
                "(派生定密), or show it to the security officer (保密员)."
            ),
        ),
        PrintReason.MORE_COPIES: (
            N_("every copy bears a number of its own: this file is one copy, to print once."),
            N_(
                "Print the files of the other copies. More copies than approved are 复制: have "
                "them approved and registered with dingmi-mark copies approve {number}"
            ),
        ),
        PrintReason.NUMBERS_AT_PRINTER: (
            N_("this file bears no copy number (份号); a guarded print queue numbers its copies."),
            N_("Print it on a guarded queue: lp -d QUEUE -n COPIES FILE"),
        ),
        PrintReason.BEYOND_APPROVED: (
            N_("more copies were asked for than the approved numbers (份号) that are left."),
            N_(
                "Print fewer. See what is left: dingmi-mark copies list {number}. More copies are "
                "复制: have them approved and registered with dingmi-mark copies approve {number}"
            ),
        ),
        PrintReason.PRINTED_ALREADY: (
            N_("this copy has gone to a printer before, under the same copy number (份号)."),
            N_(
                "If a sheet jammed or was spoiled, have it registered first: dingmi-mark copies "
                "spoiled {number} COPY --by NAME. More copies are 复制: have them approved and "
                "registered with dingmi-mark copies approve {number}"
            ),
        ),
        PrintReason.SHEETS: (
            N_("cover pages were asked for; they bear the title of the job, and no mark."),
            N_("Print again without cover pages (job-sheets=none)."),
        ),
        PrintReason.LAYOUT: (
            N_("a print option would put the pages otherwise than they were marked."),
            N_(
                "Print again whole, one page a side, in actual size: without page ranges, several "
                "pages on a side, fitting or mirroring."
            ),
        ),
        PrintReason.SEVERAL: (
            N_("there is more than one document in this print job."),
            N_("Print each file for itself."),
        ),
        PrintReason.MARK_NOT_SEEN: (
            N_("a mark that should stand on its pages is not to be seen there."),
            _SEE,
        ),
        PrintReason.UNMARKED_SECRET: (
            N_("this is the unmarked original of the secret approved under {number}."),
            N_("Print the marked file. If there is none yet, mark it first."),
        ),
        PrintReason.PROPOSAL: (
            N_("this is a draft handed in for approval under {number}, without a mark."),
            N_("Put a provisional mark on it first: dingmi-mark mark --provisional '{file}'"),
        ),
    }
)


def stopped(
    path: Path,
    reason: PrintReason,
    decision: PrintDecision,
    number: str,
    cause: DingmiError | None,
) -> DingmiError | None:
    """Return the error of a file that does not print now, None where it prints.

    The cause speaks for itself where looking at the file gave one.
    """
    if decision is PrintDecision.PRINT:
        return None
    kind = PrintHeld if decision is PrintDecision.HOLD else PrintRefused
    if cause is not None and reason is not PrintReason.UNMARKED:
        return kind(str(path), why=cause.message, next=cause.advice)
    why, advice = _WORDS[reason]
    params = {"number": number, "file": str(path)}
    return kind(str(path), why=Message(why, params), next=Message(advice, params))


_UNREADABLE = (
    N_("the print job cannot be read: it is damaged, or no PDF and no picture."),
    N_("Print the marked PDF file itself; from another program, save it as PDF first."),
)
_FAILED = (
    N_("the print job could not be looked at: {cause}"),
    N_(
        "Nothing is lost, and nothing was printed. When the cause is gone, the security officer "
        "(保密员) lets the job go on."
    ),
)
_JOB = N_("the print job")


def job_words(reason: PrintReason, number: str, cause: Message | None) -> tuple[Message, Message]:
    """Say why a print job stops and what its user does next: no name, title, level or text of it.

    What failed is named where it is the fault of the machine or the office; what was wrong with
    the file is not, because such a sentence may quote it.
    """
    if reason is PrintReason.FAILED and cause is not None:
        params: dict[str, Parameter] = {"cause": cause}
        return Message(_FAILED[0], params), Message(_FAILED[1])
    why, advice = _UNREADABLE if reason is PrintReason.UNREADABLE else _WORDS[reason]
    params = {"number": number, "file": Message(_JOB)}
    return Message(why, params), Message(advice, params)


def held_by(path: Path, error: DingmiError) -> PrintVerdict:
    """Return the verdict of a file whose decision could not be recorded."""
    held = stopped(path, PrintReason.FAILED, PrintDecision.HOLD, "", error)
    return PrintVerdict(path, PrintDecision.HOLD, PrintReason.FAILED, error=held)
