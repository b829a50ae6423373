"""The wheel holds all that the program needs at run time, and nothing of the workshop."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def test_stamps_law_fonts_and_messages_are_in_it(names: frozenset[str]) -> None:
    for stamp in (ROOT / "stamps").glob("*.toml"):
        assert f"dingmi_mark/stamps/{stamp.name}" in names
    for needed in (
        "law/rules.toml",
        "law/profiles/national.toml",
        "law/profiles/shaoguan-2011.toml",
        "fonts/dingmi-heiti.ttf",
        "fonts/OFL.txt",
        "locale/zh_CN/LC_MESSAGES/dingmi_mark.mo",
        "locale/en/LC_MESSAGES/dingmi_mark.mo",
        "store/office_files/office.toml",
        "py.typed",
    ):
        assert f"dingmi_mark/{needed}" in names, needed


def test_every_module_is_in_it_and_no_test(names: frozenset[str]) -> None:
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert modules <= names
    assert not [name for name in names if "test" in Path(name).parts[0]]
