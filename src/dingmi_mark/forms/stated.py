"""What people state of a form beside its record, and what stays blank on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from dingmi_mark.domain.reading import written_period
from dingmi_mark.domain.terms import STAR, UntilDate
from dingmi_mark.errors import FormValueRefused
from dingmi_mark.forms.definition import Form, Slot
from dingmi_mark.forms.fields import same_name
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.places import unknown_field
from dingmi_mark.forms.values import text_of
from dingmi_mark.messages import Fault, Message, say


class Stated:
    """Values by the names of a form's fields; whatever is wrong with them is told at once."""

    def __init__(self, form: Form, given: Mapping[str, str]) -> None:
        self.form = form
        self.faults: list[Fault] = []
        self.values: dict[str, str] = {}
        for name, value in given.items():
            slot = _slot_named(form, name)
            if slot is None:
                self.faults.append(Fault(name, unknown_field(name, form)))
            elif (what := _not_by_hand(slot, value)) is not None:
                self.faults.append(Fault(slot.name, what))
            else:
                self.values[slot.name] = value

    def day(self, name: str) -> date | None:
        """Return a date as `2026-11-02` or `2026年11月2日`; None where none is stated."""
        text = self.values.get(name)
        if text is None:
            return None
        period = written_period(text)
        if not isinstance(period, UntilDate):
            self.faults.append(Fault(name, say("a date is expected, such as 2026-01-10")))
            return None
        return period.day

    def count(self, name: str) -> int:
        """Return a number of copies; 0 where none is stated."""
        text = self.values.get(name, "0")
        if not text.isdecimal() or len(text) > 4:
            self.faults.append(Fault(name, say("a whole number is expected")))
            return 0
        return int(text)

    def joined_to(self, filled: Filled) -> Filled:
        """Return the form with the stated values in its blank fields.

        Raises FormValueRefused with all faults; one is a value that the record gives otherwise.
        """
        for name, value in self.values.items():
            known = text_of(filled.values.get(name))
            if known and known != value and self._day_text(value) != known:
                what = say("the record says “{known}”; correct the record", known=known)
                self.faults.append(Fault(name, what))
        if self.faults:
            raise FormValueRefused(count=len(self.faults), faults=tuple(self.faults))
        return Filled({**self.values, **filled.values}, filled.rows)

    def _day_text(self, value: str) -> str:
        period = written_period(value)
        return text_of(period.day) if isinstance(period, UntilDate) else ""


def blanks(form: Form, filled: Filled) -> Iterator[str]:
    """Yield the fields that stay blank and are not for the pen: what the record does not say."""
    for slot in form.slots:
        if not slot.by_hand and filled.values.get(slot.name) is None:
            yield slot.name
    for listing in form.listings:
        entries = filled.rows.get(listing.rows, ())
        if not entries and not all(column.by_hand for column in listing.columns):
            yield listing.rows
        elif entries:
            for column in listing.columns:
                if not column.by_hand and any(column.name not in entry for entry in entries):
                    yield f"{listing.rows}.{column.name}"


def _slot_named(form: Form, name: str) -> Slot | None:
    return next((slot for slot in form.slots if same_name(slot.name, name)), None)


def _not_by_hand(slot: Slot, value: str) -> Message | None:
    """Say why a value may not be stated: a mark comes from an approval alone (法16)."""
    if slot.mark or STAR in value:
        return say("a state-secret mark comes from an approved record, never from hand")
    return None
