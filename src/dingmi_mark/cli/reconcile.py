"""`reconcile`: compare folders with the ledger, file by file, and tell what does not agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from gettext import gettext
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from dingmi_mark.cli.credentials import password_in, password_option
from dingmi_mark.cli.grammar import Command, Option, json_option
from dingmi_mark.cli.options import files_argument
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_error, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.errors import ExitCode, TreeDiffers
from dingmi_mark.messages import N_, say
from dingmi_mark.pipeline.reconcile_words import GOOD, Compared, Standing

HELP = N_("Compare folders with the ledger: every file gets a verdict, nothing is changed.")
MORE = N_(
    "Told are unmarked copies of secrets, files that were altered, wrongly or incompletely marked, "
    "marked and not registered, registered and missing, unmarked, and what cannot be read. The "
    "exit code is 202 where anything was found."
)

WORDS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.UNMARKED_COPY: N_("UNMARKED COPY OF A SECRET"),
        Standing.ALTERED: N_("altered after marking"),
        Standing.WRONGLY_MARKED: N_("wrongly marked"),
        Standing.INCOMPLETE: N_("mark incomplete"),
        Standing.NOT_REGISTERED: N_("marked and not registered"),
        Standing.MISSING: N_("registered and missing"),
        Standing.PROPOSAL: N_("draft that is not decided, without a mark"),
        Standing.UNREADABLE: N_("cannot be read"),
        Standing.UNMARKED: N_("unmarked"),
        Standing.ORIGINAL: N_("registered original"),
        Standing.OTHER_KIND: N_("bears no marks (another kind of file)"),
        Standing.AGREES: N_("as registered"),
    }
)


@click.command("reconcile", cls=Command, help=f"{HELP}\n\n{MORE}")
@files_argument(N_("Folders, with all folders in them, or single files."))
@click.option(
    "--mixed",
    is_flag=True,
    cls=Option,
    help=N_("Other papers lie there too: an unmarked file the ledger does not know is no finding."),
)
@click.option(
    "--out",
    metavar=N_("FILE"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("A new CSV file with all verdicts."),
)
@password_option()
@json_option()
@click.pass_obj
def reconcile_command(
    session: Session,
    files: tuple[Path, ...],
    mixed: bool,
    out: Path | None,
    password_file: Path | None,
    as_json: bool,
) -> int:
    """Compare folders with the ledger."""
    from dingmi_mark.pipeline.reconcile import reconcile, write_compared
    from dingmi_mark.pipeline.registers import refuse_existing

    good = GOOD | {Standing.UNMARKED} if mixed else GOOD

    def on_compared(one: Compared) -> None:
        if not as_json and one.standing not in good:
            _tell(one)

    refuse_existing((out,) if out is not None else ())
    office = session.office()
    password = password_in(password_file)
    compared = reconcile(files, office, on_compared=on_compared, password=password)
    if out is not None:
        shown = {standing: gettext(text) for standing, text in WORDS.items()}
        write_compared(compared, out, shown)
        tell_note(say("Written: {file}", file=str(out)))
    differing = sum(one.standing not in good for one in compared)
    code = ExitCode.TREE_DIFFERS if differing else ExitCode.OK
    if as_json:
        counts = Counter(one.standing.value for one in compared)
        result = {"files": [_shown(one) for one in compared], "counts": dict(counts)}
        tell_json("failed" if code else "ok", code, result=result)
        return code
    _tell_counts(compared)
    if differing:
        tell_error(TreeDiffers(count=differing, total=len(compared)))
    return code


def _tell(one: Compared) -> None:
    facts = [harmless(fact) for fact in (one.approval_number, one.copy) if fact]
    line = "  ".join([f"[{gettext(WORDS[one.standing])}] {harmless(one.file)}", *facts])
    tell_line(line)
    if one.standing is Standing.UNREADABLE and one.error is not None:
        tell_line(f"    {words(one.error.message)}")


def _tell_counts(compared: tuple[Compared, ...]) -> None:
    counts = Counter(one.standing for one in compared)
    for standing in Standing:
        if counts[standing]:
            what = gettext(WORDS[standing])
            tell(say("{what}: {count}", what=what, count=counts[standing]))
    if not compared:
        tell(say("There are no files."))


def _shown(one: Compared) -> dict[str, Any]:
    return {
        "file": one.file,
        "standing": one.standing.value,
        "approval": one.approval_number,
        "copy": one.copy,
        "sm3": one.sm3,
        "error": words(one.error.message) if one.error else "",
    }
