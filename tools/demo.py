"""make demo: a fictional office, its drafts marked in every format, checked and shown.

Runs the installed command as a user would: init, a dry run with pictures, mark, check.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = str(Path(sys.executable).parent / "dingmi-mark")


def run(*arguments: str | Path, allowed: Sequence[int] = (0,)) -> None:
    """Show a command, run it, and end the demo where it fails."""
    shown = " ".join(str(argument) for argument in arguments)
    print(f"\n$ dingmi-mark {shown}", flush=True)
    status = subprocess.run([COMMAND, *map(str, arguments)], check=False).returncode
    if status not in allowed:
        sys.exit(f"dingmi-mark ended with {status}")


def show_table(out: Path, office: Path) -> None:
    """Show every marked file with its mark and what the check says of it."""
    from rich.console import Console
    from rich.table import Table

    command = [COMMAND, "check", str(out), "--office", str(office), "--json"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    table = Table(
        "文件 file", "标志 mark", "核对 check", "方式 how", title="标志后的文件 · Marked files"
    )
    for report in answer["result"]["files"]:
        agrees = "一致 agrees" if report["agrees"] else "不一致 DIFFERS"
        table.add_row(report["file"], report["mark"], agrees, report["assurance"])
    print()
    Console(width=110).print(table)


def main(folder: Path) -> None:
    """Build the office anew in `folder` and go through a day's work."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    examples = ROOT / "examples"
    office, out, pictures = folder / "office", folder / "marked", folder / "pictures"
    run("init", office, "--name", "示例市示范局", "--kind", "直属单位")
    shutil.copytree(examples / "office", office, dirs_exist_ok=True)
    drafts, approvals = examples / "drafts", examples / "approvals"
    work = ("mark", drafts, "--approvals", approvals, "--out", out, "--office", office)
    run(*work, "--dry-run", "--preview", pictures)
    run(*work)
    run("check", out, "--office", office)
    run("ledger", "verify", "--office", office)
    show_table(out, office)
    print("\nPictures of their pages (预览图片):")
    for path in sorted(pictures.rglob("*.png")):
        print(f"  {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo"))
