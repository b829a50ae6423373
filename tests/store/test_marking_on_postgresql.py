"""The whole way with the ledger in a real PostgreSQL server: marked, again, checked, verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import Status
from dingmi_mark.store.ledger import Ledger
from office_kit import NOW, Room, approved, new_room, only, pdf


def test_an_office_with_its_ledger_on_a_server(
    tmp_path: Path, new_postgresql: Callable[[], str]
) -> None:
    room = new_room(tmp_path)
    url = new_postgresql()
    office = replace(room.office, ledger_url=url)
    Ledger.create(url, office.id, NOW.isoformat()).close()
    here = Room(tmp_path, office)
    content = pdf()
    here.put("通知.pdf", content, approved(content, "通知.pdf", copies=3))
    assert only(here.mark()).status is Status.MARKED
    assert only(here.mark()).status is Status.UNCHANGED
    reports = check_files([here.out], office, on_report=lambda _: None)
    assert len(reports) == 3 and all(report.agrees for report in reports)
    with Ledger.open(url) as ledger:
        assert ledger.verify() == []
        assert ledger.open_markings() == []
