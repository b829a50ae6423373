"""What the 2D code of a paper says: an id and nothing else."""

from __future__ import annotations

import pytest

from dingmi_mark.domain.code import code_of, copy_in

ID = "0123456789abcdef" * 2


def test_a_code_names_its_copy_in_the_letters_of_the_alphanumeric_mode() -> None:
    said = code_of(ID)
    assert set(said) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(said) <= 38, "what version 2 holds at level M"
    assert copy_in(said) == ID


@pytest.mark.parametrize(
    "said",
    ["", "DM1:", ID, code_of(ID) + "0", code_of(ID)[:-1], "DM2:" + ID.upper(), "dm1:" + ID],
)
def test_other_codes_name_no_copy(said: str) -> None:
    assert copy_in(said) is None
