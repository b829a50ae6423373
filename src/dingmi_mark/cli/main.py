"""The program's commands, each with its sentence; their modules are loaded when called."""

from __future__ import annotations

import click

from dingmi_mark import __version__
from dingmi_mark.cli.grammar import LazyFamily, Option
from dingmi_mark.messages import N_

_HERE = "dingmi_mark.cli"

COMMANDS = {
    "init": (f"{_HERE}.init", N_("Make a new office: configuration, secret and ledger.")),
    "mark": (f"{_HERE}.mark", N_("Put approved classification marks on drafts.")),
    "show": (f"{_HERE}.check", N_("Show which mark a file bears.")),
    "check": (f"{_HERE}.check", N_("Compare files with what they say and with the ledger.")),
    "preprint": (
        f"{_HERE}.preprint",
        N_("Ask before printing whether files may go to the printer."),
    ),
    "watch": (
        f"{_HERE}.watch",
        N_("Watch a folder: files that may be printed go on to the printer's folder."),
    ),
    "hook": (
        f"{_HERE}.hook",
        N_("Guard a print queue (CUPS): every job is looked at before it prints."),
    ),
    "quotes": (
        f"{_HERE}.quotes",
        N_("See which passages of drafts stand in classified documents."),
    ),
    "approval": (f"{_HERE}.approval", N_("Begin, check, hand in and decide approval records.")),
    "form": (f"{_HERE}.form", N_("List, make and read the paper forms of the procedure.")),
    "today": (
        f"{_HERE}.today",
        N_("See what waits today and for whom, with the command for each."),
    ),
    "due": (
        f"{_HERE}.due",
        N_("List the secrets whose periods end, by officer, and those that wait for a condition."),
    ),
    "review": (
        f"{_HERE}.review",
        N_("Review secrets: see which wait, and write down each outcome."),
    ),
    "reconcile": (
        f"{_HERE}.reconcile",
        N_("Compare folders with the ledger: every file gets a verdict, nothing is changed."),
    ),
    "register": (
        f"{_HERE}.register",
        N_("Make the register of classified matters (定密台账) from the ledger."),
    ),
    "statistics": (
        f"{_HERE}.statistics",
        N_("Make the yearly statistics of secrets from the ledger, for any year."),
    ),
    "copies": (
        f"{_HERE}.copies",
        N_("See the copies of a paper, and register who got them and what became of them."),
    ),
    "points": (f"{_HERE}.points", N_("See the classified points named in a Word draft.")),
    "source": (
        f"{_HERE}.source",
        N_("Register classified documents from outside, and see those that are known."),
    ),
    "derive": (
        f"{_HERE}.derive",
        N_("Propose the marking of a draft from the classified documents it is derived from."),
    ),
    "lineage": (
        f"{_HERE}.lineage",
        N_("Show what a document is derived from, what was derived from it, and what must follow."),
    ),
    "notice": (
        f"{_HERE}.notice",
        N_("Begin, check and sign notices of change, extension and release."),
    ),
    "remark": (
        f"{_HERE}.remark",
        N_("Change the marks of files by a signed notice: plan first, verify, then apply."),
    ),
    "undo": (
        f"{_HERE}.remark",
        N_("Bring back, byte for byte, the files that a run of re-marking changed."),
    ),
    "key": (f"{_HERE}.key", N_("Make, confirm, list and revoke keys for signing.")),
    "stamp": (f"{_HERE}.stamp", N_("See and check the templates of marks and stamps.")),
    "ledger": (f"{_HERE}.ledger", N_("Verify, export, back up and restore the ledger.")),
    "law": (f"{_HERE}.law", N_("Show the rules with their provisions and days of effect.")),
    "explain": (f"{_HERE}.explain", N_("Say why a file bears, or would bear, exactly this mark.")),
    "doctor": (f"{_HERE}.doctor", N_("Clear up after a crash, and see whether all is in order.")),
}

HELP = N_("Put approved classification marks on documents, and keep the ledger of them.")
STEPS = N_(
    "Usual steps: doctor (is all in order?), mark --dry-run (try), mark, check (before files go "
    "out)."
)


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"dingmi-mark {__version__}")
        ctx.exit()


cli = LazyFamily(
    "dingmi-mark",
    table=COMMANDS,
    help=f"{HELP}\n\n{STEPS}",
    params=[
        Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help=N_("Show the version and end."),
        )
    ],
)
