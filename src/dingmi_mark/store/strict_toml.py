"""Read TOML that people write, strictly: typed getters that collect every fault with its place.

A getter never raises. It notes what is wrong and gives a stand-in, so that reading goes on to the
next key and all faults are reported at once; `finish` then raises if there were any. Nothing read
may be used before `finish`.

    table = read_table(path)                        # Faulty: not there, not UTF-8, not TOML
    title = table.text("title")
    slots = [read_slot(t) for t in table.tables("slot")]
    table.finish()                                  # Faulty: all faults, unknown keys included
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar, overload

from dingmi_mark.domain.unseen import unseen_in
from dingmi_mark.errors import ConfigurationInvalid
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.store.toml_text import Faulty, parse_toml, read_raw, utf8_text

V = TypeVar("V")
D = TypeVar("D")
E = TypeVar("E", bound=Enum)
Check: TypeAlias = Callable[[Any], Message | None]
"""Tell what is expected of a raw value, None where it is as it should be."""


class _Required(Enum):
    KEY = "required"


REQUIRED: Final = _Required.KEY
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Table:
    """One table of a file. Take its keys with the getters; each names what it expects.

    Without a default the key must be there. `place` is the table's own path (`slot[2]`).
    """

    def __init__(
        self, values: Mapping[str, Any], place: str = "", faults: list[Fault] | None = None
    ) -> None:
        self.place = place
        self._values = values
        self._faults: list[Fault] = [] if faults is None else faults
        self._taken: set[str] = set()
        self._children: list[Table] = []

    def names(self) -> tuple[str, ...]:
        """Return the keys that stand in the table, for tables with names of the user's own."""
        return tuple(self._values)

    def has(self, key: str) -> bool:
        """Tell whether the key stands in the table."""
        return key in self._values

    def raw(self, key: str) -> Any:
        """Take whatever stands at a key, None where nothing does, for others to examine."""
        self._taken.add(key)
        return self._values.get(key)

    def fault(self, key: str, expected: Message) -> None:
        """Note a fault at a key (empty: at the table itself)."""
        self._faults.append(Fault(self.at(key), expected))

    def at(self, key: str) -> str:
        """Return the path of a key from the top of the file."""
        return f"{self.place}.{key}" if self.place and key else self.place or key

    @overload
    def text(self, key: str) -> str: ...
    @overload
    def text(self, key: str, default: D) -> str | D: ...
    def text(self, key: str, default: Any = REQUIRED) -> Any:
        """Take one line of text; required text must not be blank."""
        return self._take(key, default, not_one_line if default is REQUIRED else _no_text, "")

    @overload
    def integer(self, key: str, *, least: int = ..., most: int = ...) -> int: ...
    @overload
    def integer(self, key: str, default: D, *, least: int = ..., most: int = ...) -> int | D: ...
    def integer(
        self, key: str, default: Any = REQUIRED, *, least: int = 0, most: int = 10**9
    ) -> Any:
        """Take a whole number between `least` and `most`."""
        return self._take(key, default, lambda value: _no_integer(value, least, most), least)

    @overload
    def number(self, key: str, *, least: float = ..., most: float = ...) -> float: ...
    @overload
    def number(
        self, key: str, default: D, *, least: float = ..., most: float = ...
    ) -> float | D: ...
    def number(
        self, key: str, default: Any = REQUIRED, *, least: float = -1e9, most: float = 1e9
    ) -> Any:
        """Take a number, whole or not, between `least` and `most`, as float."""
        found = self._take(key, default, lambda value: _no_number(value, least, most), least)
        return float(found) if isinstance(found, int) and not isinstance(found, bool) else found

    @overload
    def flag(self, key: str) -> bool: ...
    @overload
    def flag(self, key: str, default: D) -> bool | D: ...
    def flag(self, key: str, default: Any = REQUIRED) -> Any:
        """Take `true` or `false`."""
        return self._take(key, default, _no_flag, False)

    @overload
    def day(self, key: str) -> date: ...
    @overload
    def day(self, key: str, default: D) -> date | D: ...
    def day(self, key: str, default: Any = REQUIRED) -> Any:
        """Take a date without time."""
        return self._take(key, default, _no_day, date.min)

    @overload
    def choice(self, key: str, options: Mapping[str, V]) -> V: ...
    @overload
    def choice(self, key: str, options: Mapping[str, V], default: D) -> V | D: ...
    def choice(self, key: str, options: Mapping[str, Any], default: Any = REQUIRED) -> Any:
        """Take one of the words and return what it stands for (see `by_value`)."""
        first = next(iter(options.values()))
        found = self._take(key, default, lambda value: _no_option(value, options), first)
        word = self._values.get(key)
        return options[word] if isinstance(word, str) and word in options else found

    @overload
    def words(self, key: str) -> tuple[str, ...]: ...
    @overload
    def words(self, key: str, default: D) -> tuple[str, ...] | D: ...
    def words(self, key: str, default: Any = REQUIRED) -> Any:
        """Take a list of texts, none of them blank."""
        return self._list(key, default, not_one_line)

    @overload
    def choices(self, key: str, options: Mapping[str, V]) -> tuple[V, ...]: ...
    @overload
    def choices(self, key: str, options: Mapping[str, V], default: D) -> tuple[V, ...] | D: ...
    def choices(self, key: str, options: Mapping[str, Any], default: Any = REQUIRED) -> Any:
        """Take a list of words and return what they stand for."""
        found = self._list(key, default, lambda value: _no_option(value, options))
        return found if found is default else tuple(options[word] for word in found)

    @overload
    def numbers(self, key: str, *, count: int) -> tuple[float, ...]: ...
    @overload
    def numbers(self, key: str, default: D, *, count: int) -> tuple[float, ...] | D: ...
    def numbers(self, key: str, default: Any = REQUIRED, *, count: int) -> Any:
        """Take a list of exactly `count` numbers, as floats; stand-in: zeros."""
        found = self._list(key, default, lambda value: _no_number(value, -1e9, 1e9))
        if found is default:
            return found
        if isinstance(values := self._values.get(key), list) and len(values) != count:
            self.fault(key, say("a list of {count} numbers is expected", count=count))
        return tuple(float(value) for value in found) if len(found) == count else (0.0,) * count

    def table(self, key: str, *, required: bool = False) -> Table:
        """Take a table; one that is not there is read as empty, so that defaults apply."""
        self._taken.add(key)
        if required and key not in self._values:
            self.fault(key, say("this table is missing"))
        return self._child(key, self._values.get(key, NOTHING))

    def tables(self, key: str, *, least: int = 0) -> tuple[Table, ...]:
        """Take a list of tables (`[[slot]]`); their places count from 1."""
        self._taken.add(key)
        values = self._values.get(key, [])
        if not isinstance(values, list):
            self.fault(key, say("a list of tables is expected: [[{key}]]", key=key))
            return ()
        if len(values) < least:
            self.fault(key, say("at least one is needed: [[{key}]]", key=key))
        return tuple(self._child(f"{key}[{n}]", value) for n, value in enumerate(values, 1))

    def finish(self) -> None:
        """Note unknown keys here and below; raise Faulty if there was any fault."""
        self._note_unknown()
        if self._faults:
            raise Faulty(*self._faults)

    def _note_unknown(self) -> None:
        for key in self._values:
            if key not in self._taken:
                self.fault(key, unknown_key(key, self._taken))
        for child in self._children:
            child._note_unknown()

    def _child(self, key: str, values: object) -> Table:
        if not isinstance(values, Mapping):
            self.fault(key, say("a table is expected"))
            values = NOTHING
        child = Table(values, self.at(key), self._faults)
        self._children.append(child)
        return child

    def _take(self, key: str, default: Any, check: Check, stand_in: Any) -> Any:
        self._taken.add(key)
        if key not in self._values:
            if default is not REQUIRED:
                return default
            self.fault(key, say("this key is missing"))
            return stand_in
        value = self._values[key]
        if (expected := check(value)) is None:
            return value
        self.fault(key, expected)
        return stand_in if default is REQUIRED or default is None else default

    def _list(self, key: str, default: Any, check: Check) -> Any:
        values = self._take(key, default, _no_list, [])
        if values is default:
            return default
        for number, value in enumerate(values, 1):
            if (expected := check(value)) is not None:
                self.fault(f"{key}[{number}]", expected)
        return tuple(value for value in values if check(value) is None)


