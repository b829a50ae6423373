"""See whether an office can work, and clear up after a crash: what `doctor` does, step by step.

Each check tells every thing it looked at; an expected error becomes a problem with its remedy.
The ledger is verified before open markings are settled: nothing is built on a broken chain.
"""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from dingmi_mark.domain.ledger_settling import Finish, NeedsPerson, Void
from dingmi_mark.errors import (
    DingmiError,
    ExitCode,
    FontUnusable,
    LedgerBroken,
    LedgerNotFound,
    OfficeSecretMissing,
)
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.desk import WORK
from dingmi_mark.store.office import AUTHORITY_FILE, OFFICE_FILE, SECRET_FILE, Office, RenderDocx
from dingmi_mark.store.office_ledger import open_ledger

if TYPE_CHECKING:
    from dingmi_mark.pipeline.settle import SettleOutcome
    from dingmi_mark.store.ledger import Ledger

_RUN = re.compile(
    r"(?:\d{8}T\d{6}|check|print|plan|remark|clean|reconcile)-[0-9a-f]+-\d+-[0-9a-f]{4}"
)
"""How the folders of runs are named (see `desk` and who asks for one there); no other goes."""

_TEMPORARY = ".dingmi-*.tmp"
_SQLITE = "sqlite:///"


class Health(Enum):
    """How one thing stands: in order, worth knowing, or somebody has to act."""

    OK = "ok"
    REMARK = "remark"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at; `code` is what a problem makes the program return."""

    health: Health
    says: Message
    advice: Message | None = None
    code: ExitCode = ExitCode.OK


@dataclass(frozen=True)
class Patient:
    """The office and the moment: what every check is given."""

    office: Office
    today: date
    now: str
    program_version: str


Check: TypeAlias = Callable[[Patient], Iterator[Diagnosis]]


def examine_office(patient: Patient) -> Iterator[Diagnosis]:
    """Do all checks in turn and settle what a crash left open."""
    for check in CHECKS:
        try:
            yield from check(patient)
        except DingmiError as error:
            yield _problem_of(error)


def outcome_code(diagnoses: Iterable[Diagnosis]) -> ExitCode:
    """Return what the program returns: a broken ledger first, then open markings, then the rest."""
    codes = [line.code for line in diagnoses if line.health is Health.PROBLEM]
    for first in (ExitCode.LEDGER_BROKEN, ExitCode.LEDGER_OPEN_ENTRIES):
        if first in codes:
            return first
    return codes[0] if codes else ExitCode.OK


# ── ledger ───────────────────────────────────────────────────────────────────────────────────


def _ledger(patient: Patient) -> Iterator[Diagnosis]:
    office = patient.office
    with open_ledger(office) as ledger:
        if findings := ledger.verify():
            for finding in findings:
                yield _problem_of(LedgerBroken(cause=finding))
            return
        yield _ok(say("The ledger is sound. Entries: {count}.", count=ledger.head().seq))
        folders = _folders_of_open_markings(ledger, office)
        yield from _settled(ledger, patient)
        yield from _originals(ledger, patient)
        yield from _provisional(ledger, patient)
        yield from _remarks(ledger, patient)
        yield from _temporary_files(ledger, office, folders)
        yield from _dead_runs(ledger, office)


def _settled(ledger: Ledger, patient: Patient) -> Iterator[Diagnosis]:
    from dingmi_mark.pipeline.settle import settle_open

    outcomes = settle_open(ledger, patient.office.folder, patient.now, patient.program_version)
    for outcome in outcomes:
        yield _settled_line(outcome)
    if not outcomes:
        yield _ok(say("No marking was left unfinished."))


def _originals(ledger: Ledger, patient: Patient) -> Iterator[Diagnosis]:
    from dingmi_mark.pipeline.doctor_originals import originals_seen

    return originals_seen(ledger, patient)


def _remarks(ledger: Ledger, patient: Patient) -> Iterator[Diagnosis]:
    from dingmi_mark.pipeline.doctor_remarks import releases_seen, remarks_seen

    yield from remarks_seen(ledger, patient)
    yield from releases_seen(ledger, patient)


def _provisional(ledger: Ledger, patient: Patient) -> Iterator[Diagnosis]:
    """Finish what a crash left of provisional marks, and say how many stand too long."""
    from dingmi_mark.domain.provisional import ProvisionalState
    from dingmi_mark.pipeline.retiring import LeftOpen, known_provisional, settle_provisional

    for copy, outcome in settle_provisional(ledger, patient.office.folder, patient.now):
        file = copy.intended.target
        match outcome:
            case LeftOpen.VOID:
                says = say("Was interrupted and is void; nothing of it is left: {file}", file=file)
                yield _remark(says, say("Run the same mark command again."))
            case LeftOpen.REMOVED:
                yield _remark(say("The provisional file was removed: {file}", file=file))
    standing = [
        copy for copy in known_provisional(ledger) if copy.state is ProvisionalState.STANDING
    ]
    over = sum(copy.until < patient.today for copy in standing)
    if over:
        says = say("Provisional marks past their last day: {count}.", count=over)
        yield _remark(says, say("Run: dingmi-mark today"))
    elif standing:
        yield _ok(say("Provisional marks in force: {count}.", count=len(standing)))


def _settled_line(outcome: SettleOutcome) -> Diagnosis:
    target = outcome.target
    match outcome.result:
        case Finish():
            return _remark(
                say("Was interrupted at the very end and is now recorded: {file}", file=target)
            )
        case Void():
            return _remark(
                say("Was interrupted and is void; nothing of it is left: {file}", file=target),
                say("Run the same mark command again."),
            )
        case NeedsPerson(reason):
            return Diagnosis(
                Health.PROBLEM,
                say("Needs a person: {file}. {reason}", file=target, reason=reason),
                say(
                    "Find out what became of this file; bring back the marked one or move the "
                    "other away, then run dingmi-mark doctor again."
                ),
                ExitCode.LEDGER_OPEN_ENTRIES,
            )
        case _:
            return _ok(say("Another run is at work on it; left alone: {file}", file=target))


def _folders_of_open_markings(ledger: Ledger, office: Office) -> tuple[Path, ...]:
    targets = (office.folder / record.intended.target for record in ledger.open_markings())
    return tuple(dict.fromkeys(target.parent for target in targets))


def _temporary_files(
    ledger: Ledger, office: Office, folders: Iterable[Path]
) -> Iterator[Diagnosis]:
    # Looked for first: a run that begins meanwhile has its intent in the ledger before its file.
    found = [file for folder in folders for file in sorted(folder.glob(_TEMPORARY))]
    living = {office.folder / record.intended.temporary for record in ledger.open_markings()}
    for file in found:
        if file not in living:
            yield _remark(
                say("A temporary file is left over: {file}", file=str(file)),
                say("If no marking is running, delete it as classified files are deleted."),
            )


def _dead_runs(ledger: Ledger, office: Office) -> Iterator[Diagnosis]:
    work = office.folder / WORK
    if not work.is_dir() or work.is_symlink():
        return
    for folder in sorted(work.iterdir()):
        ours = _RUN.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink()
        if not ours or ledger.is_running(folder.name):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            yield _remark(
                say(
                    "Working files of an interrupted run cannot be removed: {file}",
                    file=str(folder),
                ),
                say("Delete the folder as classified files are deleted."),
            )
        else:
            yield _remark(
                say("Working files of an interrupted run were removed: {file}", file=str(folder))
            )


# ── rights ───────────────────────────────────────────────────────────────────────────────────


def _rights(patient: Patient) -> Iterator[Diagnosis]:
    office = patient.office
    office.secret()
    secret = office.folder / SECRET_FILE
    private = [(secret.parent, 0o700), (office.archive, 0o700), *_ledger_files(office)]
    open_to_others = [
        (path, most)
        for path, most in private
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & ~most
    ]
    for path, most in open_to_others:
        yield Diagnosis(
            Health.PROBLEM,
            say("Others may get at {file}.", file=str(path)),
            say("Run: chmod {mode} '{file}'", mode=f"{most:o}", file=str(path)),
            OfficeSecretMissing.code if path == secret.parent else LedgerNotFound.code,
        )
    if not open_to_others:
        yield _ok(say("The secret, the archive and the ledger are closed to others."))


def _ledger_files(office: Office) -> Iterator[tuple[Path, int]]:
    if office.ledger_url.startswith(_SQLITE):
        file = Path(office.ledger_url.removeprefix(_SQLITE))
        yield file.parent, 0o700
        for suffix in ("", "-wal", "-shm"):
            yield Path(f"{file}{suffix}"), 0o600


# ── what the office says ─────────────────────────────────────────────────────────────────────


def _officers(patient: Patient) -> Iterator[Diagnosis]:
    office = patient.office
    file = office.folder / AUTHORITY_FILE
    own = [officer for officer in office.authority.officers if officer.organ == office.name]
    today = [officer.name for officer in own if officer.span.covers(patient.today)]
    if today:
        yield _ok(say("Classification officers today: {names}.", names="、".join(today)))
        return
    yield Diagnosis(
        Health.PROBLEM,
        say("No classification officer is in office today; nothing can be marked.")
        if own
        else say("authority.toml names no classification officer; nothing can be marked."),
        say("Fill in the officers with their days and levels: {file}", file=str(file)),
        ExitCode.CONFIGURATION_INVALID,
    )


def _tables(patient: Patient) -> Iterator[Diagnosis]:
    from dingmi_mark.pipeline.doctor_tables import examine_tables

    yield from examine_tables(patient)


def _rules(patient: Patient) -> Iterator[Diagnosis]:
    from dingmi_mark.store.lawbook import read_lawbook

    lawbook = read_lawbook(patient.office.profile)
    yield _ok(say("Rules of the profile “{profile}”.", profile=lawbook.profile))


def _templates(patient: Patient) -> Iterator[Diagnosis]:
    from dingmi_mark.store.templates import find_template, known_templates, read_template

    office = patient.office
    sound = 0
    known = known_templates(office.stamps)
    for file in known.values():
        try:
            read_template(file)
            sound += 1
        except DingmiError as error:
            yield _problem_of(error)
    for name in sorted(office.templates.all - set(known)):
        try:
            find_template(name, office.stamps)
        except DingmiError as error:
            yield _problem_of(error)
    yield _ok(say("{count} templates can be used.", count=sound))


def _fonts(patient: Patient) -> Iterator[Diagnosis]:
    from dingmi_mark.store.fonts import FAMILIES, OfficeFaces

    faces = OfficeFaces(patient.office.fonts)
    substituted = []
    for role in dict.fromkeys((*FAMILIES, *patient.office.fonts)):
        try:
            faces.baseline(role)
        except FontUnusable as error:
            yield _problem_of(error)
            continue
        if faces.substituted(role):
            substituted.append(faces.family(role))
    if substituted:
        yield _remark(
            say("The bundled 黑体 stands in for {names}.", names="、".join(substituted)),
            say("Name font files you may use under [fonts] in {file}", file=_office_file(patient)),
        )
    else:
        yield _ok(say("A font file is there for every role."))


def _libreoffice(patient: Patient) -> Iterator[Diagnosis]:
    from dingmi_mark.formats.office_convert import find_soffice
    from dingmi_mark.pipeline.converting import needs_conversion

    if find_soffice() is not None:
        yield _ok(say("LibreOffice is there: Word files are looked at page by page."))
        return
    if needs_conversion(patient.office.conversion):
        yield _remark(
            say("LibreOffice is not installed: .doc, .wps, tables and slides cannot be marked."),
            say(
                "Have libreoffice-writer, libreoffice-calc and libreoffice-impress installed, or "
                'write "refuse" under [conversion] in {file}',
                file=_office_file(patient),
            ),
        )
    must = patient.office.policies.render_docx is RenderDocx.ALWAYS
    yield Diagnosis(
        Health.PROBLEM if must else Health.REMARK,
        say("LibreOffice is not installed: the pages of Word files are not looked at."),
        say("Have it installed, or look at each marked Word file yourself."),
        ExitCode.CONFIRMATION_TOOL_FAILED if must else ExitCode.OK,
    )


def _quotations(patient: Patient) -> Iterator[Diagnosis]:
    from dingmi_mark.pipeline.doctor_quotations import quotations_seen

    return quotations_seen(patient)


CHECKS: tuple[Check, ...] = (
    _ledger,
    _rights,
    _officers,
    _tables,
    _rules,
    _templates,
    _fonts,
    _libreoffice,
    _quotations,
)
"""All checks, in the order they are told."""


def _office_file(patient: Patient) -> str:
    return str(patient.office.folder / OFFICE_FILE)


def _ok(says: Message) -> Diagnosis:
    return Diagnosis(Health.OK, says)


def _remark(says: Message, advice: Message | None = None) -> Diagnosis:
    return Diagnosis(Health.REMARK, says, advice)


def _problem_of(error: DingmiError) -> Diagnosis:
    says = error.message
    if error.where:
        says = say("{where}: {what}", where=error.where, what=says)
    return Diagnosis(Health.PROBLEM, says, error.advice, error.code)
