"""People look through a plan and sign it; so many as the office's policy asks for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.keys import SigningKey
from dingmi_mark.domain.ledger_changes import RemarkVerified
from dingmi_mark.domain.ledger_legacy import LegacyConfirmed
from dingmi_mark.domain.notices import LEGACY, PLAN, legacy_files_digest, statement_bytes
from dingmi_mark.domain.remark_plan import LegacyFile, PlannedFile, RemarkPlan
from dingmi_mark.errors import LegacyNotConfirmable, PlanNotVerified, VerifierRefused
from dingmi_mark.messages import say
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.pipeline.notices import NoticeDesk, registered_notice
from dingmi_mark.pipeline.trust import Trust, refuse_if_clock_set_back
from dingmi_mark.store.signatures import Signer, verify

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


def newest_key(trust: Trust, holder: str) -> SigningKey:
    """Return the newest key in use of a person in any role. Raises VerifierRefused."""
    today = clock.today()
    for key in reversed(trust.register.keys):
        if key.holder == holder and key.is_in_use and not key.expired_on(today):
            return key
    raise VerifierRefused(name=holder, cause=say("he has no key in use"))


def verify_plan(
    plan: RemarkPlan,
    digest: str,
    key: SigningKey,
    make_signer: Callable[[], Signer],
    desk: NoticeDesk,
) -> tuple[str, ...]:
    """Sign a plan; return who signed it so far.

    Raises VerifierRefused, NoticeUnknown, NoticeAltered, KeyUnusable, PassphraseWrong.
    """
    registered_notice(plan.notice_number, desk)
    if key.holder in verifiers_of(plan, digest, desk.ledger, desk.trust):
        raise VerifierRefused(name=key.holder, cause=say("he has signed it already"))
    doubt = desk.trust.doubt(key)
    if doubt is not None:
        raise VerifierRefused(name=key.holder, cause=doubt)
    now = clock.now()
    refuse_if_clock_set_back(desk.ledger, now)
    message = statement_bytes(PLAN, plan.office_id, digest, key.holder, key.key_id, now)
    value = make_signer().sign(message)
    ids = (key.holder, key.key_id, value, now, now)
    desk.ledger.append(RemarkVerified(plan.notice_number, digest, *ids))
    return verifiers_of(plan, digest, desk.ledger, desk.trust)


def confirm_files(
    plan: RemarkPlan,
    digest: str,
    paths: Sequence[Path],
    key: SigningKey,
    make_signer: Callable[[], Signer],
    desk: NoticeDesk,
) -> None:
    """Sign that these very files, which others marked, are those of the notice.

    Raises LegacyNotConfirmable, VerifierRefused, KeyUnusable, PassphraseWrong.
    """
    files = tuple(dict.fromkeys(_file_of(path, plan).sm3 for path in paths))
    doubt = desk.trust.doubt(key)
    if doubt is not None:
        raise VerifierRefused(name=key.holder, cause=doubt)
    now = clock.now()
    refuse_if_clock_set_back(desk.ledger, now)
    told = legacy_files_digest(digest, files)
    message = statement_bytes(LEGACY, plan.office_id, told, key.holder, key.key_id, now)
    value = make_signer().sign(message)
    ids = (key.holder, key.key_id, value, now, now)
    desk.ledger.append(LegacyConfirmed(plan.notice_number, digest, files, *ids))


def _file_of(path: Path, plan: RemarkPlan) -> LegacyFile:
    """Return the plan's file at a path, as it lies there now. Raises LegacyNotConfirmable."""
    place = os.path.join(os.path.realpath(path.parent), path.name)
    found = next((one for one in plan.legacy if one.path == place), None)
    if found is None:
        cause = say("the plan does not list it as marked before this program")
        raise LegacyNotConfirmable(str(path), cause=cause)
    if read_bytes_of(path, most_mib=ANY_SIZE_MIB).digests.sm3 != found.sm3:
        raise LegacyNotConfirmable(str(path), cause=say("the file was changed since"))
    return found


@dataclass(frozen=True)
class ConfirmedPart:
    """Of the files that others marked: those that enough people confirmed, and the rest."""

    confirmed: tuple[PlannedFile, ...]
    unconfirmed: tuple[str, ...]


def confirmed_part(plan: RemarkPlan, digest: str, desk: NoticeDesk) -> ConfirmedPart:
    """Return which files that others marked may be touched: each confirmed by as many people as
    the office asks for.
    """
    wanted = desk.office.policies.remark_verifiers
    by_file: dict[str, set[str]] = {}
    for seq, act in desk.ledger.acts(LegacyConfirmed, subject=plan.notice_number):
        told = (LEGACY, plan.office_id, legacy_files_digest(digest, act.files))
        if act.plan_digest == digest and _counts(act, told, seq, desk.trust):
            for sm3 in act.files:
                by_file.setdefault(sm3, set()).add(act.verifier)
    enough = {sm3 for sm3, names in by_file.items() if len(names) >= wanted}
    return ConfirmedPart(
        tuple(one.planned for one in plan.legacy if one.sm3 in enough),
        tuple(one.path for one in plan.legacy if one.sm3 not in enough),
    )


def refuse_unverified(plan: RemarkPlan, digest: str, desk: NoticeDesk) -> None:
    """Raise PlanNotVerified where fewer people signed the plan than the office asks for."""
    wanted = desk.office.policies.remark_verifiers
    names = verifiers_of(plan, digest, desk.ledger, desk.trust)
    if len(names) < wanted:
        told = "、".join(names) or "-"
        raise PlanNotVerified(wanted=wanted, count=len(names), names=told)


def verifiers_of(plan: RemarkPlan, digest: str, ledger: Ledger, trust: Trust) -> tuple[str, ...]:
    """Return who signed a plan with signatures that count, each person once."""
    return tuple(dict.fromkeys(_counting(plan, digest, ledger, trust)))


def _counting(plan: RemarkPlan, digest: str, ledger: Ledger, trust: Trust) -> Iterator[str]:
    for seq, act in ledger.acts(RemarkVerified, subject=plan.notice_number):
        told = (PLAN, plan.office_id, digest)
        if act.plan_digest == digest and _counts(act, told, seq, trust):
            yield act.verifier


def _counts(
    act: RemarkVerified | LegacyConfirmed, told: tuple[str, str, str], seq: int, trust: Trust
) -> bool:
    """Tell whether a signature is good, by a key that counts and counted then."""
    key = trust.register.key(act.key_id)
    if key is None or key.holder != act.verifier:
        return False
    if trust.doubt(key) is not None or (key.revoked_at and seq > key.revoked_seq):
        return False
    message = statement_bytes(*told, act.verifier, act.key_id, act.signed_at)
    return verify(key.algorithm, key.public_key, message, act.signature)
