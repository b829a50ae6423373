"""Whatever happens in a worker costs one verdict: crashes, bombs, endless work, bugs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dingmi_mark.errors import (
    DingmiError,
    DraftBroken,
    DraftTooCostly,
    LedgerBusy,
    WorkerFailed,
)
from dingmi_mark.pipeline.pool import Job, run_jobs, run_one, workers_for
from dingmi_mark.reference import reference_of
from dingmi_mark.store.office import Limits
from worker_kit import bomb, bug, crash, endless, expected, mupdf_fails, out_of_order, well

LIMITS = Limits(memory_mb=600, seconds=20)


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (crash, WorkerFailed),
        (bomb, DraftTooCostly),
        (bug, WorkerFailed),
        (mupdf_fails, WorkerFailed),
        (expected, DraftBroken),
        (out_of_order, LedgerBusy),
    ],
)
def test_every_end_of_a_worker_is_an_expected_error(
    work: Callable[[], str], error: type[DingmiError]
) -> None:
    found = run_one(work, (), LIMITS)
    assert type(found) is error
    assert "words of the draft" not in f"{found} {found.advice}"


def test_endless_work_ends_with_the_time_limit() -> None:
    found = run_one(endless, (), Limits(memory_mb=600, seconds=1))
    assert isinstance(found, DraftTooCostly)


def test_a_crash_costs_its_own_file_only() -> None:
    results: dict[int, object] = {}
    jobs = [Job(well, (0,)), Job(crash, ()), *(Job(well, (n,)) for n in range(2, 6))]
    assert run_jobs(jobs, LIMITS, 2, results.__setitem__)
    assert isinstance(results.pop(1), WorkerFailed)
    assert results == {n: f"done {n}" for n in (0, 2, 3, 4, 5)}


def test_a_bug_is_named_by_its_place_and_not_by_its_words() -> None:
    def fail() -> None:
        from dingmi_mark.domain.terms import last_secret_day

        last_secret_day(object(), None)  # type: ignore[arg-type]

    with pytest.raises(AssertionError) as caught:
        fail()
    assert reference_of(caught.value).startswith("AssertionError@domain.terms:")


def test_workers_are_as_many_as_asked_and_no_more_than_files() -> None:
    assert workers_for(8, 3) == 3
    assert workers_for(2, 100) == 2
    assert workers_for(0, 100) >= 1
    assert workers_for(4, 0) == 1
