"""Content controls of Word in and around the cells of a form."""

from __future__ import annotations

import copy

from dingmi_mark.formats.docx.names import Element, q


def shows_prompt(control: Element) -> bool:
    """Tell whether a control shows its grey prompt (“单击此处输入文字”), which is no value."""
    return control.find(f"{q('w:sdtPr')}/{q('w:showingPlcHdr')}") is not None


def is_prompt(cell: Element) -> bool:
    """Tell whether a whole cell is nothing but the prompt of a control around it."""
    return any(shows_prompt(control) for control in _around(cell))


def take_controls_off(cell: Element) -> None:
    """Take the controls in a cell and around it off; what they hold stays, in the control's type.

    A word processor may write the text of a control several times over when it saves the file, and
    Word replaces it by that of the hidden part it is bound to: a value stands in plain paragraphs.
    """
    for control in [*cell.iter(q("w:sdt")), *_around(cell)]:
        owner, content = control.getparent(), control.find(q("w:sdtContent"))
        if owner is None or content is None:
            continue
        style = control.find(f"{q('w:sdtPr')}/{q('w:rPr')}")
        for run in content.iter(q("w:r")):
            for prompt in run.findall(q("w:rPr")):
                run.remove(prompt)
            if style is not None:
                run.insert(0, copy.deepcopy(style))
        for child in list(content):
            control.addprevious(child)
        owner.remove(control)


def _around(cell: Element) -> list[Element]:
    """Return the controls around a cell and nothing else."""
    found: list[Element] = []
    inside = cell
    while (content := inside.getparent()) is not None and content.tag == q("w:sdtContent"):
        control = content.getparent()
        if control is None or len(content) > 1:
            break
        found.append(control)
        inside = control
    return found
