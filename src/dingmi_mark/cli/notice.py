"""`notice`: begin, check and sign notices of change, extension and release."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.credentials import (
    keys_folder,
    keys_option,
    own_key,
    passphrase_option,
    signer_for,
)
from dingmi_mark.cli.grammar import Family, Option, json_option
from dingmi_mark.cli.notice_desk import (
    approvals_option,
    approvals_typed,
    notice_argument,
    notice_desk,
)
from dingmi_mark.cli.notice_follow import follow_command
from dingmi_mark.cli.notice_import import import_command
from dingmi_mark.cli.notice_letters import letters_command, suggest_command
from dingmi_mark.cli.options import new_file_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.source_typed import period_from
from dingmi_mark.cli.telling import tell, tell_json, tell_line
from dingmi_mark.cli.words import command_line, finding_lines, harmless, words
from dingmi_mark.domain.approval import ClassificationOfficer, Person
from dingmi_mark.domain.change import (
    ChangeKind,
    ChangeNotice,
    ChangeRight,
    NewValues,
    RunsFrom,
    is_counted,
)
from dingmi_mark.domain.legacy import OldMark
from dingmi_mark.domain.notices import FiledNotice, NoticeItem
from dingmi_mark.domain.reading import read_mark
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.pipeline.notices import CheckedItem, CheckedNotice

HELP = N_("Begin, check and sign notices of change, extension and release.")


@click.group("notice", cls=Family, help=HELP)
def notice_command() -> None:
    """Hold the commands of notices."""


notice_command.add_command(letters_command)
notice_command.add_command(suggest_command)
notice_command.add_command(follow_command)
notice_command.add_command(import_command)


@notice_command.command(
    "new",
    help=N_("Begin a notice: TOML, JSON or a table, by the ending of the new file.")
    + "\n\n"
    + N_("What is left out here can be filled into the file; then check it."),
)
@click.option("--number", required=True, metavar=N_("文号"), cls=Option, help=N_("Its 文号."))
@click.option(
    "--kind",
    required=True,
    type=click.Choice([kind.value for kind in ChangeKind]),
    cls=Option,
    help=N_("What it does."),
)
@click.option(
    "--item",
    "items",
    required=True,
    multiple=True,
    metavar=N_("ID|文号|DIGEST"),
    cls=Option,
    help=N_("A document it is about: id in the ledger, 文号 or digest; may be given again."),
)
@click.option(
    "--old-mark",
    metavar=N_("MARK"),
    default="",
    cls=Option,
    help=N_(
        "Of papers that others marked before this program: what their mark means, such as "
        "机密★10年; with --issued."
    ),
)
@click.option(
    "--issued",
    metavar=N_("DAY"),
    type=click.DateTime(["%Y-%m-%d"]),
    cls=Option,
    help=N_("With --old-mark: the day of issue (制发日), from which the old period counts."),
)
@click.option(
    "--date",
    "day",
    metavar=N_("DAY"),
    type=click.DateTime(["%Y-%m-%d"]),
    cls=Option,
    help=N_("The day of the decision; today if left out."),
)
@click.option(
    "--by", metavar=N_("ORGAN"), default="", cls=Option, help=N_("Who decided; else this office.")
)
@click.option(
    "--right",
    type=click.Choice([right.value for right in ChangeRight]),
    default=ChangeRight.ORIGINATOR.value,
    cls=Option,
    help=N_("By what right."),
)
@click.option("--reason", metavar=N_("TEXT"), default="", cls=Option, help=N_("The reason."))
@click.option(
    "--level",
    type=click.Choice([level.value for level in SecrecyLevel]),
    cls=Option,
    help=N_("The level from now on."),
)
@click.option(
    "--period",
    metavar=N_("PERIOD"),
    default="",
    cls=Option,
    help=N_("The period from now on, such as 10年, 6个月, 2030年3月15日."),
)
@click.option(
    "--scope",
    metavar=N_("WHO"),
    multiple=True,
    cls=Option,
    help=N_("Who may know from now on; may be given again."),
)
@click.option(
    "--runs-from",
    type=click.Choice([start.value for start in RunsFrom]),
    cls=Option,
    help=N_("From which day the new period runs."),
)
@click.option(
    "--point",
    "points",
    metavar=N_("ID"),
    multiple=True,
    cls=Option,
    help=N_("With 部分解密: a point that is released; may be given again."),
)
@click.option("--drafter", metavar=N_("NAME"), default="", cls=Option, help=N_("The 承办人."))
@click.option("--officer", metavar=N_("NAME"), cls=Option, help=N_("The 定密责任人."))
@new_file_option(N_("NOTICE"))
@click.pass_obj
def new(session: Session, /, out: Path, **given: Any) -> None:
    """Write a new notice."""
    from dingmi_mark.store.notices import write_notice

    own = session.office().name
    write_notice(_begun(given, own, session.today), out)
    tell(say("Written: {file}", file=str(out)))
    tell(say("Check it: dingmi-mark notice check {file}", file=str(out)))


def _begun(given: dict[str, Any], own: str, today: date) -> FiledNotice:
    level, start, typed = given["level"], given["runs_from"], given["day"]
    day = typed.date() if isinstance(typed, datetime) else today
    officer = given["officer"]
    notice = ChangeNotice(
        number=given["number"].strip(),
        kind=ChangeKind(given["kind"]),
        decided_by=given["by"].strip() or own,
        right=ChangeRight(given["right"]),
        day=day,
        reason=given["reason"].strip(),
        new=NewValues(
            SecrecyLevel(level) if level else None, period_from(given["period"]), given["scope"]
        ),
        runs_from=RunsFrom(start) if start else None,
        items=given["points"],
        proposed_by=Person(given["drafter"].strip()),
        officer=ClassificationOfficer(officer.strip()) if officer else None,
    )
    old = _old_mark(given["old_mark"], given["issued"])
    return FiledNotice(notice, tuple(_item(name.strip(), old) for name in given["items"]))


def _old_mark(text: str, issued: datetime | None) -> OldMark | None:
    """Return what was given of an old mark. Raises click.UsageError."""
    if not text and issued is None:
        return None
    read = read_mark(text)
    if read is None or read.period is None:
        told = say("--old-mark says level and period, such as 机密★10年.")
        raise click.UsageError(words(told))
    if issued is None and is_counted(read.period):
        raise click.UsageError(words(say("--old-mark needs --issued, the 制发日 of the paper.")))
    return OldMark(read.level, read.period, issued.date() if issued else None)


def _item(name: str, old: OldMark | None) -> NoticeItem:
    if name.startswith(("sm3:", "sha256:")):
        return NoticeItem(digest=name, old=old)
    if old is not None:
        return NoticeItem(document_number=name, old=old)
    is_id = len(name) >= 8 and all(figure in "0123456789abcdef" for figure in name)
    return NoticeItem(document_id=name) if is_id else NoticeItem(document_number=name)


@notice_command.command(
    "check", help=N_("Read a notice and tell which documents it means and what the rules find.")
)
@notice_argument()
@approvals_option()
@json_option()
@click.pass_obj
def check(session: Session, file: Path, approvals: tuple[Path, ...], as_json: bool) -> int:
    """Check a notice."""
    from dingmi_mark.pipeline.notices import check_notice
    from dingmi_mark.store.notices import read_notice

    with notice_desk(session, approvals) as desk:
        checked = check_notice(read_notice(file), desk)
    code = code_of(checked)
    if as_json:
        tell_json("failed" if code else "ok", code, result=notice_shown(checked))
        return code
    tell_notice(checked)
    if not code:
        signing = say(
            "Sign it: dingmi-mark notice sign {file} --as NAME{approvals}",
            file=command_line((str(file),)),
            approvals=approvals_typed(approvals),
        )
        tell(signing)
    return code


@notice_command.command(
    "sign",
    help=N_("Check a notice, sign it and register it.")
    + "\n\n"
    + N_(
        "The officer (定密责任人) signs what this office decided; a notice of another organ is "
        "filed by the security officer (保密员). It is kept in the office's folder notices."
    ),
)
@notice_argument()
@click.option(
    "--as", "name", required=True, metavar=N_("NAME"), cls=Option, help=N_("Your own name.")
)
@approvals_option()
@keys_option()
@passphrase_option()
@json_option()
@click.pass_obj
def sign(
    session: Session,
    file: Path,
    name: str,
    approvals: tuple[Path, ...],
    keys: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Sign a notice."""
    from dingmi_mark.pipeline.notices import sign_notice
    from dingmi_mark.store.notices import read_notice

    with notice_desk(session, approvals) as desk:
        filed = read_notice(file)
        key = own_key(desk.trust.register, name, filed.signer_role(desk.office.name))
        folder = keys_folder(keys)
        checked, kept = sign_notice(
            filed, key, lambda: signer_for(key, desk.office, folder, passphrase_file), desk
        )
    number = checked.filed.notice.number
    if as_json:
        shown = {**notice_shown(checked), "kept": str(kept)}
        tell_json("ok", ExitCode.OK, result=shown)
        return
    tell_notice(checked)
    tell(say("Signed and registered: {number} ({file})", number=number, file=str(kept)))
    tell(
        say(
            "Next: dingmi-mark remark {number} FOLDER --plan PLAN.json{approvals} lists the files "
            "it is about, and changes nothing.",
            number=number,
            approvals=approvals_typed(approvals),
        )
    )


