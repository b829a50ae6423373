"""Documents from outside are fingerprinted when they are registered, and found like our own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dingmi_mark.domain.known import KnownDocument
from dingmi_mark.errors import DingmiError
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.converting import as_markable
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.pipeline.quote_text import SCAN_SHARE, DocumentText, text_of
from dingmi_mark.pipeline.quoted_points import points_marked
from dingmi_mark.pipeline.quoting import remember
from dingmi_mark.store.office import Office
from dingmi_mark.store.quote_index import POINTS_READING, SOURCE, IndexedText, QuoteIndex


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
    with as_markable(file, office.conversion) as made:
        handler = handler_with(made.path, Access(password, True, sealed=True))
        read = text_of(made.path, handler, office.limits.seconds * SCAN_SHARE)
        placed = points_marked(document.points, read, made.path, handler)
    text = IndexedText(
        SOURCE,
        document.id,
        "",
        document.level.value,
        len(read.normal),
        hashlib.new("sm3", file.read_bytes()).hexdigest(),
        last_secret_day=document.last.isoformat() if document.last else "",
        points=placed.points,
        reading=POINTS_READING,
    )
    secret = office.secret()
    if not remember(office, secret, [(text, read)]):
        _placed_anew(text, read, QuoteIndex(office.folder, secret))
    return (*read.unread, *placed.remarks)


def _placed_anew(text: IndexedText, read: DocumentText, index: QuoteIndex) -> None:
    """Give a text that was there already its points, where it has the same letters throughout."""
    from dingmi_mark.quoting.fingerprints import fingerprints

    if index.has_sketch(text, fingerprints(read.normal.codes, index.key).sketch):
        index.renew([text])
