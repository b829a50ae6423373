"""The definition of a form: what it is called, its lines of fields, its lists. TOML, one a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from dingmi_mark.errors import FormUnknown
from dingmi_mark.store.strict_toml import Table, configuration_invalid, read_table
from dingmi_mark.store.toml_text import Faulty

SHIPPED: Final = Path(__file__).parent
_SHOW: Final = {"always": False, "filled": True}


@dataclass(frozen=True)
class Slot:
    """A cell for one field: `name` of the field, `label` and small `hint` in the cell before it."""

    name: str
    label: str
    hint: str = ""
    small: bool = False


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
    """A whole form. `name` is how commands call it, `version` rises when fields change."""

    name: str
    version: int
    title: str
    notice: str
    foot: str
    sections: tuple[Section, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Return all single fields."""
        found = (s for s in self.sections if isinstance(s, Lines))
        return tuple(slot for section in found for line in section.lines for slot in line.slots)

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Return all lists."""
        return tuple(section for section in self.sections if isinstance(section, Listing))


def form_names(folder: Path = SHIPPED) -> tuple[str, ...]:
    """Return the names of the forms that the program brings."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


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
        notice=top.text("notice", ""),
        foot=top.text("foot", ""),
        sections=tuple(_sections(top)),
    )
    top.finish()
    return form


def _sections(top: Table) -> Iterator[Section]:
    for table in top.tables("section", least=1):
        title = table.text("title")
        when_filled = table.choice("show", _SHOW, False)
        if table.has("list"):
            columns = tuple(_column(each) for each in table.tables("columns", least=1))
            empty = table.integer("empty", 1, least=0, most=50)
            yield Listing(title, table.text("list"), columns, empty, when_filled)
        else:
            lines = tuple(_line(each) for each in table.tables("line", least=1))
            yield Lines(title, lines, when_filled)


def _line(table: Table) -> Line:
    slots = tuple(_slot(each) for each in table.tables("cells", least=1))
    height = table.number("height_mm", 0.0, least=0, most=200)
    return Line(slots, height, table.choice("show", _SHOW, False))


def _slot(table: Table) -> Slot:
    name = table.text("name")
    return Slot(name, table.text("label", name), table.text("hint", ""), table.flag("small", False))


def _column(table: Table) -> Column:
    return Column(
        table.text("name"),
        table.number("share", 1.0, least=0.1, most=100),
        table.choice("show", _SHOW, False),
    )
