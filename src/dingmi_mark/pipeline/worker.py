"""Hostile files meet a worker process with limits: a crash or a bomb costs one verdict.

The border turns whatever happens inside into an expected error. A bug is named by the kind of
exception and the place in our own code, never by its wording, which could quote the draft.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ParamSpec, TypeVar

from dingmi_mark.domain.ledger import EntryOutOfOrder
from dingmi_mark.errors import (
    DingmiError,
    DraftTooCostly,
    LedgerBusy,
    WorkerFailed,
)
from dingmi_mark.pipeline.desk import Desk, open_desk, private_folder
from dingmi_mark.reference import reference_of
from dingmi_mark.store.office import Limits, Office

P = ParamSpec("P")
T = TypeVar("T")

_MIB = 1 << 20

_room = ExitStack()
_desks: dict[str, Desk] = {}


def begin(limits: Limits) -> None:
    """Prepare a fresh worker: limits, quiet, and an end that cleans up."""
    memory = limits.memory_mb * _MIB
    # What is written and kept counts, not what is only mapped: LibreOffice and fonts map much.
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most != resource.RLIM_INFINITY:
        memory = min(memory, most)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    _silence()


def desk_of(office: Office, batch_id: str) -> Desk:
    """The desk of this worker, laid out once."""
    if batch_id not in _desks:
        desk = _room.enter_context(open_desk(office, batch_id))
        _room.enter_context(private_folder(desk))
        _desks[batch_id] = desk
    return _desks[batch_id]


def guarded(
    limits: Limits, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T | DingmiError:
    """Do work on a draft and return what came of it, or the error that stands for it."""
    try:
        return work(*args, **kwargs)
    except DingmiError as error:
        return error
    except EntryOutOfOrder:
        return LedgerBusy()
    except (MemoryError, RecursionError):
        return DraftTooCostly(limit=f"{limits.memory_mb} MiB")
    except Exception as error:  # noqa: BLE001 - the border: a bug becomes one verdict
        return WorkerFailed(reference=reference_of(error))


def _leave(_signal: int, _frame: Any) -> None:
    """End as the interpreter ends, so that LibreOffice is stopped and private files go."""
    _room.close()
    sys.exit(1)


def _silence() -> None:
    """Native libraries write about a file where we cannot hold them back: let it go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
