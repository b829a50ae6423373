"""Read the dated legal tables, and the profile that switches what rests on practice.

The tables are the program's own; the profile may be a unit's own file. Neither needs a schema
library: reading takes a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from dingmi_mark.domain.approval import ClassificationKind
from dingmi_mark.domain.authority import STATED_KINDS, OrganKind
from dingmi_mark.domain.law import (
    Certainty,
    Citation,
    Lawbook,
    LawRow,
    RowValue,
    Severity,
    is_settled,
)
from dingmi_mark.domain.powers import BUREAUS
from dingmi_mark.domain.report_path import ORDER, STANDINGS, Role
from dingmi_mark.domain.rules.families import ALL_RULES
from dingmi_mark.domain.terms import SecrecyLevel, plain
from dingmi_mark.domain.unclear import UNITS
from dingmi_mark.domain.working_days import WorkCalendar
from dingmi_mark.messages import Fault, say
from dingmi_mark.store.holidays import read_years
from dingmi_mark.store.strict_toml import Table, by_value, configuration_invalid, read_table
from dingmi_mark.store.toml_text import Faulty

LAW: Final = Path(__file__).parents[1] / "law"
"""The folder of the tables, also in the installed wheel."""

Reader: TypeAlias = Callable[[Table, str], RowValue]

_LEVELS: Final = by_value(SecrecyLevel)


def _a_number(row: Table, key: str) -> RowValue:
    return row.integer(key, least=1, most=1000)


def _a_month(row: Table, key: str) -> RowValue:
    return row.integer(key, least=1, most=12)


def _words(row: Table, key: str) -> RowValue:
    return row.words(key)


def _levels(row: Table, key: str) -> RowValue:
    return tuple(level.value for level in row.choices(key, _LEVELS))


def _none_or_more(row: Table, key: str) -> RowValue:
    return row.integer(key, least=0, most=1000)


_KINDS: Final = by_value(OrganKind)


def _kinds(row: Table, key: str) -> RowValue:
    return tuple(kind.value for kind in row.choices(key, _KINDS))


def _unit(row: Table, key: str) -> RowValue:
    return row.choice(key, {unit: unit for unit in UNITS})


def _roles(row: Table, key: str) -> RowValue:
    return tuple(role.value for role in row.choices(key, by_value(Role)))


VALUES: Final[Mapping[str, Mapping[str, Reader]]] = {
    "copy-numbers": {"forms": _words},
    "period-limit": dict.fromkeys(_LEVELS, _a_number),
    "long-term": {"levels": _levels},
    "condition-length": {"characters": _a_number},
    "organ-authority": {
        **{kind.value: _levels for kind in STATED_KINDS},
        BUREAUS: _kinds,
        ORDER: _roles,
    },
    "organ-authority-other": {
        **{kind.value: _levels for kind in OrganKind if kind not in STATED_KINDS},
        ORDER: _roles,
    },
    "report-path-handbook": dict.fromkeys(STANDINGS, _kinds),
    "grant-years": {"years": _a_number},
    "designated-levels": {kind.value: _levels for kind in ClassificationKind},
    "no-analogy": {"words": _words},
    "unclear-matter": {"days": _none_or_more, "unit": _unit},
    "source-default": dict.fromkeys(_LEVELS, _a_number),
    "scope-narrow": {"words": _words},
    "readers-recorded": {"levels": _levels},
    "source-recorded": {"fields": _words},
    "change-organ": {"rights": _words},
    "change-record": {"any": _words, "own": _words},
    "change-notice": {"kinds": _words},
    "extension-whole": {"redetermines": _words},
    "release-notice": {"kinds": _words},
    "copy-approval": {"levels": _levels},
    "notice-content": {"fields": _words},
    "expiry-reminder": {"months": _a_number},
    "yearly-review": {"months": _a_number},
    "yearly-statistics": {"month": _a_month},
}
"""The values each row of a rule must have; rules that are not here have none."""


def read_lawbook(profile: str | Path) -> Lawbook:
    """Read the tables with a shipped profile (by name) or a unit's own (by path).

    Raises ConfigurationInvalid with all faults of the first file that has any.
    """
    rows, titles = _rows_of(LAW / "rules.toml")
    file = profile if isinstance(profile, Path) else _shipped(profile)
    calendar = _calendar_of(LAW / "holidays.toml")
    return Lawbook(rows, file.stem, _switches(file, rows), titles, calendar)


def shipped_profiles() -> tuple[str, ...]:
    """Return the names of the profiles that come with the program."""
    return tuple(sorted(file.stem for file in (LAW / "profiles").glob("*.toml")))


def other_regimes() -> tuple[frozenset[str], Citation]:
    """Return the words that name what is no state secret, and the ban on marking it (R1)."""
    return _regimes_of(LAW / "other-regimes.toml")


def names_other_regime(text: str) -> bool:
    """Tell whether a level names another regime, with or without a term (`内部★1年`)."""
    bare = plain(text).split("★")[0].removesuffix("级")
    return bare in other_regimes()[0]


def _shipped(name: str) -> Path:
    known = shipped_profiles()
    if name not in known:
        expected = say("one of the profiles {known} is expected", known="、".join(known))
        raise configuration_invalid(name, (Fault("profile", expected),))
    return LAW / "profiles" / f"{name}.toml"


@cache
def _rows_of(file: Path) -> tuple[tuple[LawRow, ...], Mapping[str, str]]:
    try:
        top = read_table(file)
        rules = {rule: rule.text("name") for rule in top.tables("rule", least=1)}
        _check_names(top, rules)
        titles = {name: rule.text("title") for rule, name in rules.items()}
        rows = tuple(row for rule, name in rules.items() for row in _rows(rule, name))
        top.finish()
    except Faulty as error:
        raise configuration_invalid(str(file), error.faults) from error
    return rows, MappingProxyType(titles)


@cache
def _calendar_of(file: Path) -> WorkCalendar:
    try:
        return WorkCalendar(read_years(read_table(file)))
    except Faulty as error:
        raise configuration_invalid(str(file), error.faults) from error


def _check_names(top: Table, rules: Mapping[Table, str]) -> None:
    known = {rule.name for rule in ALL_RULES}
    seen: set[str] = set()
    for rule, name in rules.items():
        if name not in known:
            rule.fault("name", say("no rule of the program has this name"))
        if name in seen:
            rule.fault("name", say("this rule stands twice in the file"))
        seen.add(name)
    for name in sorted(known - seen):
        top.fault("rule", say("the rule {name} is missing", name=name))


def _rows(rule: Table, name: str) -> Iterator[LawRow]:
    tables = rule.tables("row", least=1)
    rows = [_row(table, name) for table in tables]
    yield from rows
    in_order = sorted(zip(rows, tables, strict=True), key=lambda pair: pair[0].effective_from)
    for (earlier, _), (later, table) in pairwise(in_order):
        if earlier.effective_from > date.min:
            _check_join(earlier, later, table)


def _check_join(earlier: LawRow, later: LawRow, table: Table) -> None:
    until = earlier.effective_until
    if until is None or later.effective_from <= until:
        table.fault("effective_from", say("the spans of two rows overlap"))
    elif later.effective_from > until + timedelta(days=1):
        table.fault(
            "effective_from", say("there is a gap after the row before ({day})", day=str(until))
        )


def _row(table: Table, name: str) -> LawRow:
    first, last = table.day("effective_from"), table.day("effective_until", None)
    if last is not None and last < first:
        table.fault("effective_until", say("a day after effective_from is expected"))
    readers = VALUES.get(name, {})
    values = {key: read(table, key) for key, read in readers.items()}
    return LawRow(name, first, last, _citation(table), MappingProxyType(values))


def _citation(table: Table) -> Citation:
    certainty = table.choice("certainty", by_value(Certainty))
    return Citation(table.text("law"), table.text("provision"), certainty)


def _switches(file: Path, rows: Iterable[LawRow]) -> Mapping[str, Severity]:
    try:
        top = read_table(file)
        top.text("title")
        table = top.table("switches")
        switches = {rule: table.choice(rule, by_value(Severity)) for rule in table.names()}
        for rule in switches:
            _check_switch(table, rule, [row for row in rows if row.rule == rule])
        top.finish()
    except Faulty as error:
        raise configuration_invalid(str(file), error.faults) from error
    return MappingProxyType(switches)


def _check_switch(table: Table, rule: str, rows: list[LawRow]) -> None:
    if not rows:
        table.fault(rule, say("no rule of the program has this name"))
    if any(known.binding for known in ALL_RULES if known.name == rule):
        table.fault(rule, say("this rule cannot be switched"))
    if is_settled(rows):
        law = str(rows[-1].citation)
        table.fault(rule, say("this is law and cannot be switched: {law}", law=law))


@cache
def _regimes_of(file: Path) -> tuple[frozenset[str], Citation]:
    try:
        top = read_table(file)
        names, citation = frozenset(top.words("names")), _citation(top)
        top.finish()
    except Faulty as error:
        raise configuration_invalid(str(file), error.faults) from error
    return names, citation
