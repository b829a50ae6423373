"""The secrets that an office's ledger knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dingmi_mark.domain.secrets_known import SECRET_ACTS, SecretsKnown, secrets_known

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


def secrets_of(ledger: Ledger) -> SecretsKnown:
    """Return every secret, by the finished markings and the acts about them."""
    return secrets_known(ledger.marked_copies(), (act for _, act in ledger.acts(*SECRET_ACTS)))
