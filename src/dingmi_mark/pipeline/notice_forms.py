"""Take a filled change-approval form over as the draft of a notice, which is then signed."""

from __future__ import annotations

from pathlib import Path

from dingmi_mark.errors import FormFaulty
from dingmi_mark.forms.change_form import ReadForm, read_change_form
from dingmi_mark.messages import Fault, say
from dingmi_mark.pipeline.notices import NoticeDesk
from dingmi_mark.store.notices import write_notice


def import_notice(form: Path, out: Path, desk: NoticeDesk) -> ReadForm:
    """Read a form and write the notice into a new file, by its ending.

    In doubt nothing is written: 文号 and 审批编号 of the form must mean the same paper. Raises
    FormUnreadable, FormFaulty, OutputExists, OutputDiskFull, OutputNotWritable.
    """
    read = read_change_form(form, desk.office.name)
    (item,) = read.filed.items
    for known in desk.known.named(item.document_number):
        if known.is_own and read.approval_number not in ("", known.approval_number):
            what = say(
                "in the ledger “{paper}” is of the approval {number}",
                paper=item.document_number,
                number=known.approval_number,
            )
            raise FormFaulty(str(form), count=1, faults=(Fault("定密审批编号", what),))
    write_notice(read.filed, out)
    return read
