"""May this notice release this secret, or a part of it, and what follows (R40, R41, R46)."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.change import RELEASES, ChangeKind
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Remark, note, refuse
from dingmi_mark.domain.rules.change import ChangeCase
from dingmi_mark.domain.terms import LongTerm, UntilCondition
from dingmi_mark.messages import N_


def period_is_over_indeed(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十四条: 保密期限已满的，自行解密, and not a day earlier."""
    notice, last = case.notice, case.prior.last_secret_day
    if notice.kind is not ChangeKind.EXPIRED:
        return
    period = case.prior.secrecy.marking.period
    if last is not None and notice.day <= last:
        yield refuse(N_("The period runs until {last}: it has not ended yet."), last=str(last))
    elif isinstance(period, UntilCondition) and not notice.happened:
        yield refuse(
            N_("Released when “{condition}”: the notice does not say that it came about."),
            condition=period.condition,
        )
    elif last is None and not isinstance(period, UntilCondition):
        yield refuse(N_("This period has no day on which it ends by itself."))


def publication_is_shown(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十条第四款: 正式公布时即视为解密.

    That of the organ that may decide it: who else lets it out does not release it.
    """
    notice = case.notice
    if notice.kind is not ChangeKind.PUBLISHED:
        return
    if notice.published_on is None or not notice.published_in:
        yield refuse(N_("Released by publication: the notice does not say when and where."))
    elif notice.published_on > notice.day:
        yield refuse(
            N_("It is published on {published} only, after the notice."),
            published=str(notice.published_on),
        )


def long_term_is_released_above(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """暂行规定(2014)第三十三条: 长期 is not released without the central organ that set it (R41).

    The provision of 2025 was not read.
    """
    kinds = RELEASES | {ChangeKind.PARTLY_RELEASED}
    if not isinstance(case.prior.secrecy.marking.period, LongTerm):
        return
    if case.notice.kind in kinds and not case.notice.approved_by:
        yield refuse(N_("长期: it is released only with the approval of the central organ."))


def part_is_released_by_points(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """A part is released only by its points; the document's mark stays as it is (R46).

    Of a paper that others marked nobody told which points it has, at which level and place.
    """
    notice, points = case.notice, case.prior.points
    if notice.kind is not ChangeKind.PARTLY_RELEASED:
        return
    if not case.prior.record.number:
        yield refuse(
            N_(
                "Others marked this paper: no record tells its points (密点), their levels and "
                "places, so no part can be told from the rest. Decide on the whole: 变更 where the "
                "level drops, 提前解密 where nothing in it is secret any more; or have it approved "
                "and marked anew with its points, and release these."
            )
        )
        return
    known = {point.id for point in points}
    unknown = [item for item in notice.items if item not in known]
    if unknown or not notice.items:
        yield refuse(
            N_("Only classified points (密点) of the record can be released; not known: {items}."),
            items="、".join(unknown) or "-",
        )
    left = case.after.points
    if not left and case.prior.record.points_complete:
        yield refuse(N_("All points would be released: that is the release of the document."))
    elif not unknown and case.prior.record.points_complete:
        level = case.prior.secrecy.marking.level
        if max(point.level for point in left) < level:
            yield note(
                N_("No point that is left is {level}: the document's mark drops by a 变更 only."),
                level=level.value,
            )


def release_is_notified(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """暂行规定(2014)第三十条、第三十五条: notice of a release and an extension (R40, R41).

    Not of 自行解密 and 公布. The provision of 2025 was not read.
    """
    if case.notice.kind.value in row.words("kinds"):
        yield note(
            N_("Notify everybody in the scope in writing; of an extension before the old end.")
        )


def released_bears_no_mark_in_beijing(case: ChangeCase, row: LawRow) -> Iterator[Remark]:
    """北京市保守国家秘密条例(2021)第十四条: 解密事项不再保留国家秘密标志 (R41)."""
    if case.beijing and case.notice.kind in RELEASES:
        yield note(N_("In Beijing what is released keeps no mark of state secrets."))
