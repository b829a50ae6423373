"""What a worker has on its desk: the office, the law, the fonts, the templates, the ledger."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.law import Lawbook
from dingmi_mark.engine.template import PointType, Template, TemplateKind
from dingmi_mark.errors import ConfigurationInvalid, TemplateUnknown
from dingmi_mark.messages import Fault, say
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.trust import Trust, trust_of
from dingmi_mark.store.fonts import OfficeFaces
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.office import OFFICE_FILE, Office
from dingmi_mark.store.office_ledger import open_ledger
from dingmi_mark.store.templates import find_template

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

WORK = "work"
"""Folder of the office for what exists only while a run lives; `doctor` clears what is dead."""

SIGNATURES = "signatures"
"""Folder of the office with officers' signatures as `<name>.png`, used only by policy."""

_LARGEST_SIGNATURE = 1 << 20


@dataclass(frozen=True)
class Desk:
    """All that marking needs besides the draft and its record.

    `runner` names the process in the ledger, `batch_id` the run it belongs to.
    """

    office: Office
    lawbook: Lawbook
    faces: OfficeFaces
    secret: bytes
    ledger: Ledger
    batch_id: str
    runner: str
    trust: Trust
    _templates: dict[tuple[str, TemplateKind], Template] = field(default_factory=dict, repr=False)

    @property
    def today(self) -> date:
        """The day of marking, as it is in the office."""
        return clock.today()

    def now(self) -> str:
        """The moment of an entry: ISO 8601 in UTC, to the second."""
        return clock.now()

    def form_template(self, form: str) -> Template:
        """The template of a form of paper (公文 …). Raises TemplateUnknown, TemplateInvalid."""
        forms = self.office.templates.forms
        if form not in forms:
            raise TemplateUnknown(name=form, known="、".join(sorted(forms)))
        return self._template(forms[form], TemplateKind.PAGE)

    def stamp_template(self) -> Template | None:
        """The stamp's template; None where the office does not stamp."""
        if not self.office.policies.stamp:
            return None
        return self._template(self.office.templates.stamp, TemplateKind.STAMP)

    def code_template(self) -> Template | None:
        """The template of the 2D code; None where papers bear none."""
        name = self.office.templates.code
        return self._template(name, TemplateKind.CODE) if name else None

    def further_templates(self) -> tuple[Template, ...]:
        """What stands on a paper besides the marks of its form: stamp and 2D code, as wanted."""
        return tuple(filter(None, (self.stamp_template(), self.code_template())))

    def point_type(self) -> PointType:
        """How classified points are set. Raises TemplateUnknown, TemplateInvalid."""
        found = self._template(self.office.templates.points, TemplateKind.POINTS).points
        assert found is not None, "the reader of templates gives points their type"
        return found

    def _template(self, name: str, kind: TemplateKind) -> Template:
        """A template as it was when this run first asked for it."""
        if (name, kind) not in self._templates:
            self._templates[name, kind] = find_template(name, self.office.stamps, kind)
        return self._templates[name, kind]

    def signature_png(self, officer: str) -> bytes | None:
        """The officer's signature picture where the policy asks for it.

        Raises ConfigurationInvalid where it should be there and is not, or is no PNG.
        """
        if not self.office.policies.signature_picture:
            return None
        file = self.office.folder / SIGNATURES / f"{Path(officer).name}.png"
        try:
            content = file.read_bytes()
        except OSError:
            content = b""
        if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) > _LARGEST_SIGNATURE:
            fault = Fault("policies.signature_picture", say("{file} must be a PNG", file=str(file)))
            office = self.office.folder / OFFICE_FILE
            raise ConfigurationInvalid(str(office), count=1, faults=(fault,), file=str(office))
        return content


@contextmanager
def open_desk(office: Office, batch_id: str) -> Iterator[Desk]:
    """Lay out the desk: read what is needed, open the ledger, show that this run lives.

    Raises ConfigurationInvalid, OfficeSecretMissing and the ledger's errors.
    """
    runner = f"{batch_id}-{os.getpid()}-{secrets.token_hex(2)}"
    with open_ledger(office) as ledger, ledger.running(runner):
        yield Desk(
            office,
            read_lawbook(office.profile),
            OfficeFaces(office.fonts),
            office.secret(),
            ledger,
            batch_id,
            runner,
            trust_of(ledger),
        )


@contextmanager
def private_folder(desk: Desk) -> Iterator[None]:
    """Send temporary files, LibreOffice's too, to a folder of the office that others cannot read.

    For worker processes: it is the whole process whose temporary files go there.
    """
    folder = desk.office.folder / WORK / desk.runner
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    usual = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = usual
        shutil.rmtree(folder, ignore_errors=True)


def clear_private_folders(office: Office, batch_id: str) -> None:
    """Remove what the workers of a run left, however they ended; for when they are all gone."""
    for folder in (office.folder / WORK).glob(f"{batch_id}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def clear_dead_prints(office: Office, ledger: Ledger) -> None:
    """Remove what killed examinations of print jobs left in the office."""
    for folder in (office.folder / WORK).glob("print-*"):
        if not folder.is_symlink() and not ledger.is_running(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