@notice_command.command("schema", help=N_("Print the JSON Schema of notices, for editors."))
def schema() -> None:
    """Print the schema."""
    from dingmi_mark.store.notices import schema_text

    tell_line(schema_text().rstrip("\n"))


def code_of(checked: CheckedNotice) -> ExitCode:
    """Return the exit code: what is unclear first, then what the rules refuse."""
    if any(one.trouble is not None for one in checked.items):
        return ExitCode.NOTICE_ITEMS_UNCLEAR
    return ExitCode.OK if checked.holds else ExitCode.CHANGE_REFUSED


def tell_notice(checked: CheckedNotice) -> None:
    """Say what a notice does to every document it names."""
    notice = checked.filed.notice
    head = (notice.number, notice.kind.value, str(notice.day), notice.decided_by)
    tell_line("  ".join(harmless(part) for part in head))
    for one in checked.items:
        sign = "✓" if one.holds else "✗"
        names = "  ".join(harmless(name) for name in one.item.names)
        tell_line(f"{sign} {names}  {harmless(_effect(one, checked))}".rstrip())
        if one.trouble is not None:
            tell(one.trouble, indent=4)
        for finding in one.findings:
            for line in finding_lines(finding):
                tell_line(f"    {line}")


def _effect(one: CheckedItem, checked: CheckedNotice) -> str:
    """Return `机密★10年 → 秘密★5年`; nothing where the document is not known."""
    from dingmi_mark.domain.change import after

    if one.standing is None:
        return ""
    return f"{one.standing.text} → {after(one.standing, checked.filed.notice).text}"


def notice_shown(checked: CheckedNotice) -> dict[str, Any]:
    """Return a checked notice for programs."""
    from dingmi_mark.cli.shown import findings_shown

    notice = checked.filed.notice
    return {
        "number": notice.number,
        "kind": notice.kind.value,
        "digest": checked.digest,
        "items": [
            {
                "names": list(one.item.names),
                "document_id": one.document.document_id if one.document else "",
                "effect": _effect(one, checked),
                "holds": one.holds,
                "trouble": words(one.trouble) if one.trouble else "",
                "findings": findings_shown(one.findings),
            }
            for one in checked.items
        ],
    }
