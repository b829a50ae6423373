"""Say things without choosing the language: a message is an identifier and its parameters.

The pure core must not read catalogues, so it hands up `Message` values; the shell turns them
into Chinese or English (see `cli.words`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias


@dataclass(frozen=True)
class Message:
    """A sentence to be shown: `msgid` is its English wording with `{named}` parameters."""

    msgid: str
    params: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process border: a read-only mapping does not by itself."""
        return (Message, (self.msgid, dict(self.params)))

    def __str__(self) -> str:
        """Return the English wording, for logs and tests."""
        return self.msgid.format(**{name: _plain(value) for name, value in self.params.items()})


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file that people write: its place (`slot[2].size_pt`), and the cure."""

    place: str
    expected: Message

    def __str__(self) -> str:
        return f"{self.place}: {self.expected}" if self.place else str(self.expected)


Parameter: TypeAlias = str | int | float | Message | tuple[Fault, ...]


def _plain(value: Parameter) -> str:
    return "\n".join(f"  {fault}" for fault in value) if isinstance(value, tuple) else str(value)


def N_(msgid: str) -> str:
    """Mark a wording for the message catalogues without translating it."""
    return msgid


def say(msgid: str, **params: Parameter) -> Message:
    """Build a message; the extractor collects the wording of every `say(...)`."""
    return Message(msgid, MappingProxyType(params))
