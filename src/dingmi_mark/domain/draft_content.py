"""What a draft holds, as it is compared: pieces in their order, and what they refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from dingmi_mark.domain.late_values import PAGE_FIELD, PAGES_FIELD
from dingmi_mark.domain.looks import Facts, Looks

THING, FIELD, LOCKED, RESULT, END = "\x01\x02\x03\x04\x05"
BREAK, PLACE, PAGES_OF_SECTION = "\x06\x07\x12"
"""Characters that stand for what is no text, and that XML does not know, so that nobody can type
them: something drawn or embedded; a field's beginning, the beginning of one that keeps what it
shows, the beginning of what it shows, its end; a line break, a bookmark or the like, the number of
pages of a section.
"""

_SHOWN: Final = str.maketrans(
    {
        THING: "〔…〕", FIELD: "⟦域 ", LOCKED: "⟦域 ", RESULT: "⟧", END: "⟦/域⟧", BREAK: "↵",
        PLACE: "", PAGE_FIELD: "〈页码〉", PAGES_FIELD: "〈页数〉",
        PAGES_OF_SECTION: "〈本节页数〉",
    }
)  # fmt: skip


class Part(Enum):
    """In which part of a draft something stands."""

    BODY = "正文"
    TABLE = "表格"
    BOX = "文本框"
    HEADER = "页眉"
    FOOTER = "页脚"
    EDGE = "页边"
    FOOTNOTE = "脚注"
    ENDNOTE = "尾注"
    COMMENT = "批注"
    LINK = "链接"
    PICTURE = "图片"
    DRAWING = "图形"
    OBJECT = "嵌入的内容"
    BOOKMARK = "书签"
    FIELD = "表单域"
    LAYER = "图层"
    ACTION = "自动动作"
    DRAWN = "绘图内容"
    FACTS = "文件信息"
    PAGE = "页面"
    LOOK = "页面的样子"
    STYLE = "样式"
    LIST = "编号的格式"
    FONT = "字体"
    THEME = "主题"
    SETTING = "文件设置"
    PROPERTY = "文档属性"
    FILE = "文件的其他部分"


@dataclass(frozen=True)
class Piece:
    """One line or paragraph, or something that is no text.

    `text` is what is compared, with white space as single blanks; `shown` stands for it before
    people where it is a digest. `page` and `number` (from 1) tell the place, 0 where unknown;
    `story` tells headers of one kind of pages from those of another; `at` is left, top, width and
    height on the page (mm). Where a format tells it (Word), `looks` are those of the characters and
    of the end of the paragraph, `frame` is how and in what the paragraph stands, and `plain` tells
    that it is set as a page number usually is. `paragraph` tells which of all paragraphs of the
    file it is, in the order of reading (from 1; 0 where unknown); it is not compared.
    """

    part: Part
    text: str
    page: int = 0
    number: int = 0
    shown: str = ""
    story: str = ""
    at: tuple[float, float, float, float] | None = None
    looks: Looks = ()
    frame: Facts = ()
    plain: bool = True
    paragraph: int = field(default=0, compare=False)

    @property
    def words(self) -> str:
        """What people are shown of it."""
        return (self.shown or self.text).translate(_SHOWN)

    @property
    def is_digest(self) -> bool:
        """Tell whether it is no text, so that nothing of it can be filled in."""
        return bool(self.shown)


@dataclass(frozen=True)
class Definition:
    """What pieces refer to, or what is shown without standing anywhere: a style, a setting.

    `text` is what is compared. With `alone` it only counts where the approved draft has it too:
    nothing that was approved refers to it.
    """

    part: Part
    name: str
    text: str
    alone: bool = False

    @property
    def piece(self) -> Piece:
        """It as a piece, for telling it."""
        return Piece(self.part, self.text, shown=f"〔{self.name}〕")


@dataclass(frozen=True)
class Content:
    """All that a draft holds.

    `lines`: its pieces are lines on pages (PDF), where an empty line leaves no trace; else they
    are paragraphs (Word), of which empty ones are pieces too. No two definitions of a part have
    one name.
    """

    pieces: tuple[Piece, ...]
    lines: bool
    definitions: tuple[Definition, ...] = ()
    maker: str = ""
