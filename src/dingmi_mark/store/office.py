"""The office: a folder with its configuration, its table of authority and its secret.

`store.office_new` makes one; `find_office` (of `store.office_place`) and `read_office` are what
every command begins with, so reading stays within milliseconds.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Final

from dingmi_mark.domain.approval import SigningStep
from dingmi_mark.domain.authority import Authority, Organ, OrganKind
from dingmi_mark.domain.printing import Printing
from dingmi_mark.domain.procedure import OPTIONAL_STEPS
from dingmi_mark.domain.quotations import QuotationPolicy, Undeclared
from dingmi_mark.errors import OfficeSecretMissing
from dingmi_mark.messages import Fault, say
from dingmi_mark.store.office_authority import read_authority
from dingmi_mark.store.office_printing import read_printing
from dingmi_mark.store.office_tables import read_office_tables
from dingmi_mark.store.strict_toml import (
    Table,
    by_value,
    configuration_invalid,
    path_from,
    read_table,
)
from dingmi_mark.store.toml_text import Faulty

OFFICE_FILE: Final = "office.toml"
AUTHORITY_FILE: Final = "authority.toml"
SECRET_FILE: Final = "secret/office.key"
SECRET_BYTES: Final = 32
SCHEMA: Final = 1

SERIAL: Final = "{号}"
YEAR: Final = "{年}"
"""What stands for serial number and year in `policies.record_number`."""

_SQLITE: Final = "sqlite:///"
_DATABASES: Final = ("postgresql://", "postgresql+psycopg://")
_EXAMPLE_URL: Final = "sqlite:///ledger/ledger.sqlite"
_STEPS: Final = {step.value: step for step in OPTIONAL_STEPS}
_OWN_TEMPLATES: Final = ("stamp", "points", "code")


class TypedMark(Enum):
    """What happens to a mark that is already typed in the draft and equals the record."""

    ADOPT = "adopt"
    STOP = "stop"


class RenderDocx(Enum):
    """Whether a Word file must be rendered before it is confirmed."""

    WHEN_THERE = "when-there"
    ALWAYS = "always"


class SignedRecords(Enum):
    """Whether a mark asks for a signed approval."""

    WHEN_ENROLLED = "when-enrolled"
    ALWAYS = "always"
    NEVER = "never"


class AuthoringMarks(Enum):
    """What becomes of the comments, styles and brackets by which authors name points."""

    KEEP = "keep"
    REMOVE = "remove"


class AuthoredPoints(Enum):
    """What happens where the points named in a draft are not those of its record."""

    TELL = "tell"
    STOP = "stop"


class DraftsAfter(Enum):
    """What becomes of the unmarked draft when its copies are made (stored in the ledger)."""

    KEEP = "keep"
    ARCHIVE = "archive"
    DELETE = "delete"


class ConvertTo(Enum):
    """What a draft becomes that cannot be marked as it is."""

    DOCX = "docx"
    PDF = "pdf"
    NATIVE = "native"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Conversion:
    """What texts (.doc, .wps, .odt, .rtf), tables and slides are converted to before marking.

    `NATIVE`: what can be marked as it is (.pptx, .pptm, .xlsx, .xlsm) is; all else becomes a PDF.
    """

    text: ConvertTo = ConvertTo.DOCX
    sheets: ConvertTo = ConvertTo.PDF
    slides: ConvertTo = ConvertTo.PDF


@dataclass(frozen=True)
class Templates:
    """Which template serves which form of paper (公文, 信函 …), the stamp, the points, and the 2D
    code; papers bear none where that is empty.
    """

    forms: Mapping[str, str]
    stamp: str
    points: str
    code: str = ""

    @property
    def all(self) -> frozenset[str]:
        """The names of all templates in use."""
        return frozenset(filter(None, (*self.forms.values(), self.stamp, self.points, self.code)))


@dataclass(frozen=True)
class Policies:
    """What the unit decides for itself; each is explained in the file `init` writes."""

    records_without_digest: bool = False
    stamp: bool = True
    signature_picture: bool = False
    compact_rows: bool = False
    other_page_marks: bool = False
    typed_mark: TypedMark = TypedMark.ADOPT
    render_docx: RenderDocx = RenderDocx.WHEN_THERE
    signed_records: SignedRecords = SignedRecords.WHEN_ENROLLED
    drafts_after: DraftsAfter = DraftsAfter.KEEP
    approval_steps: tuple[SigningStep, ...] = (SigningStep.SECURITY_REVIEWED,)
    record_number: str = ""
    provisional_days: int = 10
    reminder_months: int = 3
    authoring_marks: AuthoringMarks = AuthoringMarks.KEEP
    authored_points: AuthoredPoints = AuthoredPoints.TELL
    remark_verifiers: int = 2
    clean_copies: bool = False


@dataclass(frozen=True)
class Limits:
    """What one file may cost a worker: memory (MiB), time (s), size of the file (MiB)."""

    memory_mb: int = 2048
    seconds: int = 180
    file_mb: int = 500


@dataclass(frozen=True)
class Office:
    """One unit as its folder describes it. Paths are absolute, `ledger_url` too.

    `profile` is the name of a shipped rule profile or the path of the unit's own. `id` is random,
    made with the office, and ties the ledger to it. `token` is the command that asks a unit's own
    signing token. An office can be sent to a worker process.
    """

    folder: Path
    id: str
    organ: Organ
    profile: str | Path
    beijing: bool
    ledger_url: str
    templates: Templates
    fonts: Mapping[str, Path]
    policies: Policies
    limits: Limits
    authority: Authority
    token: tuple[str, ...] = ()
    printing: Printing = field(default_factory=Printing)
    conversion: Conversion = Conversion()
    quotations: QuotationPolicy = QuotationPolicy()

    @property
    def name(self) -> str:
        """The organ's name."""
        return self.organ.name

    @property
    def stamps(self) -> Path:
        """The unit's own templates."""
        return self.folder / "stamps"

    @property
    def approvals(self) -> Path:
        """Where approval records are kept."""
        return self.folder / "approvals"

    @property
    def forms(self) -> Path:
        """The unit's own paper forms, where it has any."""
        return self.folder / "forms"

    @property
    def archive(self) -> Path:
        """Where drafts go after marking, if the unit says so."""
        return self.folder / "archive"

    def secret(self) -> bytes:
        """Read the office secret, 32 bytes.

        Raises OfficeSecretMissing: not there, not whole, or with rights for others than the owner.
        """
        file = self.folder / SECRET_FILE
        try:
            if stat.S_IMODE(file.stat().st_mode) & 0o077:
                raise OfficeSecretMissing(str(file))
            secret = bytes.fromhex(file.read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            raise OfficeSecretMissing(str(file)) from error
        if len(secret) != SECRET_BYTES:
            raise OfficeSecretMissing(str(file))
        return secret


def read_office(folder: Path) -> Office:
    """Read office.toml, authority.toml, and the catalogue, the lists and holidays where kept.

    Raises ConfigurationInvalid with all faults of all of them.
    """
    folder = folder.resolve()
    faults: list[Fault] = []
    office, authority = None, None
    try:
        office = _office(read_table(folder / OFFICE_FILE), folder)
    except Faulty as error:
        faults += error.faults
    try:
        table = read_table(folder / AUTHORITY_FILE)
        authority = read_authority(table, office.organ if office else None)
    except Faulty as error:
        faults += (_in_authority(fault) for fault in error.faults)
    tables = read_office_tables(folder, faults)
    if office is None or authority is None or faults:
        raise configuration_invalid(str(folder / OFFICE_FILE), tuple(faults))
    own = authority.organ(office.name) or office.organ
    return replace(office, organ=own, authority=tables.joined_to(authority))


def _in_authority(fault: Fault) -> Fault:
    place = f"{AUTHORITY_FILE}: {fault.place}" if fault.place else AUTHORITY_FILE
    return Fault(place, fault.expected)


def _office(top: Table, folder: Path) -> Office:
    top.integer("schema", least=SCHEMA, most=SCHEMA)
    organ = top.table("organ", required=True)
    fonts = top.table("fonts")
    remark = top.table("remark")
    office = Office(
        folder=folder,
        id=top.text("id"),
        organ=Organ(organ.text("name"), organ.choice("kind", by_value(OrganKind))),
        beijing=organ.flag("beijing", False),
        profile=_profile(top.table("rules"), folder),
        ledger_url=_ledger_url(top.table("ledger", required=True), folder),
        templates=_templates(top.table("templates", required=True)),
        fonts={role: path_from(fonts.text(role), folder) for role in fonts.names()},
        policies=replace(
            _policies(top.table("policies")),
            remark_verifiers=remark.integer("verifiers", 2, least=1, most=9),
            clean_copies=remark.flag("clean_copies", False),
        ),
        limits=_limits(top.table("limits")),
        authority=Authority(),
        token=top.table("signing").words("token", ()),
        printing=read_printing(top.table("printing"), top.tables("printer")),
        conversion=_conversion(top.table("conversion")),
        quotations=_quotations(top.table("quotations")),
    )
    top.finish()
    return office


def _profile(rules: Table, folder: Path) -> str | Path:
    profile = rules.text("profile", "national")
    return path_from(profile, folder) if profile.endswith(".toml") else profile


def _ledger_url(ledger: Table, folder: Path) -> str:
    url = ledger.text("url")
    if not url or url.startswith(_DATABASES):
        return url
    file = url.removeprefix(_SQLITE)
    if not url.startswith(_SQLITE) or file in ("", ":memory:"):
        ledger.fault("url", say("an address such as {example} is expected", example=_EXAMPLE_URL))
        return url
    absolute = str(folder / file)
    if "?" in absolute:
        ledger.fault("url", say("the path of the ledger must not contain a question mark"))
    return _SQLITE + absolute


def _templates(table: Table) -> Templates:
    stamp, points = table.text("stamp"), table.text("points")
    forms = {form: table.text(form) for form in table.names() if form not in _OWN_TEMPLATES}
    return Templates(forms, stamp, points, table.text("code", ""))


def _policies(table: Table) -> Policies:
    usual = Policies()
    return Policies(
        records_without_digest=table.flag("records_without_digest", usual.records_without_digest),
        stamp=table.flag("stamp", usual.stamp),
        signature_picture=table.flag("signature_picture", usual.signature_picture),
        compact_rows=table.flag("compact_rows", usual.compact_rows),
        other_page_marks=table.flag("other_page_marks", usual.other_page_marks),
        typed_mark=table.choice("typed_mark", by_value(TypedMark), usual.typed_mark),
        render_docx=table.choice("render_docx", by_value(RenderDocx), usual.render_docx),
        signed_records=table.choice(
            "signed_records", by_value(SignedRecords), usual.signed_records
        ),
        drafts_after=table.choice("drafts_after", by_value(DraftsAfter), usual.drafts_after),
        approval_steps=table.choices("approval_steps", _STEPS, usual.approval_steps),
        record_number=_record_number(table),
        provisional_days=table.integer(
            "provisional_days", usual.provisional_days, least=1, most=365
        ),
        reminder_months=table.integer("reminder_months", usual.reminder_months, least=1, most=24),
        authoring_marks=table.choice(
            "authoring_marks", by_value(AuthoringMarks), usual.authoring_marks
        ),
        authored_points=table.choice(
            "authored_points", by_value(AuthoredPoints), usual.authored_points
        ),
    )


def _conversion(table: Table) -> Conversion:
    usual, every = Conversion(), by_value(ConvertTo)
    texts = {word: one for word, one in every.items() if one is not ConvertTo.NATIVE}
    others = {word: one for word, one in every.items() if one is not ConvertTo.DOCX}
    return Conversion(
        text=table.choice("text", texts, usual.text),
        sheets=table.choice("sheets", others, usual.sheets),
        slides=table.choice("slides", others, usual.slides),
    )


def _quotations(table: Table) -> QuotationPolicy:
    usual = QuotationPolicy()
    return QuotationPolicy(
        undeclared=table.choice("undeclared", by_value(Undeclared), usual.undeclared),
        verbatim=table.integer("verbatim", usual.verbatim, least=20, most=1000),
        edited=table.integer("edited", usual.edited, least=25, most=1000),
    )


def _record_number(table: Table) -> str:
    pattern = table.text("record_number", "")
    if pattern and pattern.count(SERIAL) != 1:
        table.fault("record_number", say("a pattern with {serial} once is expected", serial=SERIAL))
    return pattern


def _limits(table: Table) -> Limits:
    usual = Limits()
    return Limits(
        memory_mb=table.integer("memory_mb", usual.memory_mb, least=256, most=1_000_000),
        seconds=table.integer("seconds", usual.seconds, least=1, most=86_400),
        file_mb=table.integer("file_mb", usual.file_mb, least=1, most=100_000),
    )
