"""Forms of powers (pilot handbook, annexes 4 to 7), filled from the office's authority table.

What the table does not say stays blank: which power is asked for and why is for the unit to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from dingmi_mark.domain.approval import OfficerKind
from dingmi_mark.domain.authority import Authority, EnrolledOfficer, Grant, Levels, Organ
from dingmi_mark.domain.spans import Span
from dingmi_mark.formats.xlsx import Value
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.values import BETWEEN, text_of


def grant_application(organ: Organ, authority: Authority, day: date) -> Filled:
    """附件4: who asks, the grants it holds and its officers on the day or later."""
    grants = [_grant_row(grant) for grant in organ.grants if _not_over(grant.span, day)]
    officers = [
        told(
            姓名=officer.name,
            职务=officer.post,
            类别=officer.kind.value,
            原始定密的密级=levels_text(officer.original_levels),
            定密资格证书号=officer.certificate,
        )
        for officer in officers_of(organ, authority, day)
    ]
    values = told(
        申请单位=organ.name,
        单位类别=organ.kind.value,
        上级机关=organ.superior,
        业务主管部门=BETWEEN.join(organ.competent),
    )
    return Filled(values, {"现有定密授权": tuple(grants), "定密责任人": tuple(officers)})


def grant_letter(organ: Organ, grant: Grant) -> Filled:
    """附件5: the letter by which an organ lends its power to another."""
    values = told(
        授权书文号=grant.letter,
        授权机关=grant.granted_by,
        授予的密级=levels_text(grant.levels),
        事项范围=BETWEEN.join(grant.matters),
        有效期自=grant.span.first,
        有效期至=grant.span.last,
        公布日期=grant.published,
        备案日期=grant.filed,
    )
    return Filled({**values, "被授权的机关、单位": organ.name})


def officer_candidates(organ: Organ, authority: Authority, day: date) -> Filled:
    """附件6: the head, and those designated on the day or later."""
    officers = officers_of(organ, authority, day)
    heads = [officer for officer in officers if officer.kind is OfficerKind.STATUTORY]
    rows = [
        told(
            姓名=officer.name,
            职务=officer.post,
            AB角=officer.corner.value if officer.corner else None,
            原始定密的密级=levels_text(officer.original_levels),
            派生定密的密级=levels_text(officer.derivative_levels),
            定密资格证书号=officer.certificate,
            培训日期=officer.trained,
        )
        for officer in officers
        if officer.kind is OfficerKind.DESIGNATED
    ]
    values = told(
        法定定密责任人=BETWEEN.join(head.name for head in heads),
        职务=BETWEEN.join(head.post for head in heads if head.post),
    )
    return Filled({"机关、单位": organ.name, **values}, {"拟定人选": tuple(rows)})


def officer_letter(officer: EnrolledOfficer) -> Filled:
    """附件7: the letter of a designated officer."""
    values = told(
        授权书文号=officer.letter,
        姓名=officer.name,
        职务=officer.post,
        类别=officer.kind.value,
        AB角=officer.corner.value if officer.corner else None,
        定密资格证书号=officer.certificate,
        培训日期=officer.trained,
        原始定密的密级=levels_text(officer.original_levels),
        派生定密的密级=levels_text(officer.derivative_levels),
        任职自=officer.span.first,
        任职至=officer.span.last,
        指定人=officer.designated_by,
        公布日期=officer.published,
        备案日期=officer.filed,
    )
    return Filled({"机关、单位": officer.organ, **values})


def officers_of(organ: Organ, authority: Authority, day: date) -> tuple[EnrolledOfficer, ...]:
    """Return an organ's officers whose term is not over on the day."""
    return tuple(
        officer
        for officer in authority.officers
        if officer.organ == organ.name and _not_over(officer.span, day)
    )


def told(**values: Value) -> Mapping[str, Value]:
    """Return the values that say something."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def levels_text(levels: Levels | Iterable[object]) -> str:
    """Write levels from the highest down: `机密、秘密`."""
    from dingmi_mark.domain.terms import SecrecyLevel

    known = [level for level in SecrecyLevel if level in frozenset(levels)]
    return "、".join(level.value for level in sorted(known, reverse=True))


def _grant_row(grant: Grant) -> Mapping[str, Value]:
    return told(
        授权书文号=grant.letter,
        授权机关=grant.granted_by,
        密级=levels_text(grant.levels),
        事项范围=BETWEEN.join(grant.matters),
        有效期=_span_text(grant.span),
    )


def _span_text(span: Span) -> str:
    if span.first is None and span.last is None:
        return ""
    return f"{text_of(span.first)}至{text_of(span.last)}"


def _not_over(span: Span, day: date) -> bool:
    return span.last is None or day <= span.last
