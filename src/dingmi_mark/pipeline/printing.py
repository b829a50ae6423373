"""Make a form on paper: the unit's own where it has one, else ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.forms.definition import Form
from dingmi_mark.forms.own_form import FilledForm, fill_own, own_form
from dingmi_mark.pipeline.records import only_record
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.forms.filled import Filled


def made_form(
    form: Form,
    filled: Filled,
    office: Office | None,
    *,
    whole: bool = False,
) -> FilledForm:
    """Return a form with these values: drawn, or the unit's own filled.

    Raises FormUnreadable, FormFaulty (of the unit's own form), FormCannotHold.
    """
    from dingmi_mark.forms.drawing import form_bytes

    own = own_form(office.forms, form) if office is not None else None
    if own is not None:
        return fill_own(own, form, filled)
    return FilledForm(form_bytes(form, filled, whole=whole), ())


def record_named(name: str, office: Office) -> ApprovalRecord:
    """Return a record by the file it stands in or by its number in the office's tree.

    Raises what reading raises, SeveralRecords where a table has several, RecordUnknown.
    """
    file = Path(name)
    if not file.is_file():
        return find_record(office.approvals, name).record
    return only_record(file, office.limits).record
