"""[printing] and [[printer]] of office.toml: what happens to a file about to be printed."""

from __future__ import annotations

from collections.abc import Sequence

from dingmi_mark.domain.printing import (
    USUAL,
    PaperKind,
    PrintDecision,
    Printer,
    Printing,
    PrintReason,
)
from dingmi_mark.messages import say
from dingmi_mark.store.strict_toml import Table, by_value

_SETTABLE = {reason.value: reason for reason in USUAL}


def read_printing(printing: Table, printers: Sequence[Table]) -> Printing:
    """Read the tables; a printer of its own begins with what holds for all."""
    usual = _printer(printing, Printer())
    named: dict[str, Printer] = {}
    for table in printers:
        name = table.text("name")
        if name in named:
            table.fault("name", say("{name} stands here twice", name=name))
        named[name] = _printer(table, usual)
    return Printing(usual, named)


def _printer(table: Table, usual: Printer) -> Printer:
    own: dict[PrintReason, PrintDecision] = {}
    for decision in PrintDecision:
        for reason in table.choices(decision.value, _SETTABLE, ()):
            if reason in own:
                table.fault(decision.value, say("{name} stands here twice", name=reason.value))
            own[reason] = decision
    paper = table.choice("paper", by_value(PaperKind), usual.paper)
    page = table.flag("refusal_page", usual.refusal_page)
    return Printer(paper, {**usual.own, **own}, page)
