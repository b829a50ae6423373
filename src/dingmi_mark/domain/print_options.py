"""The options of a print job, and which of them leave a marked page as it was marked.

A mark stands at its place in its true size (GB/T 9704). What sets pages smaller, leaves some out or
puts others before them is therefore nothing for a marked file. Options are known by name: one that
nobody knows may do anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

JOB_SHEETS = "job-sheets"
"""Cover pages, which the print server makes; they bear the title of the job, and no mark."""

_ANY = re.compile(r".*", re.DOTALL)
_PLAIN = (
    "media|media-col|media-size|media-type|media-source|pagesize|pageregion|mediatype|inputslot|"
    "sides|duplex|collate|copies|multiple-document-handling|colormodel|color|print-color-mode|"
    "print-quality|printer-resolution|resolution|output-bin|outputbin|output-order|outputorder|"
    "finishings|finishings-col|stapling|"
    "job-uuid|job-originating-host-name|job-originating-user-name|job-name|job-priority|"
    "job-hold-until|job-cancel-after|job-more-info|job-account-id|job-accounting-user-id|"
    "job-k-octets|job-impressions|job-media-sheets|job-printer-uri|printer-uri|document-format|"
    "document-name|document-name-supplied|document-format-supplied|document-compression|"
    "compression|date-time-at-creation|date-time-at-processing|date-time-at-completed|"
    "time-at-creation|time-at-processing|time-at-completed|document-natural-language|"
    "attributes-charset|attributes-natural-language|requesting-user-name|ipp-attribute-fidelity|"
    "number-of-documents|orientation-requested-default|notify-recipient|raw|noraw|"
    "com.apple.print.jobinfo.pmjobname|com.apple.print.jobinfo.pmjobowner"
)
_HARMLESS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        **dict.fromkeys(_PLAIN.split("|"), _ANY),
        JOB_SHEETS: re.compile(r"none(,none)?"),
        "number-up": re.compile("1"),
        "page-set": re.compile("all"),
        "print-scaling": re.compile("none|auto|auto-fit"),
        "scaling": re.compile("100"),
        "natural-scaling": re.compile("100"),
        "orientation-requested": re.compile("3"),
        "page-border": re.compile("none"),
        "mirror": re.compile("false|no"),
        "nofitplot": re.compile("true"),
        "nofit-to-page": re.compile("true"),
        "nolandscape": re.compile("true"),
        "nomirror": re.compile("true"),
    }
)
"""The values that leave a page as it is, under names in small letters."""

_VALUE = r"""(?:'[^']*'|"[^"]*"|\{[^}]*\}|\\.|[^\s'"{\\])*"""
_WORD = re.compile(rf"\s*([^\s=]+)(?:=({_VALUE}))?", re.DOTALL)


def options_of(text: str) -> Mapping[str, str]:
    """Read the options as the print server writes them: `name=value name='a b' name noname`."""
    found: dict[str, str] = {}
    at = 0
    while match := _WORD.match(text, at):
        name, value = match[1], match[2]
        found[name] = "true" if value is None else _bare(value)
        at = match.end()
    return found


def unsuitable(options: Mapping[str, str]) -> str | None:
    """Return an option under which a marked page would not stay what it is, None where none is."""
    for name, value in options.items():
        harmless = _HARMLESS.get(name.lower())
        if harmless is None or harmless.fullmatch(value.lower()) is None:
            return name
    return None


def asks_for_sheets(options: Mapping[str, str]) -> bool:
    """Tell whether a job asks for cover pages."""
    harmless = _HARMLESS[JOB_SHEETS]
    return harmless.fullmatch(options.get(JOB_SHEETS, "none").lower()) is None


def _bare(value: str) -> str:
    if value.startswith(("'", '"')) and value[0] == value[-1]:  # every quote has its other half
        value = value[1:-1]
    return re.sub(r"\\(.)", r"\1", value)
