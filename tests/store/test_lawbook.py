"""The legal tables and profiles: what a table must have, and what a profile may switch."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from dingmi_mark.domain.authority import OrganKind
from dingmi_mark.domain.law import Certainty, Severity
from dingmi_mark.domain.powers import BUREAUS
from dingmi_mark.domain.report_path import ORDER
from dingmi_mark.domain.rules.families import ALL_RULES
from dingmi_mark.errors import ConfigurationInvalid
from dingmi_mark.store import lawbook as module
from dingmi_mark.store.lawbook import (
    LAW,
    names_other_regime,
    other_regimes,
    read_lawbook,
    shipped_profiles,
)

PROFILE = 'title = "本单位"\n[switches]\n'


def faults_of(profile: Path | str) -> list[str]:
    with pytest.raises(ConfigurationInvalid) as caught:
        read_lawbook(profile)
    faults = caught.value.params["faults"]
    assert isinstance(faults, tuple)
    assert caught.value.params["count"] == len(faults)
    return [str(fault) for fault in faults]


def own_profile(folder: Path, switches: str) -> Path:
    file = folder / "本单位.toml"
    file.write_text(PROFILE + switches, encoding="utf-8")
    return file


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the legal tables that a test may spoil."""
    folder = tmp_path / "law"
    (folder / "profiles").mkdir(parents=True)
    for name in ("rules.toml", "profiles/national.toml", "other-regimes.toml"):
        (folder / name).write_bytes((LAW / name).read_bytes())
    monkeypatch.setattr(module, "LAW", folder)
    return folder / "rules.toml"


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


# ── the shipped tables ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("profile", ["national", "shaoguan-2011"])
def test_the_shipped_profiles_are_read(profile: str) -> None:
    book = read_lawbook(profile)
    assert book.profile == profile
    assert {row.rule for row in book.rows} == {rule.name for rule in ALL_RULES}
    assert book.first_day == date(2010, 10, 1)
    assert profile in shipped_profiles()


def test_the_numbers_and_lists_of_a_row_are_typed() -> None:
    book = read_lawbook("national")
    limit = book.row("period-limit", date(2026, 1, 10))
    assert limit is not None
    assert [limit.number(level) for level in ("绝密", "机密", "秘密")] == [30, 20, 10]
    assert limit.citation.certainty is Certainty.LAW
    organs = book.row("organ-authority", date(2026, 1, 10))
    assert organs is not None and organs.words("设区的市级") == ("机密", "秘密")


def test_every_kind_of_organ_stands_in_one_of_the_two_tables_of_authority() -> None:
    book = read_lawbook("national")
    for day in (date(2010, 10, 1), date(2024, 5, 1)):
        stated, other = book.row("organ-authority", day), book.row("organ-authority-other", day)
        assert stated is not None and other is not None
        kinds = [
            key for row in (stated, other) for key in row.values if key not in (ORDER, BUREAUS)
        ]
        assert sorted(kinds) == sorted(kind.value for kind in OrganKind)


def test_only_what_the_law_does_not_state_of_authority_is_switched(tmp_path: Path) -> None:
    profile = own_profile(tmp_path, 'organ-authority-other = "须说明"\nofficer-letter = "关闭"\n')
    assert set(read_lawbook(profile).switches) == {"organ-authority-other", "officer-letter"}
    for rule in ("organ-authority", "officer-authority", "no-regrant"):
        (fault,) = faults_of(own_profile(tmp_path, f'{rule} = "提示"\n'))
        assert fault.startswith(f"switches.{rule}: this is law and cannot be switched")


def test_a_citation_of_a_row_was_in_force_with_the_row() -> None:
    """A text named with its year may not be cited for days before that year."""
    for row in read_lawbook("national").rows:
        _, bracket, rest = row.citation.law.partition("(")
        if bracket and row.citation.certainty.is_law:
            assert row.effective_from.year >= int(rest[:4]), row


def test_the_tables_are_read_once() -> None:
    assert read_lawbook("national").rows is read_lawbook("shaoguan-2011").rows


def test_every_rule_has_a_title_in_chinese() -> None:
    titles = read_lawbook("national").titles
    assert set(titles) == {rule.name for rule in ALL_RULES}
    assert all(re.search("[\u4e00-\u9fff]", title) for title in titles.values())


def test_what_is_no_state_secret_is_data_with_its_article() -> None:
    names, citation = other_regimes()
    assert {"内部", "工作秘密", "商业秘密", "敏感", "非密", "公开"} <= names
    assert str(citation) == "保守国家秘密法(2024)第二十二条第三款"
    assert names_other_regime("内 部 级★1年") and not names_other_regime("机密")
    assert not names_other_regime("")


# ── profiles ─────────────────────────────────────────────────────────────────────────────────


def test_a_unit_switches_practice_in_a_profile_of_its_own(tmp_path: Path) -> None:
    book = read_lawbook(own_profile(tmp_path, 'copy-numbers = "提示"\n'))
    assert book.profile == "本单位"
    assert book.switches == {"copy-numbers": Severity.NOTE}


