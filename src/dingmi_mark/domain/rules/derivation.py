"""Does a derivative document keep what its sources carry? (R33-R37)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, explain, refuse
from dingmi_mark.domain.terms import SecrecyLevel, last_secret_day
from dingmi_mark.messages import N_


def derived_level_follows_sources(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十八条: never lower than the sources, or their points used (R33, R37).

    Nor higher than all of them, unless own secret matter beside has a basis of its own.
    """
    level, classification = case.approval.secrecy.marking.level, case.approval.classification
    known = [source.level for source in case.sources if source.level is not None]
    if known and level > max(known) and not classification.bases:
        yield explain(
            N_("{level} is higher than every source, and no basis of its own is given."),
            level=level.value,
        )
    for source in case.sources:
        if source.level is None:
            yield refuse(
                N_("The level of the source “{source}” is not known yet."), source=source.name
            )
            continue
        needed = max(source.points_used, default=source.level)
        if level < needed:
            yield refuse(
                N_("{level} is lower than the source “{source}” ({needed})."),
                level=level.value,
                source=source.name,
                needed=needed.value,
            )


def derived_period_follows_sources(case: Case, row: LawRow) -> Iterator[Remark]:
    """北京市保守国家秘密条例(2021)第十四条第二款: the clock never restarts (R35).

    For other places this is inferred.
    """
    start = case.approval.draft.period_start
    if start is None:
        return
    own = last_secret_day(case.approval.secrecy.marking.period, start)
    days = [
        last_secret_day(source.period, source.issue_day)
        for source in case.sources
        if source.period is not None and source.issue_day is not None
    ]
    known = [day for day in days if day is not None]
    if own is None or not known:
        return
    if own < max(known):
        yield refuse(
            N_("The period ends on {own}, before that of its sources ({latest})."),
            own=str(own),
            latest=str(max(known)),
        )
    elif own > max(known) and not case.approval.classification.bases:
        yield explain(
            N_("The period ends on {own}, after that of its sources ({latest})."),
            own=str(own),
            latest=str(max(known)),
        )


def top_secret_sources_have_consent(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十六条, 实施条例(2024)第二十九条: 绝密 is not extracted unasked."""
    for source in case.sources:
        if source.level is SecrecyLevel.TOP_SECRET and not source.consent:
            yield refuse(
                N_("The source “{source}” is 绝密: the originator's consent is missing (consent)."),
                source=source.name,
            )