def read_table(file: Path) -> Table:
    """Read a TOML file as its top table. Raises Faulty if it is not there or no TOML."""
    return Table(parse_toml(utf8_text(read_raw(file))))


def configuration_invalid(file: str, faults: tuple[Fault, ...]) -> ConfigurationInvalid:
    """Return the error for faults in one of the program's or the office's own files."""
    return ConfigurationInvalid(file, count=len(faults), faults=faults, file=file)


def unknown_key(key: str, known: set[str]) -> Message:
    """Say that there is no such key, and which one may have been meant."""
    # Only needed when something is wrong: reading an office must stay fast.
    from difflib import get_close_matches

    if near := get_close_matches(key, sorted(known), n=1):
        return say("there is no such key; did you mean {near}?", near=near[0])
    return say("there is no such key; known are {known}", known="、".join(sorted(known)))


def by_value(kind: type[E]) -> Mapping[str, E]:
    """Return the members of an enum under the words that are written in files."""
    return {str(member.value): member for member in kind}


def path_from(text: str, folder: Path) -> Path:
    """Return a path written in a file, relative to the folder the file stands in."""
    return folder / Path(text).expanduser()


def _no_text(value: object) -> Message | None:
    if not isinstance(value, str):
        return say("a text in quotation marks is expected")
    if unseen := unseen_in(value):
        return say(
            "one line of text without invisible characters is expected, not {found}", found=unseen
        )
    return None


def not_one_line(value: object) -> Message | None:
    """Tell what is wrong with a line of text, None where it is one and not blank."""
    if (expected := _no_text(value)) is not None:
        return expected
    return None if str(value).strip() else say("a text that is not empty is expected")


def _no_integer(value: object, least: int, most: int) -> Message | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return say("a whole number without quotation marks is expected")
    return _outside(value, least, most)


def _no_number(value: object, least: float, most: float) -> Message | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return say("a number without quotation marks is expected")
    return _outside(value, least, most)


def _outside(value: float, least: float, most: float) -> Message | None:
    if least <= value <= most:
        return None
    return say("a number from {least} to {most} is expected", least=least, most=most)


def _no_flag(value: object) -> Message | None:
    return None if isinstance(value, bool) else say("true or false is expected")


def _no_day(value: object) -> Message | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return None
    return say("a date such as 2026-01-10 is expected, without quotation marks")


def _no_list(value: object) -> Message | None:
    return None if isinstance(value, list) else say("a list in [ ] is expected")


def _no_option(value: object, options: Mapping[str, Any]) -> Message | None:
    if isinstance(value, str) and value in options:
        return None
    return say("one of {options} is expected", options="、".join(options))
