"""Kills in the middle: nothing prints twice under one number, and no job is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cups_kit import NEEDS_CUPS, open_folder, print_server, until
from printhook_kit import CLASSIFIED, ORDINARY, Guarded, at_work, guarded, kill, register_spoil

pytestmark = NEEDS_CUPS

ENDED = ("completed", "canceled", "aborted", "pending-held", "processing-stopped")


@pytest.fixture
def room() -> Iterator[Guarded]:
    with open_folder() as folder, print_server(folder / "server") as server:
        yield guarded(folder / "unit", server)


def test_a_print_server_killed_in_mid_print_asks_before_it_prints_again(room: Guarded) -> None:
    server = room.server
    slow = server.paper / "slow"
    slow.touch()
    job = server.lp(CLASSIFIED, room.marked)
    until(lambda: "yes" if list(server.paper.glob("*.begun")) else "", server.log)
    left = at_work(room, "")
    slow.unlink()
    server.kill_and_start_again()
    kill(left)
    assert server.reached(job, *ENDED) == "pending-held", server.log()
    assert "已经送过打印机" in server.job(job)
    assert server.printed() == []
    register_spoil(room)
    server.run("lp", "-i", job, "-H", "resume")
    assert server.reached(job, "completed") and server.printed() == [room.marked.read_bytes()]


def test_a_backend_killed_with_all_its_processes_prints_no_more_and_blocks_nothing(
    room: Guarded,
) -> None:
    """CUPS takes a backend that was killed for one that is done; the job can be started again."""
    server = room.server
    slow = server.paper / "slow"
    slow.touch()
    job = server.lp(CLASSIFIED, room.marked)
    until(lambda: "yes" if list(server.paper.glob("*.begun")) else "", server.log)
    slow.unlink()
    kill(at_work(room, ""))
    assert server.reached(job, *ENDED) and server.printed() == []
    server.run("lp", "-i", job, "-H", "restart")
    until(lambda: "yes" if "已经送过" in server.job(job) else "", server.log)
    assert server.reached(job, "pending-held") and server.printed() == []
    assert server.reached(server.lp(ORDINARY, room.clean), *ENDED) == "completed"


def test_a_print_server_that_is_stopped_while_a_job_is_looked_at_looks_at_it_anew(
    room: Guarded,
) -> None:
    server = room.server
    job = server.lp(CLASSIFIED, room.marked)
    until(lambda: "yes" if at_work(room, "") else "", server.log)
    server.stop_and_start_again()
    assert server.reached(job, *ENDED) == "completed", server.log()
    assert server.printed() == [room.marked.read_bytes()]
