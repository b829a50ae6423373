"""The process that looks at a print job with the rights of the office, and says what comes of it.

It is started by the backend: a question in JSON on standard input, one answer on standard output.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dingmi_mark.printhook.deciding import Decided, Request


def main() -> None:
    """Answer one question. Whatever fails gives no answer, and the job is held."""
    signal.signal(signal.SIGTERM, _leave)
    asked = json.load(sys.stdin)
    if "outcome" in asked:
        _settle(asked)
    elif "cancelled" in asked:
        _void(asked)
    elif asked.get("failed"):
        from dingmi_mark.printhook.deciding import failed

        failed(_request(asked))
    else:
        _answer(_request(asked))


def _answer(request: Request) -> None:
    from dingmi_mark.cli.language import speak
    from dingmi_mark.printhook.deciding import decide, withdraw

    speak("zh")
    # A worker's own output goes nowhere: the answer keeps its way.
    answer = os.dup(sys.stdout.fileno())
    decided = decide(request)
    shown = {**_shown(decided), "page": _page(decided, request)}
    try:
        with os.fdopen(answer, "w", encoding="utf-8") as stream:
            json.dump(shown, stream)
    except BrokenPipeError:
        # Nobody waits for the answer any more: what was issued never goes to paper.
        withdraw(decided, request)


def _page(decided: Decided, request: Request) -> int:
    """Write the page that tells of a refusal, in both languages; return its length in bytes."""
    from dingmi_mark.cli.language import speak
    from dingmi_mark.cli.words import words
    from dingmi_mark.domain.printing import PrintDecision
    from dingmi_mark.messages import say
    from dingmi_mark.printhook.deciding import append_page

    if decided.decision is not PrintDecision.REFUSE or not decided.why or not decided.next:
        return 0
    paragraphs: list[str] = []
    for language in ("zh", "en"):
        speak(language)
        paragraphs += [
            words(say("This print job was refused.")),
            words(say("Why: {why}", why=decided.why)),
            words(say("What to do: {remedy}", remedy=decided.next)),
        ]
    speak("zh")
    return append_page(request, paragraphs)


def _settle(asked: Mapping[str, Any]) -> None:
    from dingmi_mark.domain.printed import PrintOutcome
    from dingmi_mark.pipeline.issuing import Issued, settle_all
    from dingmi_mark.store.office import read_office

    issued = [Issued(*one) for one in asked["issued"]]
    settle_all(issued, PrintOutcome(asked["outcome"]), read_office(Path(asked["office"])))


def _void(asked: Mapping[str, Any]) -> None:
    from dingmi_mark.pipeline.issuing import void_of_job
    from dingmi_mark.store.office import read_office
    from dingmi_mark.store.office_ledger import open_ledger

    with open_ledger(read_office(Path(asked["office"]))) as ledger:
        void_of_job(asked["cancelled"], ledger)


def _request(asked: Mapping[str, Any]) -> Request:
    from dingmi_mark.printhook.deciding import Request

    return Request(
        office=Path(asked["office"]),
        documents=tuple(asked["documents"]),
        queue=asked["queue"],
        user=asked["user"],
        copies=asked["copies"],
        options=asked["options"],
        job=asked["job"],
        output=asked["output"],
    )


def _shown(decided: Decided) -> dict[str, Any]:
    from dingmi_mark.cli.words import words

    return {
        "decision": decided.decision.value,
        "why": words(decided.why) if decided.why else "",
        "next": words(decided.next) if decided.next else "",
        "issued": [astuple(one) for one in decided.issued],
        "papers": [(astuple(one.issued), one.size) for one in decided.papers],
    }


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """End as the interpreter ends, so that private files go."""
    sys.exit(1)


if __name__ == "__main__":
    main()
