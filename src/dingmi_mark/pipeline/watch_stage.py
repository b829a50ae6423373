"""A file on its way from a watched folder to the printer's: in one place at any time.

It waits in a folder of ours beside the others, named after its print: `ID` while it may still go
back, `ID.go` once nothing but the last step is left. An empty `ID.go` has been printed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled
from dingmi_mark.domain.printed import PrintOutcome
from dingmi_mark.errors import DingmiError
from dingmi_mark.pipeline.issuing import Issued, settle_all
from dingmi_mark.pipeline.replacing import sync_folder
from dingmi_mark.store.office import Office
from dingmi_mark.store.office_ledger import open_ledger

STATE: Final = ".dingmi-watch"
"""In the folder that is watched: files on their way, and the lock."""
_GO: Final = ".go"


class Stage:
    """The place of one file on its way."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.place = folder / STATE / name

    def take(self, file: Path) -> Path:
        """Take a file out of the watched folder; return where it is. Raises OSError."""
        self.place.mkdir(mode=0o700)
        staged = self.place / file.name
        os.rename(file, staged)
        sync_folder(self.place)
        return staged

    def give(self, target: Path) -> None:
        """Give the file to the printer's folder, in one step. Raises OSError."""
        going = self.place.with_name(self.place.name + _GO)
        os.rename(self.place, going)
        self.place = going
        sync_folder(going.parent)
        os.rename(going / target.name, target)
        sync_folder(target.parent)
        sync_folder(going)

    def put_back(self) -> None:
        """Bring back what is still here, under another name where its own is taken."""
        if not self.place.exists():
            return
        if self.place.suffix == _GO:
            back = self.place.with_suffix("")
            os.rename(self.place, back)
            self.place = back
        for staged in list(self.place.iterdir()):
            os.rename(staged, _free(self.folder, staged.name))
        sync_folder(self.folder)

    def end(self, moved: bool, issued: Issued | None, office: Office) -> None:
        """Say what became of its number; where that cannot be said now, `recover` does."""
        if not moved:
            self.put_back()
        outcome = PrintOutcome.PRINTED if moved else PrintOutcome.VOID
        try:
            settle_all((issued,) if issued else (), outcome, office)
        except DingmiError:
            return
        if self.place.exists():
            self.place.rmdir()


def recover(folder: Path, office: Office) -> None:
    """Finish what a crash left: files go back, and their numbers are void; or they were printed.

    Raises OSError, and the ledger's errors.
    """
    with os.scandir(folder / STATE) as entries:
        left = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    for place in left:
        stage = Stage(folder, place.name)
        moved = place.suffix == _GO and not any(place.iterdir())
        stage.end(moved, _unsettled(place.stem, office), office)


def _unsettled(print_id: str, office: Office) -> Issued | None:
    with open_ledger(office) as ledger:
        settled = {entry.print_id for _, entry in ledger.acts(NumberSettled)}
        for _, entry in ledger.acts(NumberIssued):
            if entry.print_id == print_id and print_id not in settled:
                ids = (entry.approval_number, entry.copy_id, entry.copy_number)
                return Issued(*ids, print_id)
    return None


def _free(folder: Path, name: str) -> Path:
    path, count = folder / name, 1
    while os.path.lexists(path):
        count += 1
        path = folder / f"{Path(name).stem}-{count}{Path(name).suffix}"
    return path
