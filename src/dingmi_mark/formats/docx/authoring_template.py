"""The template with which authors name points while they write: three styles and a page of help."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.formats.docx.names import TYPE_TEMPLATE, new, q
from dingmi_mark.formats.office_file import settled

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import BaseStyle

_COLOURS: Final = {
    SecrecyLevel.SECRET: "2F6EB5",
    SecrecyLevel.HIGHLY_SECRET: "C55A11",
    SecrecyLevel.TOP_SECRET: "C00000",
}
_HELP: Final = (
    "密点书写模板（非官方样式，样例）",
    "选中密点所在的文字，在“样式”中点相应的密点样式。也可以在文字上加批注，如“密点 机密 10年”，"
    "或者用括号：【密点 秘密】这里是样例文字【密点完】。",
    "写好以后，用 dingmi-mark points list 查看，再照此填写审批记录。以审批记录为准。",
    "写作前删去本页文字。",
)


def authoring_template() -> bytes:
    """Return the template (.dotx); the same bytes every time."""
    import docx

    document = docx.Document()
    _set_up(document)
    for level in SecrecyLevel:
        _add_style(document.styles, level)
    for line in _HELP:
        document.add_paragraph(line)
    for level in SecrecyLevel:
        document.add_paragraph(
            f"样例：用“密点-{level.value}”样式的文字。"
        ).style = f"密点-{level.value}"
    document.part._content_type = TYPE_TEMPLATE
    stream = BytesIO()
    document.save(stream)
    return settled(stream.getvalue())


def _set_up(document: Document) -> None:
    """Set the page of a 公文 (GB/T 9704-2012, 5.1 and 5.2.1), its language, plain properties."""
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    for language in document.styles.element.iter(q("w:lang")):
        language.set(q("w:eastAsia"), "zh-CN")
    properties = document.core_properties
    properties.author, properties.comments, properties.title = "dingmi-mark", "", _HELP[0]


def _add_style(styles: Any, level: SecrecyLevel) -> None:
    """Add a style for words and one for paragraphs that a word processor shows as one."""
    from docx.enum.style import WD_STYLE_TYPE

    name = f"密点-{level.value}"
    of_paragraph = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    of_paragraph.base_style = styles["Normal"]
    of_words = styles.add_style(f"{name} 字符", WD_STYLE_TYPE.CHARACTER)
    for style, other in ((of_paragraph, of_words), (of_words, of_paragraph)):
        _look(style, level)
        link = new("w:link", {"w:val": other.style_id})
        style.element.insert_element_before(
            link, "w:autoRedefine", "w:hidden", "w:uiPriority", "w:semiHidden",
            "w:unhideWhenUsed", "w:qFormat", "w:locked", "w:pPr", "w:rPr",
        )  # fmt: skip
    of_paragraph.quick_style = True


def _look(style: BaseStyle, level: SecrecyLevel) -> None:
    """A dotted line under the words: seen while writing, and hardly on paper."""
    properties = style.element.get_or_add_rPr()
    properties.append(new("w:u", {"w:val": "dotted", "w:color": _COLOURS[level]}))
