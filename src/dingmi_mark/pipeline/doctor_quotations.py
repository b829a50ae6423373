"""What `doctor` says of the index of quotations, and of reading scans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dingmi_mark.errors import QuoteIndexDamaged
from dingmi_mark.formats.ocr import find_tesseract
from dingmi_mark.messages import say
from dingmi_mark.store.office_ledger import open_ledger
from dingmi_mark.store.quote_index import MARKED, POINTS_READING, QuoteIndex

if TYPE_CHECKING:
    from dingmi_mark.pipeline.doctor import Diagnosis, Patient


def quotations_seen(patient: Patient) -> Iterator[Diagnosis]:
    """Yield how the index stands against the ledger. Raises QuoteIndexDamaged."""
    from dingmi_mark.pipeline.doctor import Diagnosis, Health

    office = patient.office
    index = QuoteIndex(office.folder, office.secret())
    for fault in index.faults():
        raise QuoteIndexDamaged(str(index.folder), cause=fault)
    known = tuple(index.texts())
    texts = {(text.kind, text.approval_number or text.id) for text in known}
    old = sum(text.kind == MARKED and text.reading < POINTS_READING for text in known)
    with open_ledger(office) as ledger:
        marked = {copy.approval_number for copy in ledger.done_copies()}
    yield Diagnosis(
        Health.OK, say("Documents in the index of quotations: {count}.", count=len(texts))
    )
    if missing := marked - {number for kind, number in texts if kind == MARKED}:
        yield Diagnosis(
            Health.REMARK,
            say(
                "{count} marked document(s) are not in it: what is quoted from them is not found.",
                count=len(missing),
            ),
            say("Take them in: dingmi-mark quotes --index"),
        )
    if old:
        yield Diagnosis(
            Health.REMARK,
            say(
                "Of {count} document(s) in it an earlier version of the program placed the "
                "classified points: what is quoted may be told at another level.",
                count=old,
            ),
            say("Place them anew: dingmi-mark quotes --index"),
        )
    if find_tesseract() is None:
        yield Diagnosis(
            Health.REMARK,
            say("tesseract (chi_sim) is not installed: scans are not searched for quotations."),
            say("Have tesseract-ocr and tesseract-ocr-chi-sim installed."),
        )
    else:
        yield Diagnosis(Health.OK, say("tesseract is there: scans are searched for quotations."))
