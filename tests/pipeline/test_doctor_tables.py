"""`doctor` looks at the tables an office keeps: grants, 保密事项范围, 一览表."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from dingmi_mark.domain.authority import OrganKind
from dingmi_mark.errors import ExitCode
from dingmi_mark.pipeline.doctor import Diagnosis, Health, Patient, outcome_code
from dingmi_mark.pipeline.doctor_tables import examine_tables
from dingmi_mark.store.office import read_office
from dingmi_mark.store.office_new import init_office

EXAMPLES = Path(__file__).parents[2] / "examples" / "office"
TODAY = date(2026, 1, 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    now = datetime(2026, 1, 10)
    init_office(folder, name="示例市示范局", kind=OrganKind.PREFECTURE_CITY, now=now)
    return folder


def looked_at(folder: Path) -> list[Diagnosis]:
    return list(examine_tables(Patient(read_office(folder), TODAY, "2026-01-10T00:00:00Z", "0")))


def said(folder: Path, health: Health) -> str:
    return "\n".join(str(line.says) for line in looked_at(folder) if line.health is health)


def test_an_office_that_keeps_nothing_is_told_so(folder: Path) -> None:
    told = said(folder, Health.REMARK)
    assert "neither superior nor competent department of “示例市示范局”" in told
    assert "no basis is checked" in told


def test_the_example_office_is_in_order(folder: Path) -> None:
    for table in EXAMPLES.glob("*.toml"):
        shutil.copy2(table, folder)
    assert said(folder, Health.REMARK) == said(folder, Health.PROBLEM) == ""
    assert "Items of the catalogue (保密事项范围) today: 2." in said(folder, Health.OK)
    assert "“示例市示范局国家秘密事项一览表” (2025-06-01): 2 matters" in said(folder, Health.OK)


def test_a_list_beyond_its_catalogue_is_a_problem(folder: Path) -> None:
    for table in EXAMPLES.glob("*.toml"):
        shutil.copy2(table, folder)
    lists = folder / "matters.toml"
    text = lists.read_text(encoding="utf-8").replace('period = "5年"', 'period = "6年"')
    lists.write_text(text, encoding="utf-8")
    told = said(folder, Health.PROBLEM)
    assert "“示例储备点位置”: 保密期限 is not within 示例领域保密事项范围, 第4项" in told
    assert outcome_code(looked_at(folder)) is ExitCode.CONFIGURATION_INVALID


def test_what_is_secret_itself_or_not_done_yet_is_told(folder: Path) -> None:
    for table in EXAMPLES.glob("*.toml"):
        shutil.copy2(table, folder)
    for name, old, new in (
        ("catalogue.toml", "from = 2024-01-01\n", 'from = 2024-01-01\nmark = "秘密★5年"\n'),
        ("matters.toml", "approved = 2025-06-01\n", 'mark = "机密★10年"\n'),
        ("matters.toml", "filed = 2025-06-10", "filed = 2026-01-11"),
    ):
        file = folder / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    told = said(folder, Health.REMARK)
    assert "catalogue.toml is itself secret: 秘密★5年" in told
    assert "matters.toml is itself secret: 机密★10年" in told
    assert "there was no 审定 yet" in told and "there was no 备案 yet" in told


def test_grants_in_force_are_listed(folder: Path) -> None:
    grant = '[[grant]]\nletter = "示授{n}号"\ngranted_by = "示例厅"\nlevels = ["机密"]\n'
    (folder / "authority.toml").write_text(
        "schema = 1\n"
        + grant.format(n=1)
        + "from = 2025-01-01\nuntil = 2026-01-10\nfiled = 2025-01-05\n"
        + grant.format(n=2)
        + "from = 2026-01-11\n"
        + grant.format(n=3)
        + "from = 2026-01-10\n",
        encoding="utf-8",
    )
    told = said(folder, Health.OK)
    assert "Grant 示授1号 (机密) until 2026-01-10; published —, filed 2025-01-05." in told
    assert "示授2号" not in told and "示授3号 (机密) until —" in told
