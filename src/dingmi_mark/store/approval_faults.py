"""From the schema library's errors to faults in our own words, each with its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dingmi_mark.errors import NotAStateSecret
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.store.approval_file import RecordFile
from dingmi_mark.store.approval_values import LEVEL, MISREAD
from dingmi_mark.store.lawbook import names_other_regime, other_regimes
from dingmi_mark.store.strict_toml import unknown_key

Context: TypeAlias = Mapping[str, Any]
Wording: TypeAlias = Callable[[Context], Message]


def _table(_: Context) -> Message:
    return say("a table is expected")


def _whole_number(_: Context) -> Message:
    return say("a whole number without quotation marks is expected")


def _number(_: Context) -> Message:
    return say("a number without quotation marks is expected")


def _own(context: Context) -> Message:
    expected: Message = context["expected"]
    return expected


WORDINGS: Final[Mapping[str, Wording]] = MappingProxyType(
    {
        MISREAD: _own,
        LEVEL: _own,
        "missing": lambda _: say("this key is missing"),
        "model_type": _table,
        "model_attributes_type": _table,
        "dict_type": _table,
        "list_type": lambda _: say("a list in [ ] is expected"),
        "int_type": _whole_number,
        "int_from_float": _whole_number,
        "float_type": _number,
        "finite_number": _number,
        "bool_type": lambda _: say("true or false is expected"),
        "literal_error": lambda c: say("{options} is expected", options=c["expected"]),
        "greater_than_equal": lambda c: say("a number from {least} on is expected", least=c["ge"]),
        "less_than_equal": lambda c: say("a number up to {most} is expected", most=c["le"]),
        "too_short": lambda c: say("at least {count} entries are expected", count=c["min_length"]),
        "too_long": lambda c: say("at most {count} entries are expected", count=c["max_length"]),
    }
)
"""Our wording for every kind of error the border models can give."""


def faults_of(
    error: ValidationError, where: str, model: type[BaseModel] = RecordFile
) -> tuple[Fault, ...]:
    """Return all faults of a file of this model.

    Raises NotAStateSecret where a level names another regime (R1).
    """
    details = error.errors(include_url=False)
    for detail in details:
        if detail["type"] == LEVEL:
            _refuse_other_regime(str(detail["ctx"]["level"]), where)
    return tuple(_fault(detail, model) for detail in details)


def place_of(location: tuple[int | str, ...]) -> str:
    """Write a place as people count: `point[2].quote` is the second point."""
    place = ""
    for step in location:
        if isinstance(step, int):
            place += f"[{step + 1}]"
        else:
            # A key of the user's own may hold anything; a fault must stay one printable line.
            name = step if step.isprintable() else ascii(step)
            place += f".{name}" if place else name
    return place


def _refuse_other_regime(level: str, where: str) -> None:
    if names_other_regime(level):
        raise NotAStateSecret(where, citation=str(other_regimes()[1]), level=level)


def _fault(detail: ErrorDetails, model: type[BaseModel]) -> Fault:
    kind, location = detail["type"], detail["loc"]
    if kind == "extra_forbidden":
        known = _known_keys(location[:-1], model)
        return Fault(place_of(location), unknown_key(str(location[-1]), known))
    wording = WORDINGS.get(kind)
    context = detail.get("ctx", {})
    expected = wording(context) if wording else say("this value is of the wrong kind")
    return Fault(place_of(location), expected)


def _known_keys(location: tuple[int | str, ...], model: type[BaseModel]) -> set[str]:
    for step in location:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation)
    return {field.alias or name for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel]:
    """Return the model in `Part`, `Part | None` or `list[Part]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return _model_in(get_args(annotation)[0])
