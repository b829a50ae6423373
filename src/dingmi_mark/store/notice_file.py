"""A notice of change or release as a file: the border model of TOML and JSON, strict."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, PlainValidator

from dingmi_mark.domain.change import (
    ChangeKind,
    ChangeNotice,
    ChangeRight,
    NewValues,
    RunsFrom,
)
from dingmi_mark.domain.legacy import OldMark
from dingmi_mark.domain.notices import FiledNotice, NoticeItem, NoticeSignature
from dingmi_mark.store import approval_values as read
from dingmi_mark.store.approval_file import ExplanationPart, SpecialBasisPart
from dingmi_mark.store.approval_model import (
    Day,
    Digest,
    FilledLine,
    Level,
    Line,
    OfficerPart,
    Part,
    PeriodPart,
    PersonPart,
    Prose,
    SourcePart,
    words_of,
)

MOST_ITEMS: Final = 10_000

KindWord: TypeAlias = Annotated[
    ChangeKind, PlainValidator(read.one_of(ChangeKind)), words_of(ChangeKind)
]
RightWord: TypeAlias = Annotated[
    ChangeRight, PlainValidator(read.one_of(ChangeRight)), words_of(ChangeRight)
]
StartWord: TypeAlias = Annotated[
    RunsFrom, PlainValidator(read.one_of(RunsFrom)), words_of(RunsFrom)
]


class NewPart(Part):
    """变更后的密级、保密期限、知悉范围：变更什么写什么。"""

    level: Level | None = Field(None, title="密级")
    period: PeriodPart | None = Field(None, title="保密期限")
    scope: list[FilledLine] = Field([], title="知悉范围")

    def value(self) -> NewValues:
        """Return the values that are stated anew."""
        period = self.period.value() if self.period else None
        return NewValues(self.level, period, tuple(self.scope))


class ItemPart(Part):
    """通知涉及的一份文件：以下各项至少写一项，写几项的须指同一份文件。"""

    id: Line = Field("", title="台账编号", description="台账中文件或标志的编号")
    document_number: Line = Field("", title="文号")
    title: Line = Field("", title="标题")
    digest: Digest = Field("", title="文件摘要", description="sm3: 或 sha256: 加64位十六进制数")
    old_level: Level | None = Field(
        None, title="原密级", description="别人标的、台账不认得的旧标志：密级"
    )
    old_period: PeriodPart | None = Field(
        None, title="原保密期限", description="旧标志的保密期限；纸面没有写的，写现在适用的"
    )
    issue_day: Day | None = Field(None, title="制发日", description="原期限起算的日期")
    organ: Line = Field("", title="原定密机关", description="不写的是本单位")

    def value(self) -> NoticeItem:
        """Return the item; that its old mark is told whole was seen before."""
        old = None
        if self.old_level is not None and self.old_period is not None:
            old = OldMark(self.old_level, self.old_period.value(), self.issue_day, self.organ)
        return NoticeItem(self.id, self.document_number, self.title, self.digest, old)


class SignedPart(Part):
    """签名，由程序写入。"""

    signer: FilledLine = Field(title="签名人")
    key_id: FilledLine = Field(title="密钥编号")
    algorithm: FilledLine = Field(title="算法")
    at: FilledLine = Field(title="时间")
    value: FilledLine = Field(title="签名值")

    def as_signature(self) -> NoticeSignature:
        """Return the signature."""
        return NoticeSignature(**dict(self))


class NoticeFile(Part):
    """国家秘密变更、解除通知。"""

    model_config = ConfigDict(title="变更、解除通知")

    schema_: Literal[1] = Field(1, alias="schema", title="格式版本")
    number: FilledLine = Field(title="依据文号", description="变更或者解密的决定、通知的文号")
    kind: KindWord = Field(title="种类")
    decided_by: FilledLine = Field(title="决定的机关、单位")
    right: RightWord = Field(title="权限", description="凭什么变更：原定密机关、上级机关等")
    date: Day = Field(title="决定日期")
    reason: Prose = Field("", title="理由", description="降低、缩短、解密的必填")
    new: NewPart | None = Field(None, title="变更后的值")
    runs_from: StartWord | None = Field(None, title="新期限从哪一天起算")
    points: list[FilledLine] = Field([], title="解除的密点的编号", description="部分解密的必填")
    proposed_by: PersonPart = Field(PersonPart(), title="承办人")
    officer: OfficerPart | None = Field(None, title="定密责任人")
    special_basis: SpecialBasisPart | None = Field(None, title="特殊规定")
    source_change: Line = Field("", title="来源文件变更的文号", description="派生定密的")
    source: list[SourcePart] = Field([], title="变更后的来源")
    approved_by: Line = Field("", title="批准解密的中央机关", description="长期的")
    agreed_by: list[FilledLine] = Field([], title="同意的联合定密机关")
    published_on: Day | None = Field(None, title="公布日期")
    published_in: Line = Field("", title="公布在何处")
    happened: Prose = Field("", title="解密条件何时怎样达成")
    explanation: list[ExplanationPart] = Field([], title="说明")
    item: list[ItemPart] = Field(min_length=1, max_length=MOST_ITEMS, title="涉及的文件")
    signature: list[SignedPart] = Field([], title="签名")

    def value(self) -> FiledNotice:
        """Return the notice with its documents and signatures."""
        notice = ChangeNotice(
            number=self.number,
            kind=self.kind,
            decided_by=self.decided_by,
            right=self.right,
            day=self.date,
            reason=self.reason,
            new=self.new.value() if self.new else NewValues(),
            runs_from=self.runs_from,
            items=tuple(self.points),
            proposed_by=self.proposed_by.value(),
            officer=self.officer.value() if self.officer else None,
            special_basis=self.special_basis.value() if self.special_basis else None,
            source_change=self.source_change,
            sources=tuple(part.value() for part in self.source),
            approved_by=self.approved_by,
            agreed_by=tuple(self.agreed_by),
            published_on=self.published_on,
            published_in=self.published_in,
            happened=self.happened,
            explanations=tuple((part.rule, part.text) for part in self.explanation),
        )
        items = tuple(part.value() for part in self.item)
        return FiledNotice(notice, items, tuple(part.as_signature() for part in self.signature))
