"""Where CUPS enters: one print job of a guarded queue, its user told in Chinese.

What is said goes to CUPS line by line: `ERROR:` becomes the message of the job that `lpstat -l`
shows, `STATE:` a keyword of the printer. Nothing said has the title, a level or text of the paper.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dingmi_mark.cli.language import speak
from dingmi_mark.cli.words import words
from dingmi_mark.messages import Message, say
from dingmi_mark.printhook.backend import Backend, Outcome
from dingmi_mark.printhook.job import DISCOVERY, BackendExit

STATES = {BackendExit.HOLD: "dingmi-held", BackendExit.CANCEL: "dingmi-refused"}
_LONGEST = 1000
"""CUPS cuts a message at 1023 bytes, in the middle of a 汉字 if need be."""


def main(argv: Sequence[str] | None = None) -> None:
    """Do one job and end with the code that tells CUPS what next; any bug holds the job."""
    arguments = sys.argv if argv is None else argv
    if len(arguments) == DISCOVERY:
        sys.exit(BackendExit.DONE)
    try:
        code = run(arguments)
    except Exception as error:  # noqa: BLE001 - the border: a bug holds the job
        from dingmi_mark.reference import reference_of

        _write("ERROR", f"暂缓打印（程序错误 {reference_of(error)}）。请告知保密员。")
        code = BackendExit.HOLD
    sys.exit(code)


def run(argv: Sequence[str]) -> int:
    """Do one job and return the code."""
    backend = Backend(dict(os.environ))
    backend.listen()
    speak("zh")
    for state in STATES.values():
        _write("STATE", f"-{state}")
    outcome = backend.run(argv)
    if outcome.answer is not None or outcome.error is not None:
        _tell(outcome)
    return int(outcome.code)


def _tell(outcome: Outcome) -> None:
    held = outcome.code == BackendExit.HOLD
    if outcome.error is not None:
        why, advice = words(outcome.error.message), words(outcome.error.advice)
    else:
        assert outcome.answer is not None
        why, advice = outcome.answer.why, outcome.answer.next
    if not why:
        return
    head = say("Held") if held else say("Refused")
    _write("STATE", f"+{STATES[BackendExit(outcome.code)]}")
    _write("ERROR", _sentence(head, why, advice))


def _sentence(head: Message, why: str, advice: str) -> str:
    why, advice = (" ".join(text.split()) for text in (why, advice))
    return words(say("{head}: {why} What to do: {remedy}", head=head, why=why, remedy=advice))


def _write(kind: str, text: str) -> None:
    line = " ".join(text.split()).encode("utf-8", "backslashreplace")[:_LONGEST]
    sys.stderr.buffer.write(f"{kind}: {line.decode('utf-8', 'ignore')}\n".encode())
    sys.stderr.buffer.flush()


if __name__ == "__main__":
    main()
