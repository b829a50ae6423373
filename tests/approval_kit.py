"""An office with three people and their keys, and records on their way, for whole-way tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dingmi_mark.domain.approval import ApprovalRecord, Decision, OfficerDecision, Secrecy
from dingmi_mark.domain.keys import ED25519, SigningKey
from dingmi_mark.domain.office_time import office_day
from dingmi_mark.domain.signing import Role
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.approving import Hand, Secretariat, decide, give_opinion, hand_in
from dingmi_mark.pipeline.enrolling import confirm_key, offer_key
from dingmi_mark.pipeline.trust import trust_of
from dingmi_mark.store.approval_tree import KeptRecord
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.signatures import Signer, make_key_file
from office_kit import Room, new_room, pdf
from record_kit import OFFICER, record

DRAFTER = "王样例"
SECURITY = "赵样例"
REVIEWER = "李样例"
PASSPHRASE = "样例口令 12345678"
NUMBER = "示密审〔2026〕31号"


def moment() -> str:
    """Return now as the ledger keeps it."""
    return clock.now()


@dataclass
class People:
    """A room, and the hands of its people."""

    room: Room
    hands: dict[str, Hand]

    @contextmanager
    def desk(self) -> Iterator[Secretariat]:
        """Open the secretariat."""
        office = self.room.office
        now = clock.now()
        with self.room.ledger() as ledger:
            lawbook = read_lawbook(office.profile)
            yield Secretariat(office, ledger, trust_of(ledger), lawbook, office_day(now), now)

    def hand_in(self, approval: ApprovalRecord, draft: Path) -> KeptRecord:
        """Let the drafter hand in a proposal."""
        with self.desk() as desk:
            return hand_in(approval, draft, self.hands[DRAFTER], desk)[0]

    def opine(self, kept: KeptRecord, who: str = SECURITY, text: str = "同意") -> KeptRecord:
        """Let the security officer or the reviewer give an opinion."""
        with self.desk() as desk:
            return give_opinion(kept, self.hands[who], text, desk)

    def decide(
        self,
        kept: KeptRecord,
        decision: Decision = Decision.AGREED,
        corrected: Secrecy | None = None,
        who: str = OFFICER,
    ) -> KeptRecord:
        """Let the officer decide."""
        with self.desk() as desk:
            chosen = OfficerDecision(decision, desk.today, "样例意见", corrected)
            return decide(kept, self.hands[who], chosen, desk)

    def approved(self, approval: ApprovalRecord, draft: Path) -> KeptRecord:
        """Take a proposal all the way."""
        return self.decide(self.opine(self.hand_in(approval, draft)))


def key_for(
    room: Room, folder: Path, name: str, role: Role, *, algorithm: str = ED25519
) -> tuple[SigningKey, Signer]:
    """Make a key and offer it; the first of an office counts at once."""
    folder.mkdir(exist_ok=True)
    signer = make_key_file(folder / f"{name}.pem", algorithm, PASSPHRASE)
    with room.ledger() as ledger:
        return offer_key(ledger, signer, name, role, None, moment()), signer


def people(folder: Path, *, algorithm: str = ED25519) -> People:
    """Make an office in which the drafter, the security officer and the officer have keys."""
    room = new_room(folder)
    hands: dict[str, Hand] = {}
    roles = {
        SECURITY: Role.SECURITY,
        DRAFTER: Role.DRAFTER,
        REVIEWER: Role.REVIEWER,
        OFFICER: Role.OFFICER,
    }
    for name, role in roles.items():
        key, signer = key_for(room, folder / "keys", name, role, algorithm=algorithm)
        hands[name] = Hand(name, "", key, signer)
        if name != SECURITY:
            confirm(room, key, hands[SECURITY])
    return People(room, hands)


def confirm(room: Room, key: SigningKey, witness: Hand) -> None:
    """Let the security officer confirm a key."""
    assert witness.key is not None and witness.signer is not None
    with room.ledger() as ledger:
        known = trust_of(ledger).register.key(witness.key.key_id)
        assert known is not None
        confirm_key(ledger, key, known, witness.signer, moment())


def proposal(number: str = NUMBER, **changes: object) -> ApprovalRecord:
    """A complete proposal that nobody has seen yet."""
    whole = record(number=number, files=(), **changes)  # type: ignore[arg-type]
    return replace(
        whole,
        officer=None,
        decision=None,
        review=None,
        security_review=None,
        draft=replace(whole.draft, issue_day=clock.today()),
    )


def put_draft(room: Room, name: str = "通知.pdf", content: bytes | None = None) -> Path:
    """Put a draft into the drafts folder."""
    return room.put(name, pdf() if content is None else content)


def sm3(content: bytes) -> str:
    """Return the digest as records give it."""
    return "sm3:" + hashlib.new("sm3", content).hexdigest()
