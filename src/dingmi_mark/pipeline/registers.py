"""定密台账、年度统计: made from the ledger, shown or written as XLSX and CSV (R50, R53)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.statistic import Counted, Register, counted, uncounted
from dingmi_mark.domain.yearly import Row, rows_of
from dingmi_mark.errors import OutputExists
from dingmi_mark.forms.register_book import ROWS, Heading, book_bytes
from dingmi_mark.forms.register_csv import write_rows, write_table
from dingmi_mark.forms.register_definition import read_register
from dingmi_mark.pipeline.secrets import secrets_of
from dingmi_mark.store.new_file import new_file, new_text_file, writing_to
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

CSV, BOOK = ".csv", ".xlsx"
FOLDER = "registers"
"""In the office's folder: the unit's own templates in place of ours."""


@dataclass(frozen=True)
class MadeRegister:
    """A register with its rows; `counted` where it is a statistic.

    `left_out` are approvals of notified files of which no entry tells the level, `uncounted` how
    many rows stand in no cell of the table: both have to be told.
    """

    register: Register
    rows: tuple[Row, ...]
    heading: Heading
    counted: Counted | None = None
    left_out: tuple[str, ...] = ()
    uncounted: int = 0


def made_registers(
    names: Iterable[str], year: int | None, office: Office, ledger: Ledger, today: date
) -> tuple[MadeRegister, ...]:
    """Make registers of a year by their templates. Raises ConfigurationInvalid."""
    templates = [read_register(name, office.folder / FOLDER) for name in names]
    known = secrets_of(ledger)
    day = min(today, date(year, 12, 31)) if year is not None else today
    made = []
    for register in templates:
        rows = tuple(rows_of(register.rows, known.secrets, year, day))
        title = register.title if year is None else f"{year}年度{register.title}"
        heading = Heading(title, office.name, day)
        table = counted(register, rows) if register.is_statistic else None
        missed = len(uncounted(register, rows)) if table is not None else 0
        made.append(MadeRegister(register, rows, heading, table, known.unknown, missed))
    return tuple(made)


def write_register(made: MadeRegister, file: Path) -> tuple[Path, ...]:
    """Write a register as a new workbook, or as CSV (the rows of a statistic apart), by its ending.

    Returns the paths. Raises FormCannotHold, and the errors of new files: OutputExists before
    anything is written.
    """
    files = files_of(made, file)
    refuse_existing(files)
    if file.suffix.lower() != CSV:
        content = book_bytes(made.register, made.rows, made.heading)
        with new_file(file) as stream:
            stream.write(content)
        return files
    if made.counted is not None:
        with new_text_file(file, "utf-8-sig") as table:
            write_table(made.register, made.counted, made.heading, table)
    # Table programs take a file without this mark for another encoding.
    with new_text_file(files[-1], "utf-8-sig") as rows:
        write_rows(made.register, made.rows, made.heading, rows)
    return files


def write_all(made: Sequence[MadeRegister], folder: Path, suffix: str) -> tuple[Path, ...]:
    """Write registers into a folder under their titles (see `write_register`)."""
    with writing_to(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    named = [(one, folder / f"{one.heading.title}{suffix}") for one in made]
    refuse_existing(path for one, file in named for path in files_of(one, file))
    return tuple(path for one, file in named for path in write_register(one, file))


def files_of(made: MadeRegister, file: Path) -> tuple[Path, ...]:
    """Return the files that a register becomes under a name."""
    if file.suffix.lower() != CSV or made.counted is None:
        return (file,)
    return (file, file.with_name(f"{file.stem}-{ROWS}{file.suffix}"))


def refuse_existing(files: Iterable[Path]) -> None:
    """Raise OutputExists for a file that is there already."""
    for file in files:
        if file.exists():
            raise OutputExists(str(file))
