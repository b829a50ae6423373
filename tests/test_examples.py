"""The examples are what they say: marked all, refused each for its reason, made again alike."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from dingmi_mark.domain.authority import OrganKind
from dingmi_mark.errors import (
    ApprovalDigestDiffers,
    ApprovalMissing,
    DingmiError,
    LawViolated,
    NotAStateSecret,
    TypedMarkConflict,
)
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import Status
from dingmi_mark.store.ledger import Ledger
from dingmi_mark.store.office import read_office
from dingmi_mark.store.office_new import init_office
from office_kit import Room

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    sys.path.insert(0, str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("make_examples", ROOT / "tools/make_examples.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_examples"] = module
    spec.loader.exec_module(module)
    return module


def room(folder: Path, drafts: Path, approvals: Path) -> Room:
    init_office(folder / "office", name="示例市示范局", kind=OrganKind.SUBORDINATE, now=NOW)
    shutil.copytree(EXAMPLES / "office", folder / "office", dirs_exist_ok=True)
    office = read_office(folder / "office")
    Ledger.create(office.ledger_url, office.id, NOW.isoformat()).close()
    shutil.copytree(drafts, folder / "drafts")
    shutil.copytree(approvals, folder / "approvals")
    return Room(folder, office)


def test_the_committed_files_are_what_the_maker_makes(maker: ModuleType) -> None:
    made = maker.all_files()
    committed = {
        path.relative_to(EXAMPLES).as_posix()
        for folder in ("drafts", "approvals", "mistakes")
        for path in (EXAMPLES / folder).rglob("*")
        if path.is_file()
    }
    assert committed == set(made)
    differing = [
        name for name, content in made.items() if (EXAMPLES / name).read_bytes() != content
    ]
    assert differing == []


def test_all_examples_are_marked_and_agree(tmp_path: Path) -> None:
    here = room(tmp_path, EXAMPLES / "drafts", EXAMPLES / "approvals")
    result = here.mark()
    assert {str(v.draft.name): str(v.error) for v in result.verdicts if v.error} == {}
    assert result.count(Status.MARKED) == 12
    assert (result.without_draft, result.unreadable) == ((), ())
    reports = check_files([here.out], here.office, on_report=lambda _: None)
    assert [report for report in reports if not report.agrees] == []
    assert len(reports) == 15


@pytest.mark.parametrize(
    ("name", "error", "about"),
    [
        ("未经审批.pdf", LawViolated, "第十六条"),
        ("期限超过.pdf", LawViolated, "第二十条"),
        ("工作秘密.pdf", NotAStateSecret, "工作秘密"),
        ("已有不同密级.pdf", TypedMarkConflict, "秘密★5年"),
        ("密点高于文件.pdf", LawViolated, "机密"),
        ("送批后改动.pdf", ApprovalDigestDiffers, "送批后改动"),
        ("没有审批记录.pdf", ApprovalMissing, "第十六条"),
    ],
)
def test_every_mistake_is_refused_for_its_reason(
    tmp_path: Path, name: str, error: type[DingmiError], about: str
) -> None:
    mistakes = EXAMPLES / "mistakes"
    here = room(tmp_path, mistakes / "drafts", mistakes / "approvals")
    verdicts = {verdict.draft.name: verdict for verdict in here.mark().verdicts}
    assert len(verdicts) == 7
    found = verdicts[name].error
    assert isinstance(found, error), found
    assert about in f"{found} {found.citation}"
