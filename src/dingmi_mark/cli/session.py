"""What a command knows of its surroundings: the office it works for, the time, the versions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark import __version__

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.office import Limits, Office


class Session:
    """One call of the program."""

    def __init__(self) -> None:
        self.named_office: Path | None = None
        self.version = __version__

    @property
    def today(self) -> date:
        """The day in the office."""
        from dingmi_mark.pipeline import clock

        return clock.today()

    def now(self) -> str:
        """The moment as the ledger keeps it: ISO 8601 in UTC, to the second."""
        from dingmi_mark.pipeline import clock

        return clock.now()

    def office(self) -> Office:
        """Read the office. Raises OfficeNotFound, ConfigurationInvalid."""
        from dingmi_mark.cli.typed import refuse_variable
        from dingmi_mark.store.office import read_office
        from dingmi_mark.store.office_place import ENVIRONMENT, find_office

        refuse_variable(ENVIRONMENT)
        return read_office(find_office(self.named_office, os.environ, Path.cwd()))

    def office_if_any(self) -> Office | None:
        """Read the office, None where nobody named one and none is here."""
        from dingmi_mark.errors import OfficeNotFound
        from dingmi_mark.store.office_place import ENVIRONMENT

        try:
            return self.office()
        except OfficeNotFound:
            if self.named_office is not None or os.environ.get(ENVIRONMENT):
                raise
            return None

    def limits(self) -> Limits:
        """What one file may cost: the office's limits, else the usual ones."""
        from dingmi_mark.store.office import Limits

        office = self.office_if_any()
        return Limits() if office is None else office.limits

    @contextmanager
    def ledger_if_any(self, office: Office) -> Iterator[Ledger | None]:
        """Open the ledger for what can be done without it too: None where it is not there."""
        from dingmi_mark.errors import LedgerNotFound

        try:
            opened = self.ledger(office)
        except LedgerNotFound:
            yield None
            return
        with opened:
            yield opened

    def ledger(self, office: Office) -> Ledger:
        """Open the office's ledger. Raises the ledger's errors, and for another office's one."""
        from dingmi_mark.store.office_ledger import open_ledger

        return open_ledger(office)
