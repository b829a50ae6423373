"""Open the ledger of an office: its own, and no other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dingmi_mark.errors import LedgerNotFound
from dingmi_mark.messages import say
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


def open_ledger(office: Office) -> Ledger:
    """Open the office's ledger. Raises the ledger's errors; LedgerNotFound for another office's."""
    # The database library takes a while to load: only who opens a ledger waits for it.
    from dingmi_mark.store.ledger import Ledger

    ledger = Ledger.open(office.ledger_url)
    if ledger.office_id != office.id:
        ledger.close()
        cause = say("it belongs to another office ({office})", office=ledger.office_id)
        raise LedgerNotFound(office.ledger_url, cause=cause)
    return ledger
