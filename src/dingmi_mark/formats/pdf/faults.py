"""One border for what the libraries raise on damaged files: it all becomes DraftBroken."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from dingmi_mark.errors import DraftBroken, DraftProtected
from dingmi_mark.messages import say

_FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RuntimeError,
    ArithmeticError,
)
"""What pikepdf and pymupdf let through from damaged objects, besides errors of their own.

Where an object was expected, pikepdf may give a number, which has no attributes of one.
"""


@contextmanager
def damage_is_told() -> Iterator[None]:
    """Turn the faults of reading a damaged file into DraftBroken, a password into DraftProtected.

    DingmiError and OSError go through as they are.
    """
    import pikepdf

    # Warnings on the file are asked for (get_warnings), not printed; and none may name its text.
    _silence(logging.getLogger("pikepdf"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except pikepdf.PasswordError as fault:
        raise DraftProtected from fault
    except pikepdf.PdfError as fault:
        raise DraftBroken(cause=say("its structure is damaged")) from fault
    except _FAULTS as fault:
        raise DraftBroken(cause=say("parts of it make no sense")) from fault


def _silence(logger: logging.Logger) -> None:
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
