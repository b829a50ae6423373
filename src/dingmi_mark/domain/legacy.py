"""Papers of the office's archive that others marked before this program was there.

The ledger does not know them: a notice says what their mark means, and a person confirms which
file it is. Pure values; where the mark stands on a page is another's business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    Decision,
    DraftIdentity,
    OfficerDecision,
    Original,
    Person,
    Proposal,
    Secrecy,
)
from dingmi_mark.domain.identity import opaque_id
from dingmi_mark.domain.known import KnownDocument
from dingmi_mark.domain.ledger_legacy import LegacyDescribed
from dingmi_mark.domain.reading import ReadMark, period_words, written_period
from dingmi_mark.domain.terms import Marking, SecrecyLevel, SecrecyPeriod, last_secret_day, plain


@dataclass(frozen=True)
class OldMark:
    """What a notice says of the mark that a paper bears, and from which day its period counts.

    `period` is the one in force, also where the paper states none. `organ` is who decided at
    first; empty: this office itself.
    """

    level: SecrecyLevel
    period: SecrecyPeriod
    issue_day: date | None = None
    organ: str = ""


@dataclass(frozen=True)
class LegacyPaper:
    """A paper that was marked before this program, with its old mark.

    `digests` name its file where the notice or a registration gives them (`sm3:…`, `sha256:…`,
    `content:…`). The ids are opaque and the same for every notice about it.
    """

    document_id: str
    marking_id: str
    document_number: str
    title: str = field(repr=False)
    organ: str
    level: SecrecyLevel
    period: SecrecyPeriod
    issue_day: date | None
    digests: tuple[str, ...] = ()
    title_digest: str = ""

    @property
    def marking(self) -> Marking:
        """What its old mark means."""
        return Marking(self.level, self.period)

    def says(self, old: OldMark, own: str) -> bool:
        """Tell whether what a notice says of the old mark is what is known of it."""
        told = (old.level, old.period, old.issue_day, plain(old.organ or own))
        return told == (self.level, self.period, self.issue_day, plain(self.organ))

    def borne_by(self, read: ReadMark) -> bool:
        """Tell whether a mark as it was read is the old one; it may leave its period out."""
        period = self.period if read.period is None else read.period
        return ReadMark(read.level, period, read.wording, read.conforms).says(self.marking)


def legacy_ids(secret: bytes, name: str) -> tuple[str, str]:
    """Return the ids of a paper and of its old marking, by what names it."""
    document = opaque_id(secret, "legacy", name)
    return document, opaque_id(secret, "legacy-marking", document)


def legacy_copy_id(secret: bytes, sm3: str) -> str:
    """Return the id of one file of such a paper, by its bytes before anything was struck."""
    return opaque_id(secret, "legacy-copy", sm3)


def registered_paper(
    document: KnownDocument, secret: bytes, old: OldMark | None
) -> LegacyPaper | None:
    """Return the paper of a registration; None where nobody says how long it is secret."""
    period = document.period or (old.period if old else None)
    if period is None:
        return None
    return LegacyPaper(
        *legacy_ids(secret, document.id),
        document_number=document.document_number,
        title=document.title,
        organ=document.organ,
        level=document.level,
        period=period,
        issue_day=document.issue_day,
        digests=document.digests,
        title_digest=document.title_digest,
    )


def described(paper: LegacyPaper, notice_number: str, at: str) -> LegacyDescribed:
    """Return the entry of the ledger that describes a paper."""
    start = paper.issue_day
    last = last_secret_day(paper.period, start) if start else None
    return LegacyDescribed(
        document_id=paper.document_id,
        marking_id=paper.marking_id,
        document_number=paper.document_number,
        title_digest=paper.title_digest,
        organ=paper.organ,
        level=paper.level.value,
        period=period_words(paper.period),
        issue_day=start.isoformat() if start else "",
        last_secret_day=last.isoformat() if last else "",
        digests=paper.digests,
        notice_number=notice_number,
        at=at,
    )


def paper_of(entry: LegacyDescribed, title: str = "") -> LegacyPaper:
    """Return the paper that an entry describes; its title does not stand there."""
    period = written_period(entry.period)
    assert period is not None, "the ledger holds periods as they are written"
    return LegacyPaper(
        document_id=entry.document_id,
        marking_id=entry.marking_id,
        document_number=entry.document_number,
        title=title,
        organ=entry.organ,
        level=SecrecyLevel(entry.level),
        period=period,
        issue_day=date.fromisoformat(entry.issue_day) if entry.issue_day else None,
        digests=entry.digests,
        title_digest=entry.title_digest,
    )


def legacy_record(paper: LegacyPaper) -> ApprovalRecord:
    """Return the decision behind an old mark, so far as it is known, for the rules of changes.

    Who proposed and decided, and on what basis, nobody can tell: these stay empty.
    """
    marking = Secrecy(paper.marking)
    day = paper.issue_day
    return ApprovalRecord(
        number="",
        organ=paper.organ,
        draft=DraftIdentity(paper.title, paper.document_number, issue_day=day),
        classification=Original(),
        proposal=Proposal(Person(""), marking),
        decision=OfficerDecision(Decision.AGREED, day),
    )


def stands_whole(wanted: str, lines: Iterable[str]) -> bool:
    """Tell whether a 文号 or title stands there by itself, in one line or in several that follow.

    One that is named within a sentence says only that the paper speaks of another one.
    """
    text = plain(wanted)
    shown = [plain(line) for line in lines]
    for start in range(len(shown)):
        rest = text
        for line in shown[start:]:
            if not line or not rest.startswith(line):
                break
            rest = rest.removeprefix(line)
            if not rest:
                return True
    return False
