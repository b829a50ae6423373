"""Worker processes for many files: as many as asked for, one file each, verdicts as they come."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

from dingmi_mark.errors import DingmiError, DraftTooCostly, WorkerFailed
from dingmi_mark.messages import say
from dingmi_mark.pipeline.worker import begin, guarded
from dingmi_mark.store.office import Limits

if TYPE_CHECKING:
    from pebble import ProcessPool

T = TypeVar("T")

_PATIENCE_S = 20.0
"""How long a first Ctrl-C waits for the files in work; a second one stops them at once."""


@dataclass(frozen=True)
class Job(Generic[T]):
    """Work for a worker: a function of a module, its arguments, how many times the time limit."""

    work: Callable[..., T]
    args: tuple[object, ...]
    times: int = 1


def run_jobs(
    jobs: Iterable[Job[T]],
    limits: Limits,
    workers: int,
    on_result: Callable[[int, T | DingmiError], None],
) -> bool:
    """Run all jobs; `on_result` hears of each with its number. Return False if interrupted.

    At Ctrl-C no new file is begun, those in work are finished, and what is left is left alone.
    """
    waiting = enumerate(jobs)
    running: dict[Future[T | DingmiError], int] = {}
    with _pool(limits, workers) as pool:
        try:
            while True:
                for number, job in islice(waiting, workers - len(running)):
                    running[_scheduled(pool, job, limits)] = number
                if not running:
                    return True
                _take_done(running, limits, on_result, None)
        except KeyboardInterrupt:
            try:
                while running and _take_done(running, limits, on_result, _PATIENCE_S):
                    pass
            except KeyboardInterrupt:
                pool.stop()  # type: ignore[no-untyped-call]
            return False


def run_one(work: Callable[..., T], args: tuple[object, ...], limits: Limits) -> T | DingmiError:
    """Run one function in a worker and return its result, or the error that stands for it."""
    results: list[T | DingmiError] = []
    finished = run_jobs([Job(work, args)], limits, 1, lambda _, result: results.append(result))
    if not finished and not results:
        raise KeyboardInterrupt
    return results[0]


def workers_for(asked: int, files: int) -> int:
    """Return the number of worker processes: as asked, no more than there are files."""
    return max(1, min(asked or os.cpu_count() or 1, files))


@contextmanager
def _pool(limits: Limits, workers: int) -> Iterator[ProcessPool]:
    from pebble import ProcessPool

    # Not forked from here: threads and open databases do not survive that.
    context = multiprocessing.get_context("forkserver")
    pool = ProcessPool(workers, context=context, initializer=begin, initargs=[limits])
    try:
        yield pool
    finally:
        pool.close()  # type: ignore[no-untyped-call]
        try:
            pool.join(timeout=_PATIENCE_S)
        except TimeoutError:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


def _scheduled(pool: ProcessPool, job: Job[T], limits: Limits) -> Future[T | DingmiError]:
    arguments = [limits, job.work, *job.args]
    try:
        return pool.schedule(guarded, args=arguments, timeout=limits.seconds * job.times)
    except RuntimeError:  # the pool is broken: see `_result`
        broken: Future[T | DingmiError] = Future()
        broken.set_result(WorkerFailed(reference="no worker process can be started"))
        return broken


def _take_done(
    running: dict[Future[T | DingmiError], int],
    limits: Limits,
    on_result: Callable[[int, T | DingmiError], None],
    patience: float | None,
) -> bool:
    """Hand over what is ready; False where nothing became ready in time."""
    done, _ = wait(running, timeout=patience, return_when=FIRST_COMPLETED)
    for future in done:
        on_result(running.pop(future), _result(future, limits))
    return bool(done)


def _result(future: Future[T | DingmiError], limits: Limits) -> T | DingmiError:
    from concurrent.futures.process import BrokenProcessPool

    from pebble import ProcessExpired

    try:
        return future.result()
    except TimeoutError:
        return DraftTooCostly(limit=say("{seconds} seconds", seconds=limits.seconds))
    except ProcessExpired as error:
        return WorkerFailed(reference=f"process ended with {error.exitcode}")
    except BrokenProcessPool:
        return WorkerFailed(reference="no worker process can be started")
