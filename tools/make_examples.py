"""Make `examples/`: drafts of every format and form of paper, their records, and mistakes.

    python tools/make_examples.py            writes them anew, the same bytes every time

Everything is fictional (样例): no body, person or matter in it exists.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from examples_paper import (
    LEFT_MM,
    RED,
    WIDTH_MM,
    Letter,
    Paper,
    jpeg,
    letterhead,
    png,
    sample_foot,
    tiff,
)

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    Basis,
    Classification,
    ClassificationOfficer,
    Corner,
    Decision,
    Derivative,
    DraftIdentity,
    OfficerDecision,
    OfficerKind,
    Opinion,
    Original,
    Person,
    Proposal,
    Secrecy,
    Source,
    Urgency,
)
from dingmi_mark.domain.points import BoxAnchor, ClassifiedPoint, PointStyle, QuoteAnchor
from dingmi_mark.domain.terms import (
    ForMonths,
    ForYears,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)
from dingmi_mark.forms.records import Format, records_bytes
from dingmi_mark.store.approvals import write_json, write_toml

ROOT = Path(__file__).resolve().parents[1] / "examples"
ORGAN = "示例市示范局"
DAY = date(2026, 11, 2)
SECRET, HIGHLY = SecrecyLevel.SECRET, SecrecyLevel.HIGHLY_SECRET

MATTER = "样例：示例江堤防洪演练"
ROUTE = "演练队伍沿示例一路、示例二路开进，于示例地点集结"
PHONE = "演练期间指挥部设在示例大楼三层"
TEXT = (
    "为检验示例江堤的防洪准备，定于示例日组织一次演练。本件为样例，机关、人员、时间、地点均为虚构。",
    f"一、{ROUTE}。",
    f"二、{PHONE}，各参演单位按示例方案报到。",
    "三、演练结束后，各单位于示例日前报送总结。",
)


@dataclass(frozen=True)
class Example:
    """A draft by its place below `drafts/`, and what its record says of it."""

    name: str
    draft: Callable[[], bytes]
    title: str
    number: str = ""
    form: str = "公文"
    level: SecrecyLevel = HIGHLY
    period: SecrecyPeriod = field(default_factory=lambda: ForYears(10))
    copies: int = 1
    urgency: Urgency | None = None
    points: tuple[ClassifiedPoint, ...] = ()
    classification: Classification = field(
        default_factory=lambda: Original((Basis("示例领域保密事项范围", "第3项"),))
    )
    landmark_y_mm: float | None = None
    by_deputy: bool = False


def notice() -> bytes:
    letter = Letter()
    letter.letterhead("示例市示范局文件", "示密〔2026〕3号", f"{MATTER}的通知")
    letter.line("示例区示范分局：")
    for paragraph in TEXT:
        letter.line(paragraph, indent=True)
    letter.table(
        (
            ("时间", "事项", "负责单位"),
            ("示例日上午", "队伍集结", "示范一处"),
            ("示例日下午", "水位模拟数据为示例值八米", "示范二处"),
        )
    )
    letter.line("示例市示范局", before_pt=30).paragraph_format.left_indent = None
    letter.line("2026年11月2日")
    return letter.docx()


def typed() -> bytes:
    letter = Letter()
    title = "样例：关于示例仓库盘点的通知"
    letter.letterhead("示例市示范局文件", "示密〔2026〕4号", title, "机密★10年")
    letter.line("示例仓库：")
    letter.line("请于示例日前完成盘点。本件首页的密级由起草人打好，与审批记录一致。", indent=True)
    letter.line("示例市示范局")
    letter.line("2026年11月2日")
    return letter.docx()


def order() -> bytes:
    letter = Letter()
    for _ in range(3):
        letter.line("")
    letter.line(
        "示例市人民政府令", "方正小标宋简体", 38, centred=True, red=True, before_pt=14, pitch_pt=50
    )
    letter.line("第7号", centred=True, before_pt=20)
    letter.line("　", before_pt=20)
    letter.line("样例：《示例器材管理办法》已经批准，现予公布，自示例日起施行。", indent=True)
    letter.line("市长　张示范", before_pt=30)
    letter.line("2026年11月2日")
    return letter.docx()


def request() -> bytes:
    paper = Paper()
    y = letterhead(
        paper, "示例市示范局文件", "示密〔2026〕5号", ("样例：关于示例江堤", "防洪演练经费的请示")
    )
    paper.text(LEFT_MM, y, "示例市人民政府：")
    y = paper.body(y + 10.2, TEXT[:3])
    paper.text(120, y + 12, "示例市示范局")
    paper.text(120, y + 22, "2026年11月2日")
    sample_foot(paper)
    return paper.pdf()


def forwarding() -> bytes:
    paper = Paper()
    y = letterhead(
        paper,
        "示例市示范局文件",
        "示密〔2026〕6号",
        ("样例：转发关于示例物资", "储备两个文件的通知"),
    )
    paper.text(LEFT_MM, y, "示例区示范分局：")
    paper.body(
        y + 10.2,
        (
            "现将示政密〔2020〕2号、示局密〔2024〕1号两个文件转发给你们，请按其中的储备数量执行。",
            "本件执行上述文件，属于派生定密，保密期限随原文件，不重新起算。本件为样例，内容虚构。",
        ),
    )
    sample_foot(paper)
    return paper.pdf()


def correspondence() -> bytes:
    paper = Paper()
    paper.centred(30, "示例市示范局", 40, RED)
    paper.rule(20, 190, 50.0, 1.0)
    paper.rule(20, 190, 51.6, 0.3)
    paper.text(152, 56.2, "示密函〔2026〕7号", 12)
    y = 112.0
    paper.centred(y, "样例：关于商洽示例设备使用的函", 22)
    paper.text(LEFT_MM, y + 18, "示例区示范分局：")
    paper.body(y + 28, ("为做好示例设备的使用，请提供示例参数。本件为样例，内容虚构。", "盼复。"))
    paper.rule(20, 190, 276, 0.3)
    paper.rule(20, 190, 277.6, 1.0)
    paper.centred(283, "样例：机关、人员和内容均为虚构", 10.5)
    return paper.pdf()


def minutes() -> bytes:
    paper = Paper()
    paper.centred(73, "示例工作纪要", 40, RED)
    paper.centred(97, "第2期", 16)
    paper.rule(LEFT_MM, LEFT_MM + WIDTH_MM, 107, 0.7)
    paper.body(
        116,
        (
            "样例：示例日，张示范主持召开会议，研究示例江堤防洪演练的准备工作。",
            "会议决定，由示范一处负责方案，示范二处负责器材。",
            "出席：张示范、李样例、王样例。",
        ),
    )
    sample_foot(paper)
    return paper.pdf()


def booklet() -> bytes:
    paper = Paper()
    paper.centred(110, "样例：示例江堤防洪演练", 26)
    paper.centred(124, "资料汇编", 26)
    paper.centred(240, "示例市示范局", 16)
    paper.centred(252, "2026年11月", 16)
    for number in (1, 2):
        paper.add_page()
        paper.centred(40, f"样例　第{number}部分", 18)
        paper.body(60, TEXT)
        sample_foot(paper)
    return paper.pdf()


def chart_paper() -> Paper:
    paper = Paper(297, 210)
    paper.centred(48, "样例：示例江堤防洪演练路线示意图", 22)
    shape = paper.page.new_shape()
    mm = 72 / 25.4
    points = ((40, 150), (90, 110), (150, 140), (210, 100), (255, 130))
    shape.draw_polyline([(x * mm, y * mm) for x, y in points])
    shape.finish(color=(0, 0, 0.6), width=3)
    for x, y in points:
        shape.draw_circle((x * mm, y * mm), 6)
        shape.finish(color=(0, 0, 0.6), fill=(1, 1, 1), width=2)
    shape.draw_rect((25 * mm, 80 * mm, 272 * mm, 170 * mm))
    shape.finish(color=(0, 0, 0), width=1)
    shape.commit()
    for (x, y), name in zip(points, "甲乙丙丁戊", strict=True):
        paper.text(x - 2, y + 4, name, 12)
    paper.text(200, 186, "示例市示范局　样例", 12)
    return paper


def turned() -> bytes:
    """A landscape page as scanners store it: the paper upright, the page turned for the reader."""
    import pymupdf

    upright = pymupdf.open("pdf", chart_paper().pdf())
    turned = pymupdf.open()
    mm = 72 / 25.4
    page = turned.new_page(width=210 * mm, height=297 * mm)
    page.show_pdf_page(page.rect, upright, 0, rotate=90)
    page.set_rotation(90)
    turned.set_metadata({})
    return bytes(turned.tobytes(garbage=4, deflate=True, no_new_id=True))


def scanned() -> Paper:
    paper = Paper()
    y = letterhead(paper, "示例市示范局文件", "示密〔2026〕11号", ("样例：关于示例事项的报告",))
    paper.body(y, TEXT)
    for number in (2, 3):
        paper.add_page()
        paper.body(37, (f"样例：附件第{number - 1}页，内容虚构。", *TEXT[1:]))
    return paper


def telegram() -> bytes:
    paper = Paper()
    paper.centred(80, "传真电报", 36, RED)
    paper.rule(LEFT_MM, LEFT_MM + WIDTH_MM, 100, 0.7)
    paper.body(112, ("样例：请于示例日到示例地点参加会议。", "内容、机关、人员均为虚构。"))
    return jpeg(paper.pictures(150, "RGB")[0], 150)


def quote(name: str, level: SecrecyLevel, words: str) -> ClassifiedPoint:
    """A point that is anchored by quoted words."""
    return ClassifiedPoint(name, level, QuoteAnchor(words))


SOURCES = (
    Source(
        "样例：示例物资储备规划",
        "示政密〔2020〕2号",
        HIGHLY,
        ForYears(10),
        date(2020, 3, 15),
    ),
    Source(
        "样例：示例物资储备目录",
        "示局密〔2024〕1号",
        SECRET,
        ForYears(5),
        date(2024, 1, 10),
    ),
)

EXAMPLES = (
    Example(
        "公文/防洪演练通知.docx",
        notice,
        f"{MATTER}的通知",
        "示密〔2026〕3号",
        copies=3,
        urgency=Urgency.EXTRA_URGENT,
        points=(
            quote("1", HIGHLY, ROUTE),
            quote("2", SECRET, "水位模拟数据为示例值八米"),
        ),
    ),
    Example(
        "公文/盘点通知（已打密级）.docx", typed, "样例：关于示例仓库盘点的通知", "示密〔2026〕4号"
    ),
    Example(
        "公文/经费请示.pdf",
        request,
        "样例：关于示例江堤防洪演练经费的请示",
        "示密〔2026〕5号",
        level=SECRET,
        period=ForYears(5),
        urgency=Urgency.URGENT,
        points=(
            quote("1", SECRET, ROUTE),
            replace(quote("2", SECRET, PHONE), style=PointStyle.IN_WORDS),
        ),
        by_deputy=True,
    ),
    Example(
        "公文/转发通知（派生定密）.pdf",
        forwarding,
        "样例：转发关于示例物资储备两个文件的通知",
        "示密〔2026〕6号",
        period=UntilDate(date(2030, 3, 15)),
        classification=Derivative(SOURCES),
    ),
    Example(
        "信函/商洽函.pdf",
        correspondence,
        "样例：关于商洽示例设备使用的函",
        "示密函〔2026〕7号",
        "信函",
        level=SECRET,
        period=ForMonths(6),
    ),
    Example("命令/公布令.docx", order, "样例：公布示例器材管理办法的命令", "第7号", "命令"),
    Example(
        "纪要/会议纪要.pdf",
        minutes,
        "样例：示例工作纪要第2期",
        "第2期",
        "纪要",
        level=SECRET,
        period=UntilCondition("演练开始前"),
    ),
    Example(
        "图纸/路线图.png",
        lambda: png(chart_paper().pictures(150)[0], 150),
        "样例：示例江堤防洪演练路线示意图",
        form="图纸",
        copies=0,
        landmark_y_mm=56.0,
        points=(ClassifiedPoint("1", HIGHLY, BoxAnchor(1, 55, 90, 60, 25)),),
    ),
    Example(
        "图纸/路线图（横向扫描）.pdf",
        turned,
        "样例：示例江堤防洪演练路线示意图",
        form="图纸",
        copies=0,
    ),
    Example(
        "资料/资料汇编.pdf",
        booklet,
        "样例：示例江堤防洪演练资料汇编",
        form="有封面",
        copies=2,
        period=UntilDate(date(2031, 6, 30)),
    ),
    Example(
        "扫描件/报告.tif",
        lambda: tiff(scanned().pictures(200), 200),
        "样例：关于示例事项的报告",
        "示密〔2026〕11号",
        "图片",
        copies=0,
    ),
    Example(
        "扫描件/电报.jpg",
        telegram,
        "样例：会议通知电报",
        form="图片",
        copies=0,
        level=SECRET,
        period=ForYears(1),
    ),
)


IN_TABLE = ("扫描件/报告.tif", "扫描件/电报.jpg")
"""Their records stand in one table."""
ON_FORM = "命令/公布令.docx"
"""Its record is a filled-in form."""


def record(example: Example, content: bytes, serial: int) -> ApprovalRecord:
    """The approval record of an example, complete."""
    officer = ClassificationOfficer(
        "张示范", "局长", OfficerKind.STATUTORY, Corner.A, certificate="示定资〔2024〕001号"
    )
    if example.by_deputy:
        officer = ClassificationOfficer(
            "李样例",
            "办公室主任",
            OfficerKind.DESIGNATED,
            Corner.A,
            certificate="示定资〔2024〕002号",
            letter="示定授〔2024〕1号",
        )
    secrecy = Secrecy(
        Marking(example.level, example.period),
        ("示例市示范局办公室", "示例区示范分局"),
    )
    return ApprovalRecord(
        number=f"示密审〔2026〕{serial}号",
        organ=ORGAN,
        draft=DraftIdentity(
            title=example.title,
            document_number=example.number,
            files=(example.name,),
            digest="sm3:" + hashlib.new("sm3", content).hexdigest(),
            form=example.form,
            urgency=example.urgency,
            issue_day=DAY,
            copies=example.copies,
            receivers=("示例区示范分局",),
            landmark_y_mm=example.landmark_y_mm,
        ),
        classification=example.classification,
        proposal=Proposal(Person("王样例", "科员"), secrecy, "拟按所列意见确定", DAY),
        officer=officer,
        decision=OfficerDecision(Decision.AGREED, DAY, "同意"),
        review=Opinion(Person("陈样例", "处长"), "同意", DAY),
        security_review=Opinion(Person("赵样例", "保密员"), "符合规定", DAY),
        points=example.points,
    )


def short_paper(typed_mark: str = "") -> bytes:
    """A page for a mistake."""
    paper = Paper()
    if typed_mark:
        paper.text(LEFT_MM, 47.2, typed_mark)
    y = letterhead(paper, "示例市示范局文件", "示密〔2026〕90号", ("样例：关于示例事项的通知",))
    paper.body(y, TEXT[:2])
    sample_foot(paper)
    return paper.pdf()


def mistakes() -> Mapping[str, bytes]:
    """What must be refused: drafts and records by path below `mistakes/`."""
    files: dict[str, bytes] = {}

    def put(name: str, content: bytes, change: Callable[[str], str]) -> None:
        example = Example(name, short_paper, "样例：关于示例事项的通知", "示密〔2026〕90号")
        files[f"drafts/{name}"] = content
        text = write_toml(record(example, content, 90 + len(files)))
        changed = change(text)
        assert changed != text or name.startswith("已有不同密级"), name
        files[f"approvals/{name}.toml"] = changed.encode()

    def paper(number: int) -> bytes:
        sheet = Paper()
        y = letterhead(
            sheet, "示例市示范局文件", f"示密〔2026〕{number}号", ("样例：关于示例事项的通知",)
        )
        sheet.body(y, TEXT[:2])
        sample_foot(sheet)
        return sheet.pdf()

    put("未经审批.pdf", paper(91), lambda text: text[: text.index("[decision]")])
    put(
        "期限超过.pdf",
        paper(92),
        lambda text: text.replace('"机密"', '"秘密"').replace("= 10\n", "= 15\n"),
    )
    put("工作秘密.pdf", paper(93), lambda text: text.replace('"机密"', '"工作秘密"'))
    put("已有不同密级.pdf", short_paper("秘密★5年"), lambda text: text)
    put(
        "密点高于文件.pdf",
        paper(94),
        lambda text: (
            text.replace('"机密"', '"秘密"').replace("= 10\n", "= 5\n")
            + '\n[[point]]\nid = "1"\nlevel = "机密"\nquote = "'
            + ROUTE
            + '"\n'
        ),
    )
    put(
        "送批后改动.pdf",
        paper(95),
        lambda text: text.replace('digest = "sm3:', 'digest = "sm3:00')[:0] or _other_digest(text),
    )
    files["drafts/没有审批记录.pdf"] = paper(96)
    return files


def _other_digest(text: str) -> str:
    """A record that was made for other bytes of the same name."""
    start = text.index('digest = "sm3:') + len('digest = "sm3:')
    return text[:start] + "0" * 64 + text[start + 64 :]


def all_files() -> Mapping[str, bytes]:
    """Every generated file by its path below `examples/`."""
    files: dict[str, bytes] = {}
    scans: list[ApprovalRecord] = []
    for serial, example in enumerate(EXAMPLES, 1):
        content = example.draft()
        files[f"drafts/{example.name}"] = content
        whole = record(example, content, serial)
        if example.name in IN_TABLE:
            scans.append(whole)
        elif example.name == ON_FORM:
            files["approvals/命令/公布令审批表.docx"] = records_bytes([whole], Format.DOCX)
        elif serial == 2:
            files[f"approvals/{example.name}.json"] = write_json(whole).encode()
        else:
            files[f"approvals/{example.name}.toml"] = write_toml(whole).encode()
    files["approvals/扫描件/扫描件审批记录.xlsx"] = records_bytes(scans, Format.XLSX)
    files.update((f"mistakes/{name}", content) for name, content in mistakes().items())
    return files


def main() -> None:
    """Write everything."""
    for name, content in all_files().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sys.stdout.write(f"{len(content):8}  {name}\n")


if __name__ == "__main__":
    main()
