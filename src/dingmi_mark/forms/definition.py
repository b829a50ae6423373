"""The definition of a form: what it is called, its lines of fields, its lists. TOML, one a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from dingmi_mark.domain.law import Certainty, Citation
from dingmi_mark.errors import FormUnknown
from dingmi_mark.store.strict_toml import Table, by_value, configuration_invalid, read_table
from dingmi_mark.store.toml_text import Faulty

SHIPPED: Final = Path(__file__).parent
NOTICE: Final = (
    "非官方样式　真实的国家秘密只能在涉密信息系统、涉密信息设备上处理"
    "（保守国家秘密法第五十七条第十项）"
)
"""What stands at the head of every form that has no notice of its own."""
_SHOW: Final = {"always": False, "filled": True}


class Subject(Enum):
    """Whose data a form is filled with."""

    RECORD = "审批记录"
    ORGAN = "机关、单位"
    LETTER = "授权书文号"
    OFFICER = "定密责任人"


@dataclass(frozen=True)
class Slot:
    """A cell for one field: `name` of the field, `label` and small `hint` in the cell before it.

    `mark`: the mark itself, large; it only ever comes from an approved record. `by_hand`: filled in
    on paper, so that nothing is missing while it is blank. `required`: a unit's own form needs it.
    """

    name: str
    label: str
    hint: str = ""
    small: bool = False
    mark: bool = False
    by_hand: bool = False
    required: bool = False


@dataclass(frozen=True)
class Line:
    """A row of the form: a few fields side by side; at least `height_mm` high."""

    slots: tuple[Slot, ...]
    height_mm: float = 0
    when_filled: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a list; `share` is its part of the width."""

    name: str
    share: float
    when_filled: bool = False
    by_hand: bool = False
    required: bool = False


@dataclass(frozen=True)
class Lines:
    """A part of the form with lines of fields."""

    title: str
    lines: tuple[Line, ...]
    when_filled: bool = False


@dataclass(frozen=True)
class Listing:
    """A part of the form with a list: `rows` is the list's name, `empty` rows are left to fill."""

    title: str
    rows: str
    columns: tuple[Column, ...]
    empty: int = 1
    when_filled: bool = False


Section: TypeAlias = Lines | Listing


@dataclass(frozen=True)
class Form:
    """A whole form. `name` is how commands call it, `version` rises when fields change.

    `bases` are the provisions it rests on; `purpose` says what it is for; rows are at least
    `row_mm` high, so that there is room for the pen.
    """

    name: str
    version: int
    title: str
    notice: str
    foot: str
    sections: tuple[Section, ...]
    subject: Subject = Subject.RECORD
    purpose: str = ""
    bases: tuple[Citation, ...] = ()
    row_mm: float = 0

    @property
    def basis_line(self) -> str:
        """The provisions and how sure each is, as the foot names them; empty where none is."""
        told = "；".join(f"{b.law}{b.provision}（{b.certainty.value}）" for b in self.bases)
        return f"依据：{told}。" if told else ""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Return all single fields."""
        found = (s for s in self.sections if isinstance(s, Lines))
        return tuple(slot for section in found for line in section.lines for slot in line.slots)

    @property
    def required(self) -> tuple[str, ...]:
        """The fields without which a unit's own form is not this form; `list.column` in lists."""
        single = (slot.name for slot in self.slots if slot.required)
        listed = (
            f"{listing.rows}.{column.name}"
            for listing in self.listings
            for column in listing.columns
            if column.required
        )
        return (*single, *listed)

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Return all lists."""
        return tuple(section for section in self.sections if isinstance(section, Listing))


def form_names(folder: Path = SHIPPED) -> tuple[str, ...]:
    """Return the names of the forms that the program brings."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


@cache
def form_titles() -> tuple[str, ...]:
    """Return the titles of the forms that the program brings."""
    return tuple(read_form(name).title for name in form_names())


def read_form(name: str, folder: Path = SHIPPED) -> Form:
    """Read a form by its name. Raises FormUnknown, ConfigurationInvalid with all faults."""
    known = form_names(folder)
    if name not in known:
        raise FormUnknown(name=name, known="、".join(known))
    file = folder / f"{name}.toml"
    try:
        return _form(read_table(file))
    except Faulty as error:
        raise configuration_invalid(str(file), error.faults) from error


def _form(top: Table) -> Form:
    form = Form(
        name=top.text("form"),
        version=top.integer("version", least=1),
        title=top.text("title"),
        notice=top.text("notice", NOTICE),
        foot=top.text("foot", ""),
        sections=tuple(_sections(top)),
        subject=top.choice("subject", by_value(Subject), Subject.RECORD),
        purpose=top.text("purpose", ""),
        bases=tuple(_basis(each) for each in top.tables("basis")),
        row_mm=top.number("row_mm", 0.0, least=0, most=30),
    )
    top.finish()
    return form


def _basis(table: Table) -> Citation:
    certainty = table.choice("certainty", by_value(Certainty))
    return Citation(table.text("law"), table.text("provision"), certainty)


def _sections(top: Table) -> Iterator[Section]:
    for table in top.tables("section", least=1):
        title = table.text("title")
        when_filled = table.choice("show", _SHOW, False)
        by_hand = table.flag("by_hand", False)
        if table.has("list"):
            columns = tuple(_column(each, by_hand) for each in table.tables("columns", least=1))
            empty = table.integer("empty", 1, least=0, most=50)
            yield Listing(title, table.text("list"), columns, empty, when_filled)
        else:
            lines = tuple(_line(each, by_hand) for each in table.tables("line", least=1))
            yield Lines(title, lines, when_filled)


def _line(table: Table, by_hand: bool) -> Line:
    slots = tuple(_slot(each, by_hand) for each in table.tables("cells", least=1))
    height = table.number("height_mm", 0.0, least=0, most=200)
    return Line(slots, height, table.choice("show", _SHOW, False))


def _slot(table: Table, by_hand: bool) -> Slot:
    name = table.text("name")
    return Slot(
        name,
        table.text("label", name),
        table.text("hint", ""),
        table.flag("small", False),
        table.flag("mark", False),
        table.flag("by_hand", by_hand),
        table.flag("required", False),
    )


def _column(table: Table, by_hand: bool) -> Column:
    return Column(
        table.text("name"),
        table.number("share", 1.0, least=0.1, most=100),
        table.choice("show", _SHOW, False),
        table.flag("by_hand", by_hand),
        table.flag("required", False),
    )
