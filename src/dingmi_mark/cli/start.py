"""Where the program begins: choose the language, run the command, turn errors into exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from os import environ
from types import TracebackType
from typing import TYPE_CHECKING

import click

from dingmi_mark.cli.language import language_of, speak

if TYPE_CHECKING:
    from dingmi_mark.errors import DingmiError

PROGRAM = "dingmi-mark"
_PACKAGE = "dingmi_mark"
_BUG, _INTERRUPTED = 1, 130


def main() -> None:
    """Run the program as a process of its own."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding must not stop the program at the first 汉字.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:]
    sys.excepthook = _tell_bug
    sys.exit(run(arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code; what is not expected passes."""
    speak(language_of(arguments, environ))
    from dingmi_mark.cli.main import cli
    from dingmi_mark.cli.session import Session
    from dingmi_mark.errors import DingmiError

    try:
        code = cli.main(list(arguments), prog_name=PROGRAM, standalone_mode=False, obj=Session())
    except click.ClickException as error:
        return _usage(error, arguments)
    except (click.Abort, KeyboardInterrupt):
        return _interrupted(arguments)
    except DingmiError as error:
        return _expected(error, arguments)
    return int(code or 0)


def wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether the answer is for another program, also when the command line is wrong."""
    before = list(arguments)
    if "--" in before:
        before = before[: before.index("--")]
    return "--json" in before


def _expected(error: DingmiError, arguments: Sequence[str]) -> int:
    from dingmi_mark.cli.shown import error_shown
    from dingmi_mark.cli.telling import tell_error, tell_json

    if wants_json(arguments):
        tell_json("error", error.code, error=error_shown(error))
    tell_error(error)
    return int(error.code)


def _usage(error: click.ClickException, arguments: Sequence[str]) -> int:
    if wants_json(arguments):
        from dingmi_mark.cli.telling import tell_json

        fault = {"code": error.exit_code, "kind": "Usage", "says": error.format_message()}
        tell_json("error", error.exit_code, error=fault)
    error.show()
    return error.exit_code


def _interrupted(arguments: Sequence[str]) -> int:
    from dingmi_mark.cli.telling import tell_json, tell_note
    from dingmi_mark.messages import say

    if wants_json(arguments):
        tell_json("interrupted", _INTERRUPTED)
    tell_note(say("Interrupted. What was finished stays; run the same command again."))
    return _INTERRUPTED


def _tell_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of an error nobody foresaw, without a word of its text: it may quote a document."""
    if isinstance(error, KeyboardInterrupt):
        return
    from dingmi_mark.cli.telling import tell_json, tell_note
    from dingmi_mark.messages import say
    from dingmi_mark.reference import reference_of

    reference = reference_of(error.with_traceback(trace))
    if wants_json(sys.argv[1:]):
        tell_json("error", _BUG, error={"code": _BUG, "kind": "Bug", "reference": reference})
    tell_note(
        say(
            "The program failed in a way nobody foresaw. Drafts are untouched.\n"
            "Run dingmi-mark doctor, and report this reference, which holds nothing of your "
            "files: {reference}",
            reference=reference,
        )
    )
