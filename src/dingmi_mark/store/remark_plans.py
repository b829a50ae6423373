"""Write and read the plan of a re-marking: JSON, strict, protected by a digest of all of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from dingmi_mark.domain.remark_plan import SCHEMA, RemarkPlan
from dingmi_mark.errors import PlanInvalid
from dingmi_mark.messages import Message, say
from dingmi_mark.store.new_file import new_text_file

T = TypeVar("T")

_MOST_BYTES = 200_000_000


def plan_digest(plan: RemarkPlan) -> str:
    """Return `sm3:` and the digest of a plan: what verifiers sign."""
    return "sm3:" + hashlib.new("sm3", _canonical(asdict(plan))).hexdigest()


def write_plan(plan: RemarkPlan, path: Path) -> str:
    """Write a new file and return its digest. Raises OutputExists, OutputDiskFull and others."""
    digest = plan_digest(plan)
    told = {"schema": SCHEMA, "digest": digest, **asdict(plan)}
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    with new_text_file(path) as stream:
        # Bytes of a name that are no UTF-8 become escapes that JSON reads back.
        stream.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))
    return digest


def read_plan(path: Path) -> tuple[RemarkPlan, str]:
    """Return a plan and its digest. Raises PlanInvalid: not there, not whole, altered."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _invalid(path, say("it is too large"))
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _invalid(path, say("the file cannot be opened")) from error
    except (ValueError, RecursionError) as error:
        raise _invalid(path, say("it is no plan of this program")) from error
    if not isinstance(found, dict) or found.pop("schema", None) != SCHEMA:
        raise _invalid(path, say("it is no plan of this program"))
    digest = found.pop("digest", None)
    try:
        plan = _read(RemarkPlan, found)
    except (ValueError, TypeError) as error:
        raise _invalid(path, say("it is no plan of this program")) from error
    if digest != plan_digest(plan):
        raise _invalid(path, say("it was altered after it was made"))
    return plan, digest


def _read(kind: type[T], found: object) -> T:
    """Return a value of this class from what JSON gave. Raises ValueError, TypeError."""
    if not isinstance(found, dict) or set(found) != {each.name for each in fields(kind)}:  # type: ignore[arg-type]
        raise ValueError("other fields")
    hints = get_type_hints(kind)
    return kind(**{name: _value(hint, found[name]) for name, hint in hints.items()})


def _value(hint: Any, found: object) -> object:
    if hint in (str, int, bool):
        if type(found) is not hint:
            raise ValueError("another type")
        return found
    inner, *_ = get_args(hint)
    if not isinstance(found, list):
        raise ValueError("a list is expected")
    return tuple(_value(inner, one) if inner is str else _read(inner, one) for one in found)


def _canonical(tables: dict[str, Any]) -> bytes:
    text = json.dumps(tables, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _invalid(path: Path, cause: Message) -> PlanInvalid:
    return PlanInvalid(str(path), cause=cause)
