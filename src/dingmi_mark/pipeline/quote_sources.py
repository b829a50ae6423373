"""Documents from outside are fingerprinted when they are registered, and found like our own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dingmi_mark.domain.known import KnownDocument
from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.pipeline.quotes import read_text
from dingmi_mark.pipeline.quoting import remember
from dingmi_mark.store.office import Office
from dingmi_mark.store.quote_index import SOURCE, IndexedText


def remember_source(
    file: Path, document: KnownDocument, office: Office, password: str = ""
) -> tuple[Message, ...]:
    """Fingerprint a registered document in a worker; tell what of it cannot be found again.

    A failure costs no registration: registering the same file once more makes good for it.
    """
    found = run_one(_remembered, (file, document, office, password), office.limits)
    if isinstance(found, DingmiError):
        return (
            say(
                "It is registered, but its text was not kept to find quotations ({why}). Register "
                "the same file once more afterwards.",
                why=found.message,
            ),
        )
    return found


def _remembered(
    file: Path, document: KnownDocument, office: Office, password: str
) -> tuple[Message, ...]:
    read = read_text(file, office, password)
    text = IndexedText(
        SOURCE,
        document.id,
        "",
        document.level.value,
        len(read.normal),
        hashlib.new("sm3", file.read_bytes()).hexdigest(),
        last_secret_day=document.last.isoformat() if document.last else "",
    )
    remember(office, office.secret(), [(text, read)])
    return read.unread
