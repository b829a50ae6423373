"""Deriving needs no authority; own secret matter that raises the level does (法17, 2025规定11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.approval import Basis, Classification, Derivative, OfficerKind, Source
from dingmi_mark.domain.authority import Authority, EnrolledOfficer, Organ, OrganKind, Span
from dingmi_mark.domain.law import Theme
from dingmi_mark.domain.rules import examine, refusals
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.store.lawbook import read_lawbook
from record_kit import DAY, OFFICER, ORGAN, record

ALL = frozenset(SecrecyLevel)
SECRET, HIGHLY = SecrecyLevel.SECRET, SecrecyLevel.HIGHLY_SECRET
COUNTY = Authority(
    (Organ(ORGAN, OrganKind.COUNTY),),
    (
        EnrolledOfficer(
            OFFICER, "局长", ORGAN, OfficerKind.STATUTORY, Span(date(2020, 1, 1), None), ALL, ALL
        ),
    ),
)
BASES = (Basis("示例领域保密事项范围", "第1项"),)


def source(level: SecrecyLevel) -> Source:
    return Source("样例来源", "示密〔2026〕1号", level, ForYears(10), DAY)


@pytest.mark.parametrize(
    ("classification", "needs"),
    [
        (Derivative((source(HIGHLY),)), False),
        (Derivative((source(HIGHLY),), BASES), False),
        (Derivative((source(SECRET),), BASES), True),
        (Derivative((source(SECRET), source(HIGHLY)), BASES), False),
        (Derivative((replace(source(SECRET), level=None),), BASES), True),
    ],
)
def test_when_a_derived_paper_needs_authority(classification: Classification, needs: bool) -> None:
    """A county organ has no authority of its own; the paper is 机密."""
    approval = replace(record(), classification=classification)
    case = Case(approval, COUNTY, DAY)
    assert case.needs_authority is needs
    themes = {finding.theme for finding in refusals(examine(case, read_lawbook("national")))}
    assert (Theme.AUTHORITY in themes) is needs
