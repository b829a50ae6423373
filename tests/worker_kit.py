"""Work for worker processes that ends in every way; workers import it by name."""

from __future__ import annotations

import os
import signal
import time

from dingmi_mark.errors import DraftBroken
from dingmi_mark.messages import say


def well(number: int) -> str:
    return f"done {number}"


def crash() -> str:
    os.kill(os.getpid(), signal.SIGSEGV)
    return "never"


def bomb() -> str:
    return "x" * (4 << 30)


def endless() -> str:
    while True:
        time.sleep(0.1)


def endless_with(_: object) -> str:
    return endless()


def bug() -> str:
    raise KeyError("words of the draft")


def expected() -> str:
    raise DraftBroken(cause=say("it is cut off"))


def out_of_order() -> str:
    from dingmi_mark.domain.ledger import EntryOutOfOrder

    raise EntryOutOfOrder("x")


def mupdf_fails() -> str:
    import pymupdf

    pymupdf.mupdf.fz_throw  # noqa: B018 - it is there, and raises as the library does
    raise pymupdf.mupdf.FzErrorBase(1, "words of the draft")
