"""Every command the READMEs show is run: by this test, or by the CI script."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#]+)\)")


def commands(readme: str) -> list[str]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    lines = (line for block in _BLOCK.findall(text) for line in block.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def run_by_ci(command: str) -> bool:
    """Installing and make are the CI script's, which calls them on a clean checkout."""
    return command.startswith(("make ", "pip "))


@pytest.fixture(scope="module", params=READMES)
def readme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_commands_work_one_after_the_other(readme: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"}
    environment.pop("DINGMI_OFFICE", None)
    shown = [command for command in commands(readme) if not run_by_ci(command)]
    assert len(shown) > 8
    for command in shown:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}\n{done.stderr}"


def test_the_ci_script_runs_the_other_commands(readme: str) -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in filter(run_by_ci, commands(readme)):
        if command == "pip install .":
            assert "$(PIP) -c constraints.txt ." in makefile
        else:
            assert re.search(rf"^{command}$", script, re.MULTILINE), command


def test_pictures_and_links_are_there(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for target in (*_PICTURE.findall(text), *_LINK.findall(text)):
        if "://" not in target:
            assert (ROOT / target).is_file(), target


def test_the_library_example_runs(tmp_path: Path) -> None:
    (example,) = _PYTHON.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    bin_folder = Path(sys.executable).parent
    subprocess.run(
        [str(bin_folder / "dingmi-mark"), "init", "office", "--name", "示例市示范局"]
        + ["--kind", "直属单位"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    office = ROOT / "examples" / "office"
    shutil.copy2(office / "authority.toml", tmp_path / "office")
    shutil.copytree(office / "public", tmp_path / "office" / "public")
    (tmp_path / "example.py").write_text(example, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "example.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "机密★10年" in done.stdout
    assert "failed" not in done.stdout
