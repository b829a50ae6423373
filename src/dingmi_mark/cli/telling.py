"""Say things: results on stdout, messages on stderr."""

from __future__ import annotations

import json
import re
from gettext import gettext
from typing import Any

import click

from dingmi_mark.cli.words import error_lines, harmless, words
from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import Message, say

JSON_SCHEMA = 1
"""Raised when a field of the JSON answers is removed or changes its meaning."""

_ALONE = re.compile("[\ud800-\udfff]")


def tell(message: Message, *, indent: int = 0) -> None:
    """Say a result, `indent` columns from the left."""
    click.echo(" " * indent + words(message))


def tell_line(line: str) -> None:
    """Write a line of a result that is in words already."""
    click.echo(line)


def tell_note(message: Message) -> None:
    """Say something that is no result."""
    click.echo(words(message), err=True)


def tell_error(error: DingmiError) -> None:
    """Say what went wrong, where, why, and what to do next."""
    head = words(say("Error {code}", code=int(error.code)))
    if error.where:
        head = gettext("{head}: {where}").format(head=head, where=harmless(error.where))
    click.echo(head, err=True)
    for line in error_lines(error):
        click.echo(f"  {line}", err=True)


def tell_json(
    status: str, code: int, *, result: Any = None, error: dict[str, Any] | None = None
) -> None:
    """Write the one shape of all answers to programs."""
    answer = {
        "schema": JSON_SCHEMA,
        "status": status,
        "code": int(code),
        "result": result,
        "error": error,
    }
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    # Bytes of a name that are no UTF-8 stand as lone surrogates, which no encoding can write.
    click.echo(_ALONE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
