"""Keep the message catalogues up to date: what the code says, and its translations.

    python tools/messages.py            takes new wordings up, drops old ones, compiles
    python tools/messages.py --check    only tells what is missing

The English wording in the code is the identifier, so the English catalogue repeats it. A wording
without translation stays empty, and the check fails.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any, Final, TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE: Final = Path(__file__).parents[1] / "src" / "dingmi_mark"
LOCALE: Final = SOURCE / "locale"
DOMAIN: Final = "dingmi_mark"
LANGUAGES: Final = ("en", "zh_CN")

KEYWORDS: Final = dict.fromkeys(
    ("_", "gettext", "N_", "say", "refuse", "explain", "no_authority", "Message"), (1,)
)
"""Functions whose first argument is a wording."""

CLICK: Final = (
    "Usage:",
    "Options",
    "Commands",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Show this message and exit.",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "No such option {name!r}.",
    "No such option: {name}",
    "No such command {name!r}.",
    "(Possible options: {possibilities})",
    "Option {name!r} does not take a value.",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "Choose from:\n\t{choices}",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.",
    "file",
    "directory",
    "path",
    "required",
    "default: {default}",
)
"""What click itself says to people, of the versions we allow; it reads our catalogue."""

CLICK_PLURALS: Final = (
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)
"""What click says in the singular and the plural; Chinese has one form for both."""

Wording: TypeAlias = str | tuple[str, str]

_NO_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)


def spoken() -> frozenset[Wording]:
    """Return every wording of the code and of click."""
    found = extract_from_dir(SOURCE, [("**.py", "python")], keywords=KEYWORDS)
    own = {message for _, _, message, _, _ in found if isinstance(message, str)}
    return frozenset((*CLICK, *CLICK_PLURALS, *own))


def catalogue_file(language: str) -> Path:
    """Return the catalogue of a language."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def translations(language: str) -> dict[Wording, tuple[str, ...]]:
    """Return the translations of a language by wording: one, or each form of the plural."""
    file = catalogue_file(language)
    if not file.is_file():
        return {}
    with file.open("rb") as stream:
        read = read_po(stream, locale=language)
    return {
        message.id: () if message.fuzzy else _forms(message.string)
        for message in read
        if message.id
    }


def faults(language: str) -> Iterator[str]:
    """Say what is wrong with the catalogue of a language."""
    said, known = spoken(), translations(language)
    yield from (f"{language}: not in the catalogue: {wording!r}" for wording in said - set(known))
    yield from (f"{language}: no longer said: {wording!r}" for wording in set(known) - said)
    for wording, texts in known.items():
        if not all(texts) or not texts:
            yield f"{language}: not translated: {wording!r}"
        elif language == "en" and texts != _forms(wording):
            yield f"{language}: other wording: {wording!r}"
        elif placeholders(_forms(wording)[-1]) != placeholders(texts[-1]):
            yield f"{language}: other placeholders: {wording!r}"


def placeholders(text: str) -> list[str]:
    """Return the fields in braces, sorted, with how they are converted (`name!r`)."""
    fields = Formatter().parse(text)
    return sorted(f"{name}!{conversion}" for _, name, _, conversion in fields if name is not None)


def _forms(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text),)


def update(language: str) -> None:
    """Write the catalogue with exactly what is said, and compile it."""
    known = translations(language)
    catalogue = Catalog(
        locale=language,
        domain=DOMAIN,
        project="dingmi-mark",
        header_comment="# What dingmi-mark says. Written by tools/messages.py.",
        creation_date=_NO_TIME,
        revision_date=_NO_TIME,
        last_translator="dingmi-mark",
        language_team=language,
        fuzzy=False,
    )
    for wording in sorted(spoken(), key=_forms):
        texts = _forms(wording) if language == "en" else known.get(wording, ("",))
        catalogue.add(wording, texts if isinstance(wording, tuple) else texts[0])
    file = catalogue_file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalogue, width=100, no_location=True)
    with file.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, catalogue)


def main() -> int:
    """Update or check; return the exit code."""
    if "--check" not in sys.argv[1:]:
        for language in LANGUAGES:
            update(language)
    found = [fault for language in LANGUAGES for fault in faults(language)]
    print("\n".join(found) or "The catalogues are complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
