"""A record's number as the name of its folder: every number has one of its own, and it tells it.

What a file system does not take is written as `%2F`; a number that is too long ends in a digest.
Trees of earlier versions wrote `_` for all of it; such a folder stays where it is.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, unquote

from dingmi_mark.messages import Message, say

_LONGEST: Final = 200
"""Bytes; file systems take 255, the rest is for what is kept under the name."""
_HEAD: Final = 50
_AWKWARD: Final = re.compile(r'[\\/:*?"<>|\s%~\x00-\x1f]|^\.|\.$')
_EARLIER: Final = re.compile(r'[\\/:*?"<>|\s]')


def name_of(number: str) -> str:
    """Return a record's number as a name that every file system takes; no two numbers share it."""
    text = unicodedata.normalize("NFC", number)
    name = _AWKWARD.sub(lambda found: _escaped(found[0]), text)
    if len(name.encode("utf-8", "replace")) <= _LONGEST:
        return name
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{name[:_HEAD]}~{digest[:16]}"


def number_in(name: str) -> str:
    """Return the number that a folder's name tells; of a long one, its beginning."""
    return unquote(name.partition("~")[0])


def earlier_name(number: str) -> str:
    """Return the name that earlier versions gave, which numbers may share."""
    name = _EARLIER.sub("_", unicodedata.normalize("NFC", number)).strip(".") or "_"
    return name if len(name.encode("utf-8", "replace")) <= _LONGEST else name[:_HEAD]


def near_words(typed: str, known: Iterable[str]) -> Message:
    """Say which numbers look like one that is not there, for people to compare."""
    # Only needed when something is wrong: finding a record must stay fast.
    from difflib import get_close_matches

    near = get_close_matches(typed, list(known), n=3)
    return say("similar are: {near}", near="、".join(near)) if near else say("nor a similar one")


def _escaped(character: str) -> str:
    return f"%{ord(character):02X}" if character in ".~" else quote(character, safe="")
