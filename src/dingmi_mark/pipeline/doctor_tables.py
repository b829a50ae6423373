"""What `doctor` says of the office's tables: grants, 保密事项范围, 一览表."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from dingmi_mark.domain.catalogue import Catalogue, MattersList, matters_beyond_items
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import say
from dingmi_mark.pipeline.doctor import Diagnosis, Health, Patient
from dingmi_mark.store.office_tables import CATALOGUE, LISTS, kept_file

if TYPE_CHECKING:
    from dingmi_mark.domain.authority import Organ


def examine_tables(patient: Patient) -> Iterator[Diagnosis]:
    """Look at each table the office keeps, and tell which it does not."""
    authority = patient.office.authority
    own = authority.organ(patient.office.name)
    if own is not None:
        yield from _relations(own)
        yield from _grants(own, patient.today)
    yield from _catalogue(authority.catalogue, patient)
    for listed in authority.lists:
        yield from _list(listed, authority.catalogue, patient)


def _relations(own: Organ) -> Iterator[Diagnosis]:
    if not (own.superior or own.competent):
        yield Diagnosis(
            Health.REMARK,
            say(
                "authority.toml names neither superior nor competent department of “{organ}”.",
                organ=own.name,
            ),
            say("Fill in [own], so that it is told to whom to report (无权)."),
        )


def _grants(own: Organ, today: date) -> Iterator[Diagnosis]:
    for grant in own.grants:
        if not grant.span.covers(today):
            continue
        levels = "、".join(level.value for level in sorted(grant.levels, reverse=True))
        until = str(grant.span.last) if grant.span.last else "—"
        yield Diagnosis(
            Health.OK,
            say(
                "Grant {letter} ({levels}) until {until}; published {published}, filed {filed}.",
                letter=grant.letter,
                levels=levels,
                until=until,
                published=str(grant.published or "—"),
                filed=str(grant.filed or "—"),
            ),
        )


def _catalogue(catalogue: Catalogue | None, patient: Patient) -> Iterator[Diagnosis]:
    if catalogue is None:
        yield Diagnosis(
            Health.REMARK,
            say("The office keeps no catalogue (保密事项范围): no basis is checked."),
            say("Enter the items you work with in catalogue.toml or catalogue.xlsx."),
        )
        return
    today = [item for item in catalogue.items if item.span.covers(patient.today)]
    yield Diagnosis(
        Health.OK, say("Items of the catalogue (保密事项范围) today: {count}.", count=len(today))
    )
    file = kept_file(patient.office.folder, CATALOGUE)
    for mark in dict.fromkeys(item.mark for item in catalogue.items if item.mark):
        yield Diagnosis(
            Health.REMARK, say("{file} is itself secret: {mark}.", file=str(file), mark=mark)
        )


def _list(
    listed: MattersList, catalogue: Catalogue | None, patient: Patient
) -> Iterator[Diagnosis]:
    for done, what in ((listed.approved, "审定"), (listed.filed, "备案")):
        if done is None or done > patient.today:
            yield Diagnosis(
                Health.REMARK,
                say("The list “{title}”: there was no {what} yet.", title=listed.title, what=what),
                say("Have it done, and enter the day."),
            )
    file = kept_file(patient.office.folder, LISTS)
    if listed.mark:
        yield Diagnosis(
            Health.REMARK, say("{file} is itself secret: {mark}.", file=str(file), mark=listed.mark)
        )
    beyond = list(matters_beyond_items(listed, catalogue, patient.today)) if catalogue else []
    for matter, what in beyond:
        yield Diagnosis(
            Health.PROBLEM,
            say(
                "The list “{title}”, “{content}”: {what} is not within {catalogue}, {item}.",
                title=listed.title,
                content=matter.content,
                what=what,
                catalogue=matter.catalogue,
                item=matter.item,
            ),
            say("Correct the list and have it approved anew: {file}", file=str(file)),
            ExitCode.CONFIGURATION_INVALID,
        )
    if not beyond:
        yield Diagnosis(
            Health.OK,
            say(
                "The list “{title}” ({day}): {count} matters.",
                title=listed.title,
                day=str(listed.approved or "—"),
                count=len(listed.matters),
            ),
        )
