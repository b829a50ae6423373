"""审核: which secrets have to be looked at again, and which outcomes are not carried out yet.

保守国家秘密法(2024)第二十四条: every year. 国家秘密解密暂行办法(2020)第四条: before the end,
before information is published, before a transfer to the archives. 派生办法(2023)第十二条
(remembered): when the source of a derived paper changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from dingmi_mark.domain.ledger_reviews import ReviewDone
from dingmi_mark.domain.reminders import is_review_due
from dingmi_mark.domain.secret import Origin, Secret


class Occasion(Enum):
    """Why a secret is looked at again."""

    YEARLY = "年度审核"
    PERIOD = "届满前审核"
    PUBLICATION = "公开前审核"
    ARCHIVES = "移交档案馆前审核"
    SOURCE = "来源变更后审核"


class Outcome(Enum):
    """What came of it."""

    KEPT = "继续保密"
    CHANGED = "变更"
    EXTENDED = "延长期限"
    RELEASED = "解密"


TO_CARRY_OUT: Final = frozenset({Outcome.CHANGED, Outcome.EXTENDED, Outcome.RELEASED})
"""Outcomes that ask for a notice of change or release."""


class ReviewState(Enum):
    """How a secret stands: not looked at in time, or decided and not carried out."""

    DUE = "due"
    DECIDED = "decided"


@dataclass(frozen=True)
class OpenReview:
    """A secret that waits: `seen` is when it was decided or reviewed last, `last` that review."""

    state: ReviewState
    secret: Secret
    seen: date
    last: ReviewDone | None = None


def open_reviews(
    secrets: Iterable[Secret], reviews: Iterable[ReviewDone], day: date, months: int
) -> tuple[OpenReview, ...]:
    """Return what waits on a day, the longest not seen first; `months` between two reviews."""
    by_document: dict[str, list[ReviewDone]] = {}
    for review in reviews:
        by_document.setdefault(review.document_id, []).append(review)
    found = [
        one
        for secret in secrets
        if secret.origin is Origin.OWN and secret.is_secret_on(day)
        for one in _of(secret, by_document.get(secret.id, []), day, months)
    ]
    return tuple(sorted(found, key=lambda one: (one.seen, one.secret.name)))


def secrets_to_review(secrets: Iterable[Secret], day: date) -> tuple[Secret, ...]:
    """Return all of our own that are secret on a day: before publication or transfer, each."""
    return tuple(
        secret for secret in secrets if secret.origin is Origin.OWN and secret.is_secret_on(day)
    )


def _of(secret: Secret, reviews: list[ReviewDone], day: date, months: int) -> Iterator[OpenReview]:
    last = sorted(reviews, key=lambda review: review.day)[-1] if reviews else None
    decided = secret.state_on(day).since
    reviewed = date.fromisoformat(last.day) if last is not None else decided
    is_made = any(change.day >= reviewed for change in secret.changes)
    if last is not None and Outcome(last.outcome) in TO_CARRY_OUT and not is_made:
        yield OpenReview(ReviewState.DECIDED, secret, reviewed, last)
        return
    seen = max(decided, reviewed)
    if is_review_due(seen, day, months):
        yield OpenReview(ReviewState.DUE, secret, seen, last)
