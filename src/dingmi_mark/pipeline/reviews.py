"""Reviews of secrets: what waits, and writing down what came of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from dingmi_mark.domain.known import SHORTEST_ID
from dingmi_mark.domain.law import Finding, Lawbook, LawRow
from dingmi_mark.domain.ledger_reviews import ReviewDone, StatisticsFiled
from dingmi_mark.domain.reviewing import (
    Occasion,
    OpenReview,
    Outcome,
    open_reviews,
    secrets_to_review,
)
from dingmi_mark.domain.rules.yearly import StatisticsCase, examine_statistics
from dingmi_mark.domain.secret import Origin, Secret
from dingmi_mark.domain.terms import plain
from dingmi_mark.errors import ReviewDayRefused, SecretAmbiguous, SecretOver, SecretUnknown
from dingmi_mark.pipeline.secrets import secrets_of

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

RULE = "yearly-review"


def reviews_open(
    secrets: Iterable[Secret], ledger: Ledger, lawbook: Lawbook, today: date
) -> tuple[OpenReview, ...]:
    """Return what waits for a review or for its outcome, by the law of today."""
    row = rule_row(lawbook, today)
    if row is None:
        return ()
    return open_reviews(secrets, _done(ledger), today, row.number("months"))


def statistics_due(
    secrets: Iterable[Secret], ledger: Ledger, lawbook: Lawbook, today: date
) -> Finding | None:
    """Return the reminder of last year's statistics, where there is anything to tell of."""
    if not any(secret.first.since.year < today.year for secret in secrets):
        return None
    filed = max((act.year for _, act in ledger.acts(StatisticsFiled)), default=None)
    return next(iter(examine_statistics(StatisticsCase(today, filed), lawbook)), None)


def rule_row(lawbook: Lawbook, today: date) -> LawRow | None:
    """Return the row that asks for a review of every year."""
    return lawbook.row(RULE, today)


def not_reviewed_for(occasion: Occasion, ledger: Ledger, today: date) -> tuple[Secret, ...]:
    """Return our secrets that were not looked at for this occasion since their last decision."""
    seen = {
        (review.document_id, review.occasion): review.day
        for review in sorted(_done(ledger), key=lambda review: review.day)
    }
    return tuple(
        secret
        for secret in secrets_to_review(secrets_of(ledger).secrets, today)
        if seen.get((secret.id, occasion.value), "") < secret.state_on(today).since.isoformat()
    )


def reviews_of(secret: Secret, ledger: Ledger) -> tuple[ReviewDone, ...]:
    """Return the reviews of a secret, in the order they were written down."""
    return tuple(act for _, act in ledger.acts(ReviewDone, subject=secret.id))


def secret_named(name: str, ledger: Ledger) -> Secret:
    """Return our secret by its approval, its 文号 or the beginning of its id.

    Raises SecretUnknown, SecretAmbiguous.
    """
    asked = plain(name)
    own = [each for each in secrets_of(ledger).secrets if each.origin is Origin.OWN]
    found = [
        each
        for each in own
        if asked in (plain(each.approval_number), plain(each.document_number), each.id)
        or (len(asked) >= SHORTEST_ID and each.id.startswith(asked))
    ]
    if not found:
        raise SecretUnknown(name=name)
    if len(found) > 1:
        ids = "、".join(each.id[:SHORTEST_ID] for each in found)
        raise SecretAmbiguous(name=name, count=len(found), found=ids)
    return found[0]


def record_review(
    secret: Secret,
    occasion: Occasion,
    outcome: Outcome,
    told: tuple[str, str],
    day: date,
    ledger: Ledger,
    now: str,
) -> ReviewDone:
    """Write down what came of a review; `told` is its basis and who decided.

    Raises SecretOver, ReviewDayRefused.
    """
    ending = secret.ending
    if ending is not None and ending.day <= day:
        raise SecretOver(day=str(ending.day), how=ending.kind.value)
    if day < secret.first.since:
        raise ReviewDayRefused(day=str(day), since=str(secret.first.since))
    basis, by = told
    act = ReviewDone(
        secret.id, secret.approval_number, occasion.value, outcome.value, basis, by,
        day.isoformat(), now,
    )  # fmt: skip
    ledger.append(act)
    return act


def _done(ledger: Ledger) -> list[ReviewDone]:
    return [act for _, act in ledger.acts(ReviewDone)]
