"""Choose the language before anything is said: help texts depend on it.

Our sentences and click's own share one catalogue, so that a page is in one language.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping, Sequence

DOMAIN = "dingmi_mark"
LOCALE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")
CATALOGUES = {"zh": "zh_CN", "en": "en"}
"""What `--lang` takes, and the catalogue it means."""

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")


def language_of(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the language asked for by `--lang` anywhere, else by the locale, else English."""
    asked = _asked(arguments)
    if asked in CATALOGUES:
        return asked
    locale = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def speak(language: str) -> None:
    """Let this process say everything in a language of `CATALOGUES`."""
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)
    # click looks its own words up by the environment; there is no other way to tell it.
    os.environ["LANGUAGE"] = CATALOGUES[language]


def _asked(arguments: Sequence[str]) -> str:
    asked = ""
    before = ""
    for argument in arguments:
        if argument == "--":
            break
        if before == "--lang":
            asked = argument
        elif argument.startswith("--lang="):
            asked = argument.partition("=")[2]
        before = argument
    return asked
