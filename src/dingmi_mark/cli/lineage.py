"""`lineage`: what a document comes from, what comes from it, and what has to follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.grammar import Argument, Command, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import command_line, harmless, words
from dingmi_mark.domain.reviewing import Occasion, Outcome
from dingmi_mark.domain.situation import PROGRAM
from dingmi_mark.domain.terms import period_text
from dingmi_mark.domain.today_following import notice_command
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.domain.following import FollowUp
    from dingmi_mark.domain.known import KnownDocument
    from dingmi_mark.domain.lineage import Kin
    from dingmi_mark.pipeline.lineage import Family

HELP = N_("Show what a document is derived from, what was derived from it, and what must follow.")
MORE = N_(
    "Over all generations, by what the ledger holds of marked and registered documents. With "
    "--waiting only the papers whose source was changed, released or ended, and what should "
    "follow by which provision; without a document those of the whole office."
)


@click.command("lineage", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.argument(
    "name",
    metavar=N_("[FILE|ID|文号]"),
    required=False,
    type=click.Path(),
    cls=Argument,
    explained=N_("A file, an id or the beginning of it, a 文号, or the number of an approval."),
)
@click.option(
    "--waiting", is_flag=True, cls=Option, help=N_("Only what has to follow a changed source.")
)
@click.option(
    "--dot",
    is_flag=True,
    cls=Option,
    help=N_("Write a graph for Graphviz; without titles."),
)
@json_option()
@click.pass_obj
def lineage_command(
    session: Session, name: str | None, waiting: bool, dot: bool, as_json: bool
) -> None:
    """Show a lineage."""
    from dingmi_mark.pipeline.lineage import family_of, following_of
    from dingmi_mark.store.lawbook import read_lawbook

    if name is None and not waiting:
        raise click.UsageError(words(say("Name a document, or ask for --waiting.")))
    if dot and (as_json or waiting):
        raise click.UsageError(words(say("--dot goes with nothing else.")))
    office = session.office()
    with session.ledger(office) as ledger:
        lawbook = read_lawbook(office.profile)
        follow = following_of(name, office, ledger, lawbook, session.today)
        family = family_of(name, office, ledger) if name is not None else None
    if as_json:
        tell_json("ok", ExitCode.OK, result=_shown(family, follow))
    elif dot and family is not None:
        for line in _dot(family):
            tell_line(line)
    else:
        if family is not None and not waiting:
            _tell_family(family)
        _tell_following(follow)


def _tell_family(family: Family) -> None:
    tell(say("It is derived from:") if family.ancestors else say("It is derived from nothing."))
    _tell_tree(family.ancestors)
    for name in family.document.unknown_sources:
        tell(say("a source that is not registered: {name}", name=name), indent=2)
    tell_line(_line(family.document))
    tell(say("Derived from it:") if family.descendants else say("Nothing is derived from it."))
    _tell_tree(family.descendants)


def _tell_tree(kin: Iterable[Kin]) -> None:
    for one in kin:
        again = f"  {words(say('(see above)'))}" if one.again else ""
        tell_line("  " * one.generation + "└ " + _line(one.document) + again)


def _line(document: KnownDocument) -> str:
    facts = (document.id[:8], document.name, _mark(document), document.title)
    return "  ".join(harmless(fact) for fact in facts if fact)


def _mark(document: KnownDocument) -> str:
    period = f"★{period_text(document.period)}" if document.period else ""
    released = words(say("released")) if document.released else ""
    return f"{document.level.value}{period}" + (f"（{released}）" if released else "")


def _tell_following(follow: tuple[FollowUp, ...]) -> None:
    if not follow:
        tell(say("Nothing has to follow."))
        return
    tell(say("What should follow ({count}):", count=len(follow)))
    for one in follow:
        tell_line("  " + _line(one.document))
        what = words(one.what)
        tell_line(f"      {what}  〔{harmless(one.basis)}〕" if one.basis else f"      {what}")
        if command := notice_command(one):
            tell_line("      " + command_line(command))
    hint = (PROGRAM, "review", "record", "文件", "--occasion", Occasion.SOURCE.value)
    told = (*hint, "--outcome", Outcome.KEPT.value, "--basis", "理由", "--by", "定密责任人")
    tell_note(
        say(
            "A paper waits until a notice changes it and names this change of its source "
            "(source_change), or until it is written down that the officer decided that nothing "
            "follows: {command}",
            command=command_line(told),
        )
    )


def _dot(family: Family) -> Iterator[str]:
    """Write the graph; ids are figures and letters, names are quoted."""
    nodes = {family.document.id: family.document}
    edges = []
    for kin, up in ((family.ancestors, True), (family.descendants, False)):
        for one in kin:
            nodes[one.document.id] = one.document
            ends = (one.document.id, one.via) if up else (one.via, one.document.id)
            edges.append(ends)
    yield "digraph lineage {"
    for id_, document in nodes.items():
        label = f"{_quoted(document.name)}\\n{_quoted(_mark(document))}"
        yield f'  "{_quoted(id_)}" [label="{label}"];'
    for source, derived in dict.fromkeys(edges):
        yield f'  "{_quoted(source)}" -> "{_quoted(derived)}";'
    yield "}"


def _quoted(text: str) -> str:
    return harmless(text).replace("\\", "\\\\").replace('"', '\\"')


def _shown(family: Family | None, follow: tuple[FollowUp, ...]) -> dict[str, Any]:
    return {
        "document": _node(family.document) if family else None,
        "ancestors": [_kin(one) for one in family.ancestors] if family else [],
        "descendants": [_kin(one) for one in family.descendants] if family else [],
        "following": [
            {
                "document": _node(one.document),
                "source": one.source.id,
                "generation": one.generation,
                "says": words(one.what),
                "basis": one.basis,
                "since": str(one.since or ""),
                "after": one.before.id if one.before else "",
                "command": command_line(notice_command(one)),
            }
            for one in follow
        ],
    }


def _kin(one: Kin) -> dict[str, Any]:
    return {**_node(one.document), "generation": one.generation, "via": one.via}


def _node(document: KnownDocument) -> dict[str, Any]:
    return {
        "id": document.id,
        "own": document.is_own,
        "document_number": document.document_number,
        "approval": document.approval_number,
        "title": document.title,
        "level": document.level.value,
        "period": period_text(document.period) if document.period else "",
        "last_secret_day": str(document.last or ""),
        "released": str(document.released or ""),
    }
