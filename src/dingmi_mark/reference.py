"""Name a bug for people who report it, without a word of its text: it may quote a document."""

from __future__ import annotations

from types import TracebackType

_PACKAGE = __name__.partition(".")[0]


def reference_of(error: BaseException) -> str:
    """Return the kind of an error and where in our own code it came up, never its text."""
    places = []
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.split(".")[0] == _PACKAGE:
            places.append(f"{module.partition('.')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return "@".join((type(error).__name__, ">".join(places)))
