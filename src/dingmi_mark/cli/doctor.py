"""`doctor`: clear up after a crash and tell whether all is in order."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from dingmi_mark.cli.grammar import Command, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line
from dingmi_mark.cli.words import words
from dingmi_mark.messages import N_, say
from dingmi_mark.pipeline.doctor import Health

if TYPE_CHECKING:
    from dingmi_mark.pipeline.doctor import Diagnosis

HELP = N_("Clear up after a crash, and see whether all is in order.")
MORE = N_(
    "Markings that were interrupted are finished or made void; what needs a person is listed. "
    "Only temporary files of this program are removed."
)

_HEADS: Mapping[Health, str] = MappingProxyType(
    {Health.OK: N_("in order"), Health.REMARK: N_("remark"), Health.PROBLEM: N_("PROBLEM")}
)


@click.command("doctor", cls=Command, help=f"{HELP}\n\n{MORE}")
@json_option()
@click.pass_obj
def doctor_command(session: Session, as_json: bool) -> int:
    """Examine the office."""
    from dingmi_mark.pipeline.doctor import Patient, examine_office, outcome_code

    office = session.office()
    patient = Patient(office, session.today, session.now(), session.version)
    diagnoses = []
    for diagnosis in examine_office(patient):
        diagnoses.append(diagnosis)
        if not as_json:
            _tell(diagnosis)
    code = outcome_code(diagnoses)
    if as_json:
        lines = [_shown(diagnosis) for diagnosis in diagnoses]
        tell_json("failed" if code else "ok", code, result={"lines": lines})
    else:
        _tell_summary(diagnoses)
    return code


def _tell(diagnosis: Diagnosis) -> None:
    head = gettext(_HEADS[diagnosis.health])
    first, *rest = words(diagnosis.says).splitlines()
    tell_line(f"[{head}] {first}")
    for line in rest:
        tell_line(f"    {line}")
    if diagnosis.advice is not None:
        tell_line("    " + words(say("What to do: {remedy}", remedy=diagnosis.advice)))


def _tell_summary(diagnoses: list[Diagnosis]) -> None:
    problems = sum(diagnosis.health is Health.PROBLEM for diagnosis in diagnoses)
    if problems:
        tell(say("{count} problem(s): somebody has to act.", count=problems))
    else:
        tell(say("The office is in order."))


def _shown(diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "health": diagnosis.health.value,
        "says": words(diagnosis.says),
        "advice": words(diagnosis.advice) if diagnosis.advice else "",
        "code": int(diagnosis.code),
    }