def test_law_cannot_be_switched_even_where_an_older_row_rests_on_practice(tmp_path: Path) -> None:
    faults = faults_of(
        own_profile(tmp_path, 'period-limit = "关闭"\nderived-consent = "提示"\nmonths = "关闭"\n')
    )
    assert faults == [
        "switches.period-limit: this is law and cannot be switched: "
        "保守国家秘密法(2024)第二十条第二款",
        "switches.derived-consent: this is law and cannot be switched: "
        "保守国家秘密法(2024)第二十六条；实施条例(2024)第二十九条第四项",
    ]


def test_a_profile_has_all_its_faults_told(tmp_path: Path) -> None:
    file = own_profile(tmp_path, 'perid = "关闭"\nmonths = "不管"\n')
    file.write_text("titel = 1\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert faults_of(file) == [
        "switches.months: one of 不予标志、须说明、提示、关闭 is expected",
        "switches.perid: no rule of the program has this name",
        "titel: there is no such key; did you mean title?",
    ]


def test_an_unknown_or_missing_profile_names_those_there_are(tmp_path: Path) -> None:
    expected = "profile: one of the profiles national、shaoguan-2011 is expected"
    assert faults_of("../../etc/passwd") == [expected]
    assert faults_of(tmp_path / "none.toml") == ["there is no such file"]


# ── spoilt tables ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (
            'name = "months"',
            'name = "month"',
            [
                "rule[7].name: no rule of the program has this name",
                "rule: the rule months is missing",
            ],
        ),
        (
            'name = "months"',
            'name = "long-term"',
            [
                "rule[7].name: this rule stands twice in the file",
                "rule: the rule months is missing",
                "rule[7].row[1].levels: this key is missing",
                "rule[7].row[2].levels: this key is missing",
            ],
        ),
        (
            "effective_until = 2024-04-30",
            "effective_until = 2024-05-01",
            ["rule[1].row[2].effective_from: the spans of two rows overlap"],
        ),
        (
            "effective_until = 2024-04-30\n",
            "",
            ["rule[1].row[2].effective_from: the spans of two rows overlap"],
        ),
        (
            "effective_until = 2024-04-30",
            "effective_until = 2024-04-29",
            ["rule[1].row[2].effective_from: there is a gap after the row before (2024-04-29)"],
        ),
        (
            "effective_until = 2024-04-30",
            "effective_until = 2009-04-30",
            [
                "rule[1].row[1].effective_until: a day after effective_from is expected",
                "rule[1].row[2].effective_from: there is a gap after the row before (2009-04-30)",
            ],
        ),
        (
            'certainty = "法律"',
            'certainty = "大概"',
            [
                "rule[1].row[1].certainty: one of 法律、官方文本摘录、惯例、试点手册、未核实、"
                "本项目自定 is expected"
            ],
        ),
        ('"绝密" = 30\n', "", ["rule[5].row[1].绝密: this key is missing"]),
        (
            '"绝密" = 30\n',
            '"绝密" = "三十"\n',
            ["rule[5].row[1].绝密: a whole number without quotation marks is expected"],
        ),
        (
            'levels = ["绝密"]',
            'levels = ["绝"]',
            ["rule[6].row[1].levels[1]: one of 秘密、机密、绝密 is expected"],
        ),
        (
            "characters = 28",
            "characters = 28\nlines = 1",
            [
                "rule[8].row[1].lines: there is no such key; known are certainty、characters、"
                "effective_from、effective_until、law、provision"
            ],
        ),
        (
            "effective_from = 2010-10-01\n",
            "",
            ["rule[1].row[1].effective_from: this key is missing"],
        ),
    ],
)
def test_a_spoilt_table_is_told_with_its_place(
    tables: Path, old: str, new: str, faults: list[str]
) -> None:
    spoil(tables, old, new)
    assert faults_of("national") == faults


def test_all_faults_of_the_tables_are_told_at_once(tables: Path) -> None:
    spoil(tables, "characters = 28", "characters = 0")
    spoil(tables, 'title = "长期须有特殊规定"', "")
    assert faults_of("national") == [
        "rule[6].title: this key is missing",
        "rule[8].row[1].characters: a number from 1 to 1000 is expected",
    ]


def test_spoilt_regimes_are_told_too(tables: Path) -> None:
    spoil(tables.with_name("other-regimes.toml"), '"内部",', '"",')
    with pytest.raises(ConfigurationInvalid, match=r"names\[1\]"):
        names_other_regime("内部")


def test_a_rule_whose_last_row_is_no_law_is_switched_for_the_rows_that_are_none(
    tmp_path: Path,
) -> None:
    book = read_lawbook(own_profile(tmp_path, 'release-long-term = "提示"\n'))
    assert book.switches == {"release-long-term": Severity.NOTE}
    law = book.row("release-long-term", date(2025, 4, 30))
    assert law is not None and law.citation.certainty.is_law
