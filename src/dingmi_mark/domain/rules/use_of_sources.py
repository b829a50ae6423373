"""May a source be used like this, and does what is taken over stay marked? (R37, R49)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.approval import Source
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.points import ClassifiedPoint
from dingmi_mark.domain.rules.case import Case, Remark, explain, refuse
from dingmi_mark.domain.rules.sources import terms_in_force
from dingmi_mark.domain.terms import SecrecyLevel, last_secret_day, plain
from dingmi_mark.domain.uses import FORBIDS, TAKEN_OVER, SourceUse, UseLimit
from dingmi_mark.messages import N_


def top_secret_sources_have_consent(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十六条, 实施条例(2024)第二十九条第四项: ask before extracting 绝密.

    The originator or its superior consents. A source that is merely executed needs no consent;
    where the record does not say how it is used, the officer says so.
    """
    for term in terms_in_force(case):
        source = term.source
        if source.level is not SecrecyLevel.TOP_SECRET or source.consent:
            continue
        if source.use is None:
            yield explain(
                N_(
                    "The source “{source}” is 绝密: the consent of its originator or the "
                    "originator's superior is missing (consent)."
                ),
                source=source.name,
            )
        elif source.use in TAKEN_OVER:
            yield refuse(
                N_(
                    "The source “{source}” is 绝密 and used for {use}: the consent of its "
                    "originator or the originator's superior is missing (consent)."
                ),
                source=source.name,
                use=source.use.value,
            )


def limits_of_sources_are_kept(case: Case, row: LawRow) -> Iterator[Remark]:
    """派生办法(2023)第十条 (remembered): what the originator limits binds who derives.

    Where the record does not say how it uses the source, that is asked.
    """
    for term in terms_in_force(case):
        source = term.source
        if source.limits and source.use is None:
            yield explain(
                N_("“{source}” bears limits on its use ({limits}): say how it is used (use)."),
                source=source.name,
                limits="、".join(limit.value for limit in source.limits),
            )
        elif source.use is not None:
            yield from _broken_limits(source, source.use)


def _broken_limits(source: Source, use: SourceUse) -> Iterator[Remark]:
    for limit in source.limits:
        if _breaks(use, limit, source):
            yield refuse(
                N_("The source “{source}” says “{limit}”, and is used for {use}."),
                source=source.name,
                limit=limit.value,
                use=use.value,
            )


def _breaks(use: SourceUse, limit: UseLimit, source: Source) -> bool:
    if limit is UseLimit.CONSENT:
        return use in TAKEN_OVER and not source.consent
    return use in FORBIDS[limit]


def compiled_parts_stay_marked(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第二十七条第五项: each part of a 汇编 keeps level and period (R49).

    A part is marked as a classified point that names its source; it stands under the mark of the
    cover, so that its period is stated where it is another.
    """
    start = case.approval.draft.period_start
    for term in terms_in_force(case):
        source = term.source
        if source.use is not SourceUse.COMPILED or source.level is None:
            continue
        parts = [point for point in case.approval.points if _names(point, source)]
        if not parts:
            yield explain(
                N_("The part from “{source}” is not marked: no [[point]] names this source."),
                source=source.name,
            )
            continue
        if max(part.level for part in parts) < source.level:
            yield refuse(
                N_("The part from “{source}” keeps {level}, and is marked lower."),
                source=source.name,
                level=source.level.value,
            )
        periods = [part.period for part in parts if part.period is not None]
        ends = [last_secret_day(period, start) for period in periods if start is not None]
        if term.last is not None and any(end is not None and end < term.last for end in ends):
            yield refuse(
                N_("The part from “{source}” is secret until {last}, and is marked to end before."),
                source=source.name,
                last=str(term.last),
            )


def _names(point: ClassifiedPoint, source: Source) -> bool:
    names = {plain(name) for name in (source.document_number, source.title, source.marking_id)}
    return bool(plain(point.source)) and plain(point.source) in names
