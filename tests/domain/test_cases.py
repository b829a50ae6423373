"""The cases a lawyer can read (`tests/cases/*.toml`), one test each; and what they must watch.

A case says on which day, in which office and by which record; the findings are compared whole:
rule, severity and citation, and where a case gives them (`says`), words of the message. The second
part asks that no rule, row, number or day of the tables
could be changed without a case noticing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from dingmi_mark.domain.authority import Authority, Organ, OrganKind
from dingmi_mark.domain.law import Finding, Lawbook, LawRow, RowValue
from dingmi_mark.domain.powers import BUREAUS
from dingmi_mark.domain.rules.families import ALL_RULES
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.store.approvals import approval_from_mapping
from dingmi_mark.store.catalogue_file import read_catalogue, read_lists
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.office_authority import read_authority
from dingmi_mark.store.strict_toml import read_table
from subject_kit import AnySubject, examined, subject_of

CASES = Path(__file__).parents[1] / "cases"
OFFICES = {
    "office.toml": Organ("示例市示范局", OrganKind.PREFECTURE_CITY),
    "handbook-office.toml": Organ("示例市委", OrganKind.PREFECTURE_CITY),
}
TABLES = ("authority-table.toml", "handbook-table.toml")
LISTS = ("catalogue.toml", "matters.toml")
Tables = dict[str, Any]
Found = tuple[str, str, str]


@dataclass(frozen=True)
class WrittenCase:
    """One case: what it is about, the profile, and what a lawyer expects of it."""

    name: str
    profile: str
    case: AnySubject
    expected: tuple[Found, ...]
    only_rule: str = ""
    says: tuple[tuple[str, str], ...] = ()

    def holds(self, lawbook: Lawbook) -> bool:
        """Tell whether the findings are those expected, and their messages say what they should."""
        found = examined(self.case, lawbook)
        return self.triples(found) == self.expected and all(
            any(finding.rule == rule and words in str(finding.message) for finding in found)
            for rule, words in self.says
        )

    def findings(self, lawbook: Lawbook) -> tuple[Found, ...]:
        """Return rule, severity and citation of every finding, in the order of their names."""
        return self.triples(examined(self.case, lawbook))

    def triples(self, found: tuple[Finding, ...]) -> tuple[Found, ...]:
        """Return rule, severity and citation of these findings, in order."""
        return tuple(
            sorted(
                (finding.rule, finding.severity.value, str(finding.citation))
                for finding in found
                if self.only_rule in ("", finding.rule)
            )
        )


@cache
def base() -> Tables:
    return tomllib.loads((CASES / "base.toml").read_text(encoding="utf-8"))


@cache
def authority(office: str, catalogue: bool) -> Authority:
    read = read_authority(read_table(CASES / office), OFFICES[office])
    if not catalogue:
        return read
    kept, lists = read_catalogue(CASES / "catalogue.toml"), read_lists(CASES / "matters.toml")
    return replace(read, catalogue=kept, lists=lists)


@cache
def lawbook(profile: str) -> Lawbook:
    return read_lawbook(profile)


def merged(below: Tables, above: Mapping[str, Any]) -> Tables:
    """Lay the overrides over the record; a period replaces the whole period."""
    result = dict(below)
    for key, value in above.items():
        deeper = isinstance(value, dict) and isinstance(result.get(key), dict) and key != "period"
        result[key] = merged(result[key], value) if deeper else value
    return result


def without(tables: Tables, path: str) -> None:
    *owners, key = path.split(".")
    for owner in owners:
        tables = tables[owner]
    del tables[key]


def written_case(table: Tables, only_rule: str = "") -> WrittenCase:
    day: date = table.get("decided", table["day"])
    days = {"proposal": {"date": day}, "decision": {"date": day}, "draft": {"issue_date": day}}
    record = merged(deepcopy(base()[table.get("base", "原始")]), days)
    for path in table.get("remove", []):
        without(record, path)
    record = merged(record, table.get("record", {}))
    expected = ((found["rule"], found["severity"], found["citation"]) for found in table["expect"])
    says = ((found["rule"], word) for found in table["expect"] for word in found.get("says", ()))
    return WrittenCase(
        table["name"],
        table.get("profile", "national"),
        subject_of(
            table,
            approval_from_mapping(record),
            authority(table.get("office", "office.toml"), table.get("catalogue", True)),
        ),
        tuple(sorted(expected)),
        only_rule,
        tuple(says),
    )


def allocations() -> Iterator[WrittenCase]:
    """Yield a case for every organ, level and day of the tables of authority."""
    for file in TABLES:
        tables = tomllib.loads((CASES / file).read_text(encoding="utf-8"))
        for allocation in tables["allocation"]:
            yield from allocated(allocation)


def allocated(allocation: Tables) -> Iterator[WrittenCase]:
    """Yield the cases of one allocation: each organ may decide the levels named, and no other."""
    kind = allocation.get("base", "原始")
    for organ, may in allocation["may"].items():
        for level in SecrecyLevel:
            allowed = level.value in may
            yield written_case(
                {
                    "name": f"{allocation.get('profile', '全国')} {allocation['day']} "
                    f"{organ}{'可以' if allowed else '不可以'}{kind}定密{level.value}级"
                    f"{allocation.get('by', '')}",
                    "day": allocation["day"],
                    "profile": allocation.get("profile", "national"),
                    "office": allocation.get("office", "office.toml"),
                    "base": kind,
                    "record": allocated_record(allocation, organ, level),
                    "expect": [] if allowed else [refusal_of(allocation)],
                },
                only_rule=allocation["rule"],
            )


def allocated_record(allocation: Tables, organ: str, level: SecrecyLevel) -> Tables:
    record: Tables = {"organ": organ, "proposal": {"level": level.value}}
    if "by" in allocation:
        record["officer"] = {"name": allocation["by"]}
    return record


def refusal_of(allocation: Tables) -> Tables:
    return {
        "rule": allocation["rule"],
        "severity": "不予标志",
        "citation": allocation["citation"],
    }


def all_cases() -> tuple[WrittenCase, ...]:
    others = ("base.toml", *OFFICES, *TABLES, *LISTS)
    files = sorted(file for file in CASES.glob("*.toml") if file.name not in others)
    tables = [tomllib.loads(file.read_text(encoding="utf-8"))["case"] for file in files]
    return (*(written_case(table) for file in tables for table in file), *allocations())


ALL = all_cases()


@pytest.mark.parametrize("written", ALL, ids=lambda written: written.name)
def test_case(written: WrittenCase) -> None:
    assert written.findings(lawbook(written.profile)) == written.expected
    assert written.holds(lawbook(written.profile))


def test_no_two_cases_have_the_same_name() -> None:
    names = [written.name for written in ALL]
    assert len(names) == len(set(names)) >= 150


@pytest.mark.parametrize("rule", [rule.name for rule in ALL_RULES])
def test_every_rule_finds_something_and_is_silent(rule: str) -> None:
    rows = [row for row in lawbook("national").rows if row.rule == rule]
    in_force = [w for w in ALL if any(row.covers(w.case.day) for row in rows) and not w.only_rule]
    found = [written for written in in_force if rule in (name for name, _, _ in written.expected)]
    assert found
    assert len(found) < len(in_force)


@pytest.mark.parametrize("row", lawbook("national").rows, ids=lambda r: f"{r.rule}-{r.citation}")
def test_every_row_is_cited_by_a_case_on_its_first_and_its_last_day(row: LawRow) -> None:
    days = {
        written.case.day
        for written in ALL
        for rule, _, citation in written.expected
        if (rule, citation) == (row.rule, str(row.citation))
    }
    assert row.effective_from in days
    assert row.effective_until is None or row.effective_until in days


# ── mutations of the tables ──────────────────────────────────────────────────────────────────


def noticed(changed: Lawbook, rule: str) -> bool:
    """Tell whether some case fails with the changed tables; those about the rule come first."""
    likely = sorted(ALL, key=lambda written: rule not in (name for name, _, _ in written.expected))
    return any(
        not written.holds(replace(changed, switches=lawbook(written.profile).switches))
        for written in likely
    )


def with_row(old: LawRow, new: LawRow) -> Lawbook:
    book = lawbook("national")
    return replace(book, rows=tuple(new if row is old else row for row in book.rows))


def changed_values(key: str, value: RowValue) -> Iterator[RowValue]:
    """Yield the value with each number moved by one, each word taken out, each level added."""
    if isinstance(value, int):
        yield from (value - 1, value + 1)
    elif isinstance(value, tuple):
        yield from (tuple(word for word in value if word != gone) for gone in value)
        levels = [level.value for level in SecrecyLevel]
        if key == BUREAUS:
            levels = ["中央", "省级"]
        if set(value) <= set(levels):
            yield from ((*value, level) for level in levels if level not in value)


def mutants() -> Iterator[tuple[str, LawRow, str, RowValue]]:
    for row in lawbook("national").rows:
        for key, value in row.values.items():
            for changed in changed_values(key, value):
                name = f"{row.rule}-{row.effective_from}-{key}={changed}"
                yield name, row, key, changed


@pytest.mark.parametrize(
    ("row", "key", "value"), [pytest.param(*rest, id=name) for name, *rest in mutants()]
)
def test_no_value_of_the_tables_can_change_unnoticed(
    row: LawRow, key: str, value: RowValue
) -> None:
    values = MappingProxyType({**row.values, key: value})
    assert noticed(with_row(row, replace(row, values=values)), row.rule)


def moved_borders() -> Iterator[tuple[str, str, Lawbook]]:
    """Yield the tables with the border between two rows, or the first day, moved by one day."""
    book = lawbook("national")
    for rule in ALL_RULES:
        rows = [row for row in book.rows if row.rule == rule.name]
        for step in (timedelta(days=-1), timedelta(days=1)):
            first = replace(rows[0], effective_from=rows[0].effective_from + step)
            yield f"{rule.name}-first-{step.days}", rule.name, with_row(rows[0], first)
            for earlier, later in pairwise(rows):
                assert earlier.effective_until is not None
                moved = {
                    id(earlier): replace(earlier, effective_until=earlier.effective_until + step),
                    id(later): replace(later, effective_from=later.effective_from + step),
                }
                rebuilt = tuple(moved.get(id(row), row) for row in book.rows)
                name = f"{rule.name}-{later.effective_from}-{step.days}"
                yield name, rule.name, replace(book, rows=rebuilt)


@pytest.mark.parametrize(
    ("rule", "changed"), [pytest.param(*rest, id=name) for name, *rest in moved_borders()]
)
def test_no_day_of_effect_can_move_unnoticed(rule: str, changed: Lawbook) -> None:
    assert noticed(changed, rule)
