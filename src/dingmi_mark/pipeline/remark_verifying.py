"""People look through a plan and sign it; so many as the office's policy asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from dingmi_mark.domain.keys import SigningKey
from dingmi_mark.domain.ledger_changes import RemarkVerified
from dingmi_mark.domain.notices import PLAN, statement_bytes
from dingmi_mark.domain.remark_plan import RemarkPlan
from dingmi_mark.errors import PlanNotVerified, VerifierRefused
from dingmi_mark.messages import say
from dingmi_mark.pipeline import clock
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
        key = trust.register.key(act.key_id)
        if act.plan_digest != digest or key is None or key.holder != act.verifier:
            continue
        if trust.doubt(key) is not None or (key.revoked_at and seq > key.revoked_seq):
            continue
        told = (PLAN, plan.office_id, digest, act.verifier, act.key_id, act.signed_at)
        if verify(key.algorithm, key.public_key, statement_bytes(*told), act.signature):
            yield act.verifier
