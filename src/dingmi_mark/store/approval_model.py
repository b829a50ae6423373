"""The tables an approval record is made of, as border models with the titles editors show.

The models only say what a file may contain; `value()` turns each into the domain's own type. What
the law requires may still be missing here: that is a finding with its article, not a fault.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from dingmi_mark.domain import approval as record
from dingmi_mark.domain.points import (
    BoxAnchor,
    ClassifiedPoint,
    ParagraphAnchor,
    PointAnchor,
    PointStyle,
    QuoteAnchor,
)
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    LongTerm,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)
from dingmi_mark.domain.uses import SourceUse, UseLimit
from dingmi_mark.store import approval_values as read

MAX_YEARS: Final = 100
"""The longest counted period a record can carry; the law's own limits are rules."""


def words_of(kind: type[Enum]) -> WithJsonSchema:
    """Tell editors the words of an enum."""
    return WithJsonSchema({"type": "string", "enum": [str(member.value) for member in kind]})


_STRING = WithJsonSchema({"type": "string"})
_FILLED = WithJsonSchema({"type": "string", "minLength": 1})
_DIGEST = WithJsonSchema({"type": "string", "pattern": "^((sm3|sha256):[0-9a-f]{64})?$"})
_DATE = WithJsonSchema({"type": "string", "format": "date"})

Line: TypeAlias = Annotated[str, PlainValidator(read.line), _STRING]
FilledLine: TypeAlias = Annotated[str, PlainValidator(read.filled_line), _FILLED]
Prose: TypeAlias = Annotated[str, PlainValidator(read.prose), _STRING]
FilledProse: TypeAlias = Annotated[str, PlainValidator(read.filled_prose), _FILLED]
Verbatim: TypeAlias = Annotated[str, PlainValidator(read.verbatim), _FILLED]
Digest: TypeAlias = Annotated[str, PlainValidator(read.digest), _DIGEST]
Day: TypeAlias = Annotated[date, PlainValidator(read.day), _DATE]
Level: TypeAlias = Annotated[SecrecyLevel, PlainValidator(read.level), words_of(SecrecyLevel)]
Style: TypeAlias = Annotated[
    PointStyle, PlainValidator(read.one_of(PointStyle)), words_of(PointStyle)
]
Kind: TypeAlias = Annotated[
    record.OfficerKind,
    PlainValidator(read.one_of(record.OfficerKind)),
    words_of(record.OfficerKind),
]
CornerWord: TypeAlias = Annotated[
    record.Corner, PlainValidator(read.one_of(record.Corner)), words_of(record.Corner)
]
Use: TypeAlias = Annotated[SourceUse, PlainValidator(read.one_of(SourceUse)), words_of(SourceUse)]
Limit: TypeAlias = Annotated[UseLimit, PlainValidator(read.one_of(UseLimit)), words_of(UseLimit)]
Decided: TypeAlias = Annotated[
    record.Decision, PlainValidator(read.one_of(record.Decision)), words_of(record.Decision)
]


