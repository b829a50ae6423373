"""Messages and errors cross the border of a worker process whole."""

import pickle

import pytest

from dingmi_mark.cli.words import words
from dingmi_mark.errors import DingmiError, PlaceTaken, TemplateInvalid
from dingmi_mark.messages import Fault, Message, say


def test_a_message_is_pickled_with_its_parameters() -> None:
    message = say("{count} of {inner}", count=3, inner=say("the {what}", what="files"))
    back: Message = pickle.loads(pickle.dumps(message))
    assert str(back) == str(message) == "3 of the files"


def test_an_error_is_pickled_with_place_citation_and_parameters() -> None:
    faults = (Fault("slot[2].size_pt", say("a number is expected")),)
    error = TemplateInvalid("stamps/a.toml", citation="第一条", count=1, faults=faults)
    back: DingmiError = pickle.loads(pickle.dumps(error))
    assert type(back) is TemplateInvalid
    assert (back.where, back.citation, str(back)) == (error.where, "第一条", str(error))
    assert "slot[2].size_pt" in str(back)
    assert str(pickle.loads(pickle.dumps(PlaceTaken(slot="mark", page=1)))).startswith("The place")


@pytest.mark.parametrize(
    ("slot", "called"),
    [("mark", "the mark"), ("mark:1", "the mark"), ("point:2", "the classified point"),
     ("seal", "seal"), ("", "")],
)  # fmt: skip
def test_a_slot_is_called_as_people_call_it(slot: str, called: str) -> None:
    """The names a template gives its own slots stay; only a slot is called so."""
    assert words(say("“{slot}” on {text}", slot=slot, text="mark")) == f"“{called}” on mark"
