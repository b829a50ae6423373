"""Read back what a marked file says of itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dingmi_mark.domain.label import APPROVAL_NUMBER, LabelUnreadable, facts_of, read_label
from dingmi_mark.errors import CheckNotMarked, DingmiError
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import opening_with, recognised
from dingmi_mark.pipeline.original_words import originals_in_words
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.pipeline.verdicts import ShownLabel
from dingmi_mark.store.office import Limits, Office


def show_file(file: Path, office: Office | None = None) -> ShownLabel:
    """Return the label of a file, read in a worker process.

    Raises CheckNotMarked where it has none, the errors of drafts, and with an office its ledger's.
    """
    limits = office.limits if office else Limits()
    found = run_one(read_shown, (file,), limits)
    if isinstance(found, DingmiError):
        raise found
    number = found.facts.get(APPROVAL_NUMBER)
    if office is None or number is None:
        return found
    return replace(found, originals=originals_in_words(office, number))


def read_shown(file: Path) -> ShownLabel:
    """Read the label; the first record that can be read, strongest carrier first."""
    found = recognised(file)
    handler = opening_with(found, Access(despite_restrictions=True)) if found else None
    embedded = handler.inspect(file).embedded if handler else None
    if handler is None or embedded is None:
        raise CheckNotMarked(str(file))
    for record in embedded.records:
        try:
            facts = facts_of(read_label(record))
        except LabelUnreadable:
            continue
        return ShownLabel(file, handler.name, dict(facts), record, dict(embedded.levels))
    return ShownLabel(file, handler.name, {}, b"", dict(embedded.levels))