class Part(BaseModel):
    """A table of the record: strict types, no unknown keys, only finite numbers."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class PeriodPart(Part):
    """保密期限：以下各项只写一项。"""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    years: int | None = Field(None, ge=1, le=MAX_YEARS, title="年", description="如 {years=10}")
    months: int | None = Field(None, ge=1, le=MAX_YEARS * 12, title="月", description="不满一年的")
    days: int | None = Field(None, ge=1, le=MAX_YEARS * 366, title="日", description="以日计的")
    until: Day | None = Field(None, title="解密时间", description="保密至该日（含当日）")
    condition: FilledLine | None = Field(None, title="解密条件", description="如“会议开始前”")
    long_term: bool | None = Field(None, title="长期", description="只能写 true，须有特殊规定")

    def value(self) -> SecrecyPeriod:
        """Return the period; which keys go together was checked before."""
        if self.years is not None:
            return ForYears(self.years)
        if self.months is not None:
            return ForMonths(self.months)
        if self.days is not None:
            return ForDays(self.days)
        if self.until is not None:
            return UntilDate(self.until)
        return UntilCondition(self.condition) if self.condition is not None else LongTerm()


class PersonPart(Part):
    """人员：姓名和职务。"""

    name: Line = Field(default="", title="姓名")
    post: Line = Field(default="", title="职务")

    def value(self) -> record.Person:
        return record.Person(self.name, self.post)


class BasisPart(Part):
    """定密依据：保密事项范围中的一项。"""

    catalogue: FilledLine = Field(title="保密事项范围名称")
    item: FilledLine = Field(title="条款、目录项")
    note: Prose = Field("", title="说明")

    def value(self) -> record.Basis:
        return record.Basis(self.catalogue, self.item, self.note)


class SourcePart(Part):
    """派生定密所依据的已定密事项（来源文件）。"""

    title: Line = Field("", title="文件名称")
    document_number: Line = Field("", title="文号")
    level: Level | None = Field(None, title="密级", description="来源未标明、尚未查明时不写")
    period: PeriodPart | None = Field(None, title="保密期限")
    issue_date: Day | None = Field(None, title="制发日")
    marking_id: Line = Field(
        "",
        title="台账中的标志编号",
        description="登记的来源或者本单位标志的编号；写了它，其余可以不写",
    )
    organ: Line = Field("", title="原定密机关、单位")
    digest: Digest = Field("", title="文件摘要")
    points_used: list[Level] = Field([], title="所用密点的密级")
    consent: Line = Field(
        "", title="原定密机关或者其上级机关同意的文号", description="绝密级来源必填"
    )
    scope: list[FilledLine] = Field([], title="来源的知悉范围", description="知道的就写")
    released: Day | None = Field(None, title="来源提前解密的日期", description="已提前解密的")
    points: list[FilledLine] = Field([], title="所用密点的编号", description="来源登记过密点的")
    use: Use | None = Field(None, title="怎样使用来源")
    limits: list[Limit] = Field([], title="来源上的使用限制")

    def value(self) -> record.Source:
        return record.Source(
            title=self.title,
            document_number=self.document_number,
            level=self.level,
            period=self.period.value() if self.period else None,
            issue_day=self.issue_date,
            marking_id=self.marking_id,
            organ=self.organ,
            digest=self.digest,
            points_used=tuple(self.points_used),
            consent=self.consent,
            scope=tuple(self.scope),
            released=self.released,
            points=tuple(self.points),
            use=self.use,
            limits=tuple(self.limits),
        )


class ProposalPart(Part):
    """定密拟办意见：承办人提出的密级、保密期限和知悉范围。"""

    by: PersonPart = Field(PersonPart(), title="承办人")
    level: Level = Field(title="密级")
    period: PeriodPart = Field(title="保密期限")
    period_defaulted: bool = Field(False, title="期限是否按最长期限推定")
    months_confirmed: bool = Field(False, title="是否确认一年以上仍以月计")
    scope: list[FilledLine] = Field([], title="知悉范围")
    opinion: Prose = Field("", title="拟办意见")
    date: Day | None = Field(None, title="拟定日期")

    def value(self) -> record.Proposal:
        secrecy = record.Secrecy(
            Marking(self.level, self.period.value()),
            tuple(self.scope),
            self.period_defaulted,
            self.months_confirmed,
        )
        return record.Proposal(self.by.value(), secrecy, self.opinion, self.date)


class OpinionPart(Part):
    """审核意见。"""

    by: PersonPart = Field(title="审核人")
    text: Prose = Field("", title="意见")
    date: Day | None = Field(None, title="日期")

    def value(self) -> record.Opinion:
        return record.Opinion(self.by.value(), self.text, self.date)


class OfficerPart(Part):
    """定密责任人。"""

    name: FilledLine = Field(title="姓名")
    post: Line = Field("", title="职务")
    kind: Kind | None = Field(None, title="法定或指定")
    corner: CornerWord | None = Field(None, title="A角或B角")
    stands_in_for: Line = Field("", title="代何人行使（A角姓名）")
    reason: Prose = Field("", title="A角不能履职的原因")
    certificate: Line = Field("", title="定密资格证书号")
    letter: Line = Field("", title="授权书文号")

    def value(self) -> record.ClassificationOfficer:
        return record.ClassificationOfficer(**dict(self))


class CorrectedPart(Part):
    """核定的密级、保密期限和知悉范围。"""

    level: Level = Field(title="密级")
    period: PeriodPart = Field(title="保密期限")
    scope: list[FilledLine] = Field([], title="知悉范围")
    period_defaulted: bool | None = Field(None, title="期限是否按最长期限推定")
    months_confirmed: bool | None = Field(None, title="是否确认一年以上仍以月计")

    def value(self, proposed: record.Secrecy) -> record.Secrecy:
        """Return the values; what is not said of an unchanged period stays as proposed."""
        period = self.period.value()
        same = period == proposed.marking.period
        defaulted, confirmed = self.period_defaulted, self.months_confirmed
        return record.Secrecy(
            Marking(self.level, period),
            tuple(self.scope),
            same and proposed.period_defaulted if defaulted is None else defaulted,
            same and proposed.months_confirmed if confirmed is None else confirmed,
        )


class DecisionPart(Part):
    """定密责任人的决定。"""

    decision: Decided = Field(title="同意、纠正或退回")
    date: Day | None = Field(None, title="审批日期")
    opinion: Prose = Field("", title="审批意见")
    corrected: CorrectedPart | None = Field(None, title="核定值", description="“纠正”时必填")

    def value(self, proposed: record.Secrecy) -> record.OfficerDecision:
        corrected = self.corrected.value(proposed) if self.corrected else None
        return record.OfficerDecision(self.decision, self.date, self.opinion, corrected)


class PointPart(Part):
    """密点：quote，或 page 和 box_mm，或 paragraph，三种写法选一种指明位置。"""

    id: FilledLine = Field(title="编号")
    level: Level = Field(title="密级")
    style: Style = Field(PointStyle.BEFORE_PARAGRAPH, title="标注方式")
    quote: Verbatim | None = Field(None, title="原文", description="与文件逐字相同，只出现一处")
    occurrence: int | None = Field(None, ge=1, title="第几处", description="原文出现多处时")
    page: int | None = Field(None, ge=1, title="页")
    box_mm: list[float] | None = Field(
        None, min_length=4, max_length=4, title="方框", description="[左, 上, 宽, 高]，毫米"
    )
    paragraph: int | None = Field(None, ge=1, title="第几段", description="空段不计")
    begins: Verbatim | None = Field(None, title="该段的开头")
    table: int | None = Field(None, ge=1, title="第几个表格")
    row: int | None = Field(None, ge=1, title="行")
    column: int | None = Field(None, ge=1, title="列")
    period: PeriodPart | None = Field(None, title="密点自己的保密期限")
    source: Line = Field("", title="来源文件")

    def value(self) -> ClassifiedPoint:
        period = self.period.value() if self.period else None
        return ClassifiedPoint(self.id, self.level, self._anchor(), self.style, period, self.source)

    def _anchor(self) -> PointAnchor:
        if self.quote is not None:
            return QuoteAnchor(self.quote, self.occurrence)
        if self.page is not None and self.box_mm is not None:
            x, y, width, height = self.box_mm
            return BoxAnchor(self.page, x, y, width, height)
        number = self.paragraph or 1
        return ParagraphAnchor(number, self.begins or "", self.table, self.row, self.column)
