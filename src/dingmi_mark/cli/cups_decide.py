"""The process that looks at a print job with the rights of the office, and says what comes of it.

It is started by the backend: a question in JSON on standard input, one answer on standard output.
"""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import astuple
from pathlib import Path
from types import FrameType
from typing import Any

from dingmi_mark.cli.language import speak
from dingmi_mark.cli.words import words
from dingmi_mark.domain.printed import PrintOutcome
from dingmi_mark.pipeline.issuing import Issued
from dingmi_mark.printhook.deciding import Decided, Request, decide, settle_all
from dingmi_mark.store.office import read_office


def main() -> None:
    """Answer one question. Whatever fails gives no answer, and the job is held."""
    signal.signal(signal.SIGTERM, _leave)
    speak("zh")
    asked = json.load(sys.stdin)
    if "outcome" in asked:
        issued = [Issued(*one) for one in asked["issued"]]
        settle_all(issued, PrintOutcome(asked["outcome"]), read_office(Path(asked["office"])))
        return
    request = Request(
        office=Path(asked["office"]),
        documents=tuple(asked["documents"]),
        queue=asked["queue"],
        user=asked["user"],
        copies=asked["copies"],
        options=asked["options"],
    )
    json.dump(_shown(decide(request)), sys.stdout)


def _shown(decided: Decided) -> dict[str, Any]:
    return {
        "decision": decided.decision.value,
        "why": words(decided.why) if decided.why else "",
        "next": words(decided.next) if decided.next else "",
        "issued": [astuple(one) for one in decided.issued],
    }


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """End as the interpreter ends, so that private files go."""
    sys.exit(1)


if __name__ == "__main__":
    main()
