"""Who may know: as few as the work needs, and no more than the sources allow."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, explain
from dingmi_mark.domain.rules.sources import terms_in_force
from dingmi_mark.domain.terms import plain
from dingmi_mark.messages import N_


def scope_is_narrow(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十一条: the smallest range, persons by name where possible.

    The program sees only words that set no limit at all (全体, 不限 …).
    """
    for entry in case.approval.secrecy.scope:
        if any(word in plain(entry) for word in row.words("words")):
            yield explain(N_("“{entry}” sets no limit to who may know (知悉范围)."), entry=entry)


def derived_scope_is_within_sources(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十八条: the scope follows that of the matter executed.

    Compared by words with every source whose scope the record states: an office of the same people
    under another name is a question to the officer, not an error.
    """
    for term in terms_in_force(case):
        allowed = {plain(entry) for entry in term.source.scope}
        beyond = [e for e in case.approval.secrecy.scope if plain(e) not in allowed]
        if allowed and beyond:
            yield explain(
                N_("Not in the scope (知悉范围) of the source “{source}”: {beyond}."),
                source=term.source.name,
                beyond="、".join(beyond),
            )
