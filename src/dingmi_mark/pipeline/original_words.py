"""Where unmarked originals are, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, assert_never

from dingmi_mark.domain.ledger_drafts import DraftLeft
from dingmi_mark.domain.originals import Outcome
from dingmi_mark.messages import N_, Message, say
from dingmi_mark.pipeline.converting import conversion_words
from dingmi_mark.pipeline.originals import originals_of
from dingmi_mark.store.office_ledger import open_ledger

if TYPE_CHECKING:
    from dingmi_mark.store.office import Office

_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "changed": N_("it was changed after it was marked"),
        "other_names": N_("it has other names on the disk (hard links)"),
        "link": N_("it was given by a link"),
        "write_protected": N_("it is write-protected"),
        "not_removed": N_("it could not be removed"),
        "marked_copy_missing": N_("a marked copy was not there"),
        "archive_full": N_("the disk of the archive was full"),
        "archive_not_writable": N_("the archive could not be written"),
    }
)


def left_words(outcome: Outcome, origin: str, place: str) -> Message:
    """Say what became of an original and where it is."""
    match outcome:
        case Outcome.KEPT:
            return say("Original kept: {place}", place=place)
        case Outcome.ARCHIVED:
            return say("Original moved to the archive: {place}", place=place)
        case Outcome.DELETED:
            return say("Original deleted: {origin}", origin=origin)
        case Outcome.REMAINS:
            return say("Original still there: {origin}", origin=origin)
        case _:
            assert_never(outcome)


def reason_words(left: DraftLeft) -> Message:
    """Say why an original remains."""
    return Message(_REASONS.get(left.reason, N_("see the ledger")), {})


def originals_in_words(office: Office, approval_number: str) -> tuple[Message, ...]:
    """Say what an approval's files were converted from, and where every original is now."""
    with open_ledger(office) as ledger:
        converted = conversion_words(ledger, approval_number)
        told = _told(office.folder, originals_of(ledger, approval_number))
        return (*((converted,) if converted else ()), *told)


def _told(folder: Path, lefts: tuple[DraftLeft, ...]) -> Iterator[Message]:
    # The draft and the copy beside its record lie as one file in the archive.
    for left in {(left.outcome, left.place or left.origin): left for left in lefts}.values():
        place = str(folder / left.place) if left.place else ""
        yield left_words(Outcome(left.outcome), str(folder / left.origin), place)
