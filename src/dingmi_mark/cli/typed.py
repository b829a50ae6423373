"""What people type, before any command sees it: text that can be read, paths a disk can have.

Names of files that are no UTF-8 are let through: old disks have them, and the ledger keeps them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from dingmi_mark.domain.unseen import BETWEEN_LINES, unseen_in
from dingmi_mark.errors import ArgumentUnusable
from dingmi_mark.messages import Message, say

MOST_CHARACTERS: Final = 2_000
"""No name, number or opinion is longer; what is was pasted by mistake."""
_LONGEST_PATH: Final = 3_800
"""Bytes of a whole path; systems end at 4096, and what is put beside a file needs some."""
_LONGEST_NAME: Final = 255
"""Bytes of one name in a path."""


def refuse_text(where: str, text: str) -> None:
    """Raise ArgumentUnusable for text that is too long, no UTF-8, or holds what nobody sees."""
    if cause := _text_cause(text):
        raise ArgumentUnusable(where, cause=cause)


def refuse_path(where: str, path: str) -> None:
    """Raise ArgumentUnusable for a path that no disk can have."""
    whole = os.fsencode(os.path.abspath(path))
    longest = max(len(name) for name in whole.split(b"/"))
    if longest > _LONGEST_NAME or len(whole) > _LONGEST_PATH:
        cause = say("no file can have a name this long ({count} bytes)", count=len(whole))
        raise ArgumentUnusable(where, cause=cause)


def refuse_variable(name: str) -> None:
    """Raise ArgumentUnusable where a variable of the environment names no possible path."""
    if value := os.environ.get(name):
        refuse_path(name, value)


def refuse(where: str, value: object, *, is_path: bool) -> None:
    """Raise ArgumentUnusable for what was typed: one text, or several."""
    check = refuse_path if is_path else refuse_text
    for one in value if isinstance(value, (tuple, list)) else (value,):
        if isinstance(one, (str, Path)):
            check(where, str(one))


def _text_cause(text: str) -> Message | None:
    if len(text) > MOST_CHARACTERS:
        return say(
            "it has {count} characters; {most} are the most", count=len(text), most=MOST_CHARACTERS
        )
    if any("\ud800" <= character <= "\udfff" for character in text):
        return say("it is not UTF-8 text")
    if unseen := unseen_in(text, allowed=BETWEEN_LINES):
        return say("it holds {found}, which nobody sees", found=unseen)
    return None
