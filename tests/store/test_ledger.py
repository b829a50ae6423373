"""The ledger records markings, finds them again, refuses what does not follow."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy
from sqlalchemy.exc import DBAPIError

from dingmi_mark.domain.ledger import (
    BatchFinished,
    BatchStarted,
    Begun,
    Entry,
    EntryOutOfOrder,
    Intended,
    MarkingState,
    Settled,
    Voided,
)
from dingmi_mark.domain.ledger_chain import entry_of
from dingmi_mark.errors import LedgerBroken, LedgerNewer, OutputExists
from dingmi_mark.store import ledger_migrations
from dingmi_mark.store.ledger import Ledger
from dingmi_mark.store.ledger_schema import STORED

AT = "2026-03-02T09:00:00+08:00"
Marked = Callable[[str], list[Entry]]
MakeIntended = Callable[..., Intended]


def test_a_new_ledger_binds_its_office_and_is_sound(ledger: Ledger) -> None:
    assert [entry_of(link) for link in ledger.entries()] == [Begun("office-7f3a", AT)]
    assert ledger.office_id == "office-7f3a"
    assert ledger.verify() == []


def test_entries_come_back_as_they_were_appended(ledger: Ledger, marked: Marked) -> None:
    entries = [
        BatchStarted("batch-1", "run-1", "0.1.0", AT),
        *marked("甲"),
        BatchFinished("batch-1", marked=1, unchanged=0, failed=0, interrupted=False, at=AT),
    ]
    links = ledger.append(*entries)
    assert [link.seq for link in links] == [2, 3, 4, 5, 6, 7]
    assert [entry_of(link) for link in ledger.entries()][1:] == entries
    assert ledger.head() == links[-1]
    assert ledger.recent(2) == [links[-1], links[-2]]
    assert ledger.verify() == []


def test_a_marking_is_told_with_its_state_and_entries(ledger: Ledger, marked: Marked) -> None:
    intent, prepared, renamed, done = marked("甲")
    seen = []
    for step in (intent, prepared, renamed, done):
        ledger.append(step)
        record = ledger.marking("甲-marking", "甲-copy")
        assert record is not None
        seen.append((record.state, record.prepared, record.closed))
    assert seen == [
        (MarkingState.INTENDED, None, None),
        (MarkingState.PREPARED, prepared, None),
        (MarkingState.RENAMED, prepared, None),
        (MarkingState.DONE, prepared, done),
    ]
    assert record is not None
    assert record.intended == intent
    assert ledger.marking("甲-marking", "another copy") is None


def test_files_are_found_by_any_digest_with_their_role(ledger: Ledger, marked: Marked) -> None:
    ledger.append(*marked("甲"), *marked("乙"))

    def found(digest: str) -> list[tuple[str, str, str]]:
        matches = ledger.by_file_digest(digest)
        return [(m.role, m.algorithm, m.record.intended.marking_id) for m in matches]

    assert found("sm3-甲-draft") == [("draft", "sm3", "甲-marking")]
    assert found("sha256-乙-marked") == [("marked", "sha256", "乙-marking")]
    assert found("content-甲-draft") == []
    assert [m.role for m in ledger.by_content_digest("content-甲-marked")] == ["marked"]


def test_copies_of_one_document_are_listed_once_done(ledger: Ledger, marked: Marked) -> None:
    ledger.append(*marked("甲"))
    second = [replace(step, copy_id="second") for step in marked("甲")]  # type: ignore[call-arg]
    ledger.append(*second[:3])
    assert [r.intended.copy_id for r in ledger.done_for("甲-document")] == ["甲-copy"]
    assert [r.intended.copy_id for r in ledger.open_markings()] == ["second"]
    assert ledger.open_markings("another batch") == []
    ledger.append(second[3])
    assert [r.intended.copy_id for r in ledger.done_for("甲-document")] == ["甲-copy", "second"]
    assert ledger.open_markings() == []


def test_a_document_points_to_its_newest_finished_marking(ledger: Ledger, marked: Marked) -> None:
    ledger.append(*marked("甲"))
    newer = [replace(step, marking_id="remarked") for step in marked("甲")]  # type: ignore[call-arg]
    ledger.append(replace(newer[0], generation=2), *newer[1:])  # type: ignore[call-arg]
    with ledger._database.reading() as connection:
        row = connection.execute(sqlalchemy.select(STORED.documents)).one()
    assert (row.document_id, row.marking_id, row.generation) == ("甲-document", "remarked", 2)


def test_steps_out_of_order_are_refused_and_nothing_is_written(
    ledger: Ledger, marked: Marked
) -> None:
    intent, prepared, renamed, done = marked("甲")
    void = Voided("甲-marking", "甲-copy", "not_confirmed", AT)
    head = ledger.head()
    for steps in (
        [prepared],
        [intent, done],
        [intent, intent],
        [intent, void, void],
        [intent, prepared, done, void],
        [intent, void, renamed],
    ):
        with pytest.raises(EntryOutOfOrder):
            ledger.append(*steps)
    assert ledger.head() == head
    assert ledger.verify() == []


def test_what_the_doctor_voids_can_go_on_no_more(ledger: Ledger, marked: Marked) -> None:
    intent, prepared, *_ = marked("甲")
    void = Settled("甲-marking", "甲-copy", "void", "crash", "", "", "0.1.0", AT)
    ledger.append(intent, void)
    with pytest.raises(EntryOutOfOrder):
        ledger.append(prepared)
    assert [record.state for record in ledger.open_markings()] == [MarkingState.VOIDING]


def test_a_voided_copy_may_be_marked_again(ledger: Ledger, marked: Marked) -> None:
    intent, *rest = marked("甲")
    ledger.append(intent, rest[0], Voided("甲-marking", "甲-copy", "not_confirmed", AT))
    again = replace(intent, level="秘密", content_digest="")  # type: ignore[call-arg]
    ledger.append(again, *rest)
    record = ledger.marking("甲-marking", "甲-copy")
    assert record is not None
    assert (record.state, record.intended) == (MarkingState.DONE, again)
    assert ledger.by_content_digest("content-甲-draft") == []
    assert ledger.verify() == []


def test_copies_of_one_marking_must_agree(ledger: Ledger, intended: MakeIntended) -> None:
    ledger.append(intended("甲"))
    with pytest.raises(EntryOutOfOrder):
        ledger.append(intended("甲", copy_id="second", level="绝密"))


def test_names_in_any_encoding_are_kept(ledger: Ledger, intended: MakeIntended) -> None:
    ledger.append(intended("甲", target="out/\udcb7\udca2.pdf"))
    record = ledger.marking("甲-marking", "甲-copy")
    assert record is not None
    assert record.intended.target == "out/\udcb7\udca2.pdf"
    assert ledger.verify() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET kind = 'x'",
        "DELETE FROM entries",
        "INSERT INTO entries SELECT * FROM entries",
    ],
)
def test_the_database_itself_refuses_changes(ledger: Ledger, statement: str) -> None:
    with pytest.raises(DBAPIError), ledger._database.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert ledger.verify() == []


def test_sqlite_refuses_replacing_an_entry(sqlite_ledger: Ledger) -> None:
    replacing = "INSERT OR REPLACE INTO entries SELECT * FROM entries"
    with pytest.raises(DBAPIError), sqlite_ledger._database.engine.begin() as connection:
        connection.exec_driver_sql(replacing)


def test_postgresql_refuses_truncating(
    new_postgresql: Callable[[], str],
) -> None:
    url = new_postgresql()
    Ledger.create(url, "office", AT).close()
    with (
        pytest.raises(psycopg.errors.RestrictViolation),
        psycopg.connect(url) as connection,
    ):
        connection.execute("TRUNCATE entries")


def test_nothing_is_created_over_a_ledger(url: str) -> None:
    with pytest.raises(OutputExists):
        Ledger.create(url, "another office", AT)
    with Ledger.open(url) as ledger:
        assert ledger.office_id == "office-7f3a"


def test_files_are_for_their_owner_only(new_sqlite: Callable[[], str], marked: Marked) -> None:
    with Ledger.create(new_sqlite(), "office", AT) as ledger:
        ledger.append(*marked("甲"))
        file = ledger._database.file
        assert file is not None
        rights = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
        assert rights == {file.name + end: 0o600 for end in ("", "-wal", "-shm")}
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_tables_are_rebuilt_from_the_chain(ledger: Ledger, marked: Marked) -> None:
    ledger.append(*marked("甲"), *marked("乙")[:2])
    with ledger._database.engine.begin() as connection:
        connection.execute(STORED.copies.update().values(state="done"))
        connection.execute(STORED.digests.delete())
    assert [str(finding) for finding in ledger.verify()] == [
        "The table copies differs from the chain in 2 row(s).",
        "The table digests differs from the chain in 12 row(s).",
    ]
    ledger.rebuild()
    assert ledger.verify() == []
    assert [r.intended.copy_id for r in ledger.open_markings()] == ["乙-copy"]


def test_an_older_schema_is_brought_up_without_touching_the_chain(url: str, marked: Marked) -> None:
    with Ledger.open(url) as ledger:
        ledger.append(*marked("甲"))
        before = list(ledger.entries())
        with ledger._database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE digests")
            connection.exec_driver_sql("ALTER TABLE copies DROP COLUMN closed_seq")
            connection.exec_driver_sql("UPDATE ledger_meta SET schema_version = 0")
    with Ledger.open(url) as ledger:
        assert list(ledger.entries()) == before
        assert ledger.verify() == []
        assert len(ledger.by_file_digest("sm3-甲-draft")) == 1


def test_a_newer_schema_is_left_alone(url: str, marked: Marked) -> None:
    ledger = Ledger.open(url)
    with ledger, ledger._database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE ledger_meta SET schema_version = 99")
    with pytest.raises(LedgerNewer) as caught:
        Ledger.open(url)
    assert caught.value.where == ledger._database.where
    assert caught.value.params == {"found": 99, "known": ledger_migrations.known_version()}
    with ledger, pytest.raises(LedgerNewer):
        ledger.append(*marked("甲"))


def test_nothing_is_appended_behind_a_cut_off_end(sqlite_ledger: Ledger, marked: Marked) -> None:
    sqlite_ledger.append(*marked("甲"))
    with sqlite_ledger._database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER entries_no_delete")
        connection.exec_driver_sql("DELETE FROM entries WHERE seq = 5")
    with pytest.raises(LedgerBroken):
        sqlite_ledger.append(*marked("乙"))


def test_a_run_is_known_to_live_until_it_ends(url: str) -> None:
    with Ledger.open(url) as ours, Ledger.open(url) as theirs:
        assert not theirs.is_running("run-1")
        with ours.running("run-1"):
            assert theirs.is_running("run-1")
            assert ours.is_running("run-1")
            assert not theirs.is_running("run-2")
        assert not theirs.is_running("run-1")


def test_only_opening_a_ledger_loads_sqlalchemy() -> None:
    program = "import sys, dingmi_mark.pipeline.settle; sys.exit('sqlalchemy' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, env=_environment())


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
