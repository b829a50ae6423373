"""Turn messages and errors into sentences of the chosen language, safe for any terminal."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from gettext import gettext
from types import MappingProxyType

from dingmi_mark.domain.law import Finding, Severity
from dingmi_mark.domain.office_time import in_office_time
from dingmi_mark.domain.unseen import is_unseen
from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import N_, Fault, Message, Parameter, say

_PLAIN = re.compile(r"[^\s'\"\\$`!*?\[\](){}<>|&;#~\x00-\x1f]+")
"""Words that every shell takes as they are."""

SYSTEM_CAUSES: Mapping[str, str] = MappingProxyType(
    {
        os.strerror(errno.ENOENT): N_("there is no such file or folder"),
        os.strerror(errno.EACCES): N_("you have no right to it"),
        os.strerror(errno.EPERM): N_("this is not permitted"),
        os.strerror(errno.ENOTDIR): N_("a part of the path is no folder"),
        os.strerror(errno.EISDIR): N_("it is a folder"),
        os.strerror(errno.EEXIST): N_("it is already there"),
        os.strerror(errno.ENOTEMPTY): N_("the folder is not empty"),
        os.strerror(errno.EROFS): N_("the disk can only be read"),
        os.strerror(errno.ENOSPC): N_("the disk is full"),
        os.strerror(errno.EDQUOT): N_("your share of the disk is used up"),
        os.strerror(errno.EIO): N_("the disk reports an error"),
        os.strerror(errno.ENAMETOOLONG): N_("the name is too long"),
        os.strerror(errno.ELOOP): N_("the link leads back to itself"),
        os.strerror(errno.EMFILE): N_("too many files are open"),
        os.strerror(errno.ENFILE): N_("too many files are open"),
        os.strerror(errno.EBUSY): N_("it is in use"),
        os.strerror(errno.ESTALE): N_("the network drive is gone"),
    }
)
"""What the system says, which is English on every machine, and how we say it."""

SEVERITIES: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.REFUSE: N_("no mark"),
        Severity.EXPLAIN: N_("to be explained"),
        Severity.NOTE: N_("note"),
        Severity.OFF: N_("off"),
    }
)

SLOTS: Mapping[str, str] = MappingProxyType(
    {
        "mark": N_("the mark"),
        "other_page_mark": N_("the mark of the other pages"),
        "copy_number": N_("the copy number"),
        "urgency": N_("the urgency"),
        "stamp": N_("the stamp"),
        "code": N_("the 2D code"),
        "point": N_("the classified point"),
        "legacy": N_("the mark of others"),
    }
)
"""How people call what templates and blocks have by an id: `mark`, `mark:1`, `point:2`."""

_KEPT = frozenset("\u200c\u200d")
"""Joiners inside words and pictures, which only join."""


def harmless(text: str) -> str:
    """Write control characters and undecodable bytes of a name as `\\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def command_line(command: Sequence[str]) -> str:
    """Return a command as it is typed; what a shell would take apart is quoted."""
    return " ".join(_typed(word) for word in command)


def _typed(word: str) -> str:
    safe = harmless(word)
    if _PLAIN.fullmatch(safe):
        return safe
    return "'" + safe.replace("'", "'\\''") + "'"


def words(message: Message) -> str:
    """Return a message in the chosen language, with everything nested in it."""
    params = {name: _parameter(value, name) for name, value in message.params.items()}
    # An empty text would give the head of the catalogue.
    return gettext(message.msgid).format(**params) if message.msgid else ""


def fault_line(fault: Fault) -> str:
    """Return a fault with its place, or a finding with its provision."""
    expected = words(fault.expected)
    return _("{place}: {what}", fault.place, expected) if fault.place else expected


def finding_lines(finding: Finding) -> Iterator[str]:
    """Say a finding, and below it the provision, how sure it is, and what to do about it."""
    what = words(finding.message)
    yield _("[{place}] {what}", gettext(SEVERITIES[finding.severity]), what)
    citation = finding.citation
    yield "    " + words(
        say(
            "Basis: {citation} ({certainty}; rule {rule})",
            citation=f"{citation.law}{citation.provision}",
            certainty=citation.certainty.value,
            rule=finding.rule,
        )
    )
    if finding.next is not None and finding.severity is not Severity.NOTE:
        yield "    " + words(say("What to do: {remedy}", remedy=finding.next))


def local_time(at: str) -> str:
    """Return a moment of the ledger as the clock on the office's wall shows it."""
    return in_office_time(at).strftime("%Y-%m-%d %H:%M:%S")


def citation_of(error: DingmiError) -> str:
    """Return the provision behind an error, empty where none is."""
    return error.citation or str(getattr(error, "default_citation", ""))


def error_lines(error: DingmiError) -> Iterator[str]:
    """Say what happened, by which provision, and what to do: one or more lines each."""
    yield from words(error.message).splitlines()
    # Findings name their provisions themselves, one by one.
    if (citation := citation_of(error)) and "findings" not in error.params:
        yield words(say("Basis: {citation}", citation=citation))
    yield words(say("What to do: {remedy}", remedy=error.advice))


def _(msgid: str, place: str, what: str) -> str:
    return gettext(msgid).format(place=harmless(place), what=what)


def _parameter(value: Parameter, name: str) -> str | int | float:
    match value:
        case str() if name == "slot" and value.partition(":")[0] in SLOTS:
            return gettext(SLOTS[value.partition(":")[0]])
        case Message():
            return words(value)
        case tuple():
            return "\n".join(f"  · {fault_line(fault)}" for fault in value)
        case str():
            return harmless(gettext(SYSTEM_CAUSES[value]) if value in SYSTEM_CAUSES else value)
        case _:
            return value


def _shown(character: str) -> str:
    if character in _KEPT or not is_unseen(character):
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of the name that is no UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
