"""The tables an office may keep besides authority.toml: 保密事项范围, 一览表, holidays.

The first two are TOML or XLSX (`store.sheets`), one of them each. All faults of all files are
gathered, each with its file and place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from dingmi_mark.domain.authority import Authority
from dingmi_mark.domain.catalogue import Catalogue, MattersList
from dingmi_mark.domain.working_days import YearOfHolidays
from dingmi_mark.messages import Fault, say
from dingmi_mark.store.catalogue_file import read_catalogue, read_lists
from dingmi_mark.store.holidays import HOLIDAYS_FILE, read_years
from dingmi_mark.store.strict_toml import read_table
from dingmi_mark.store.toml_text import Faulty

CATALOGUE: Final = "catalogue"
LISTS: Final = "matters"
"""Names of the files without their suffix."""

T = TypeVar("T")


@dataclass(frozen=True)
class OfficeTables:
    """What the office keeps; None or empty where it keeps none."""

    catalogue: Catalogue | None = None
    lists: tuple[MattersList, ...] = ()
    holidays: tuple[YearOfHolidays, ...] = ()

    def joined_to(self, authority: Authority) -> Authority:
        """Return the authority table with these beside it."""
        return replace(
            authority, catalogue=self.catalogue, lists=self.lists, holidays=self.holidays
        )


def read_office_tables(folder: Path, faults: list[Fault]) -> OfficeTables:
    """Read what is there of the tables; faults are added to the list."""
    catalogue = _read(_kept(folder, CATALOGUE, faults), read_catalogue, faults)
    lists = _read(_kept(folder, LISTS, faults), read_lists, faults)
    own = folder / HOLIDAYS_FILE
    years = _read(own if own.exists() else None, lambda file: read_years(read_table(file)), faults)
    return OfficeTables(catalogue, lists or (), years or ())


def kept_file(folder: Path, name: str) -> Path | None:
    """Return the file that holds a table, None where the office keeps none."""
    return next((file for file in _candidates(folder, name) if file.exists()), None)


def _candidates(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.toml", folder / f"{name}.xlsx"


def _kept(folder: Path, name: str, faults: list[Fault]) -> Path | None:
    toml, sheet = _candidates(folder, name)
    if toml.exists() and sheet.exists():
        faults.append(
            Fault(sheet.name, say("keep this file or {other}, not both", other=toml.name))
        )
    return kept_file(folder, name)


def _read(file: Path | None, read: Callable[[Path], T], faults: list[Fault]) -> T | None:
    if file is None:
        return None
    try:
        return read(file)
    except Faulty as error:
        for fault in error.faults:
            place = f"{file.name}: {fault.place}" if fault.place else file.name
            faults.append(Fault(place, fault.expected))
    return None
