"""The digest of an object is the same however much of it is kept before it is hashed."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
import pytest

from dingmi_mark.formats.pdf import objects
from dingmi_mark.formats.pdf.objects import Objects


@pytest.fixture
def given() -> Iterator[pikepdf.Object]:
    """An object with many others below it, in lists, in resources and in resources of theirs."""
    pdf = pikepdf.new()
    pdf.add_blank_page()

    def numbered(count: int) -> pikepdf.Array:
        entries = (pikepdf.Dictionary(At=n, Wide=pikepdf.Array([1, 2.5, n])) for n in range(count))
        return pikepdf.Array([pdf.make_indirect(entry) for entry in entries])

    inner = pdf.make_stream(b"q Q", Many=numbered(20))
    form = pdf.make_stream(
        b"/In Do", Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary({"/In": inner}))
    )
    named = {"/B": form, "/A": pdf.make_stream(b"", Many=numbered(30))}
    pdf.Root.Sample = pikepdf.Dictionary(
        Many=numbered(50), Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(named))
    )
    yield pdf.Root.Sample


@pytest.mark.parametrize("way", ["written", "drawn"])
def test_a_digest_does_not_depend_on_how_much_is_kept(
    given: pikepdf.Object, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = getattr(Objects({}), way)(given).digest
    monkeypatch.setattr(objects, "_MANY_TOKENS", 3)
    assert getattr(Objects({}), way)(given).digest == at_once
    given.Many[49].Wide[2] = 7
    assert getattr(Objects({}), way)(given).digest != at_once
