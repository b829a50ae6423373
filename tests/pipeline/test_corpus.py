"""Real files, whole way: each is marked and confirmed, or refused with its cause; no third end."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path

import pytest

from dingmi_mark.errors import DraftTooCostly, MarkNotConfirmed, WorkerFailed
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import Assurance, Status
from office_kit import new_room
from record_kit import record

CORPUS = Path(os.environ.get("DINGMI_CORPUS", "/nonexistent"))

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs DINGMI_CORPUS")


@pytest.mark.parametrize(("suffix", "least"), [(".pdf", 140), (".docx", 20)])
def test_real_files(tmp_path: Path, suffix: str, least: int) -> None:
    room = new_room(tmp_path)
    files = sorted(path for path in CORPUS.rglob(f"*{suffix}") if path.is_file())
    for number, path in enumerate(files):
        content = path.read_bytes()
        digest = "sm3:" + hashlib.new("sm3", content).hexdigest()
        name = f"{number:04}{suffix}"
        approval = record(number=f"{number}号", files=(name,), digest=digest, form="其他", copies=0)
        room.put(name, content, approval)
    result = room.mark()
    assert len(result.verdicts) == len(files)
    failures = [
        (files[int(verdict.draft.stem)].name, str(verdict.error))
        for verdict in result.verdicts
        if isinstance(verdict.error, WorkerFailed | DraftTooCostly | MarkNotConfirmed)
    ]
    assert failures == []
    counts = Counter(verdict.status for verdict in result.verdicts)
    assert counts[Status.MARKED] >= least, counts
    marked = [copy for verdict in result.verdicts for copy in verdict.copies]
    assert {copy.assurance for copy in marked} <= {Assurance.RENDERED, Assurance.STRUCTURAL}
    reports = check_files([copy.path for copy in marked], room.office, on_report=lambda _: None)
    assert [report.file.name for report in reports if not report.agrees] == []
