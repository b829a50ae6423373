"""Take a notice of the originator into the ledger: its document was changed or released."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dingmi_mark.domain.known import KnownDocument
from dingmi_mark.domain.ledger_sources import SourceChanged
from dingmi_mark.domain.reading import period_words
from dingmi_mark.domain.rules.sources import term_of
from dingmi_mark.domain.terms import SecrecyLevel, SecrecyPeriod
from dingmi_mark.errors import (
    SourceChangeUseless,
    SourceNotFromOutside,
    SourceValueMissing,
)
from dingmi_mark.pipeline.known import known_documents, the_document, titled
from dingmi_mark.pipeline.source_adding import NAMES, OPTIONS, Register


@dataclass(frozen=True)
class SourceNotice:
    """What a notice says: its 文号 and day, and what is different from then on.

    `issue_day` is the day from which a new period counts, where it is another than before.
    """

    basis: str
    day: date
    level: SecrecyLevel | None = None
    period: SecrecyPeriod | None = None
    issue_day: date | None = None
    scope: tuple[str, ...] = ()
    released: date | None = None


def change_source(name: str, notice: SourceNotice, desk: Register) -> KnownDocument:
    """Enter a notice and return the document as it stands now.

    Raises SourceUnknown, SourceAmbiguous, SourceNotFromOutside, SourceChangeUseless,
    SourceValueMissing.
    """
    before = the_document(known_documents(desk.ledger), name)
    if before.is_own:
        raise SourceNotFromOutside(name=before.name)
    after = replace(
        before,
        level=notice.level or before.level,
        period=notice.period or before.period,
        issue_day=notice.issue_day or before.issue_day,
        scope=notice.scope or before.scope,
        released=notice.released or before.released,
    )
    if after == before:
        raise SourceChangeUseless(name=before.name)
    # The old last day must not stand in for the day from which a new period counts.
    term = term_of(replace(after, last=None).as_source(), desk.lawbook.rows, desk.today)
    if term.is_unknown and after.issue_day is None:
        raise SourceValueMissing(missing=NAMES["issue_day"], options=OPTIONS["issue_day"])
    desk.ledger.append(
        SourceChanged(
            source_id=before.id,
            basis=notice.basis,
            day=notice.day.isoformat(),
            level=after.level.value,
            period=period_words(after.period) if after.period else "",
            issue_day=after.issue_day.isoformat() if after.issue_day else "",
            last_secret_day=term.last.isoformat() if term.last else "",
            scope=after.scope,
            released=notice.released.isoformat() if notice.released else "",
            at=desk.now,
        )
    )
    return titled(the_document(known_documents(desk.ledger), before.id), desk.office)
