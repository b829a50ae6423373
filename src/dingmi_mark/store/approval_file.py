"""The whole approval record as a file: its head, its lists, and all its tables together."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, PlainValidator

from dingmi_mark.domain import approval as record
from dingmi_mark.store import approval_values as read
from dingmi_mark.store.approval_model import (
    BasisPart,
    Day,
    DecisionPart,
    Digest,
    FilledLine,
    FilledProse,
    Level,
    Line,
    OfficerPart,
    OpinionPart,
    Part,
    PointPart,
    ProposalPart,
    Prose,
    SourcePart,
    Verbatim,
    words_of,
)

MAX_COPIES: Final = 999_999
"""The highest copy number there is: six digits (R14)."""

UrgencyWord: TypeAlias = Annotated[
    record.Urgency, PlainValidator(read.one_of(record.Urgency)), words_of(record.Urgency)
]
Status: TypeAlias = Annotated[
    record.RecordStatus,
    PlainValidator(read.one_of(record.RecordStatus)),
    words_of(record.RecordStatus),
]
KindWord: TypeAlias = Annotated[
    record.ClassificationKind,
    PlainValidator(read.one_of(record.ClassificationKind)),
    words_of(record.ClassificationKind),
]

StepWord: TypeAlias = Annotated[
    record.SigningStep,
    PlainValidator(read.one_of(record.SigningStep)),
    words_of(record.SigningStep),
]
Late: TypeAlias = Annotated[
    record.LateField, PlainValidator(read.one_of(record.LateField)), words_of(record.LateField)
]

Restricted: TypeAlias = Annotated[
    record.Restriction,
    PlainValidator(read.one_of(record.Restriction)),
    words_of(record.Restriction),
]


class DraftPart(Part):
    """所定密的文稿。"""

    title: Line = Field("", title="标题")
    document_number: Line = Field("", title="文号")
    files: list[Verbatim] = Field([], title="文件名", description="有重名时写相对路径")
    digest: Digest = Field("", title="文件摘要", description="sm3: 或 sha256: 加64位十六进制数")
    form: FilledLine = Field("公文", title="文件种类", description="公文、信函、命令、纪要、图纸等")
    urgency: UrgencyWord | None = Field(None, title="紧急程度")
    issue_date: Day | None = Field(None, title="制发日")
    notice_date: Day | None = Field(None, title="通知日", description="不能标明制发日的")
    copies: int = Field(0, ge=0, le=MAX_COPIES, title="份数")
    receivers: list[FilledLine] = Field([], title="主送、发放范围")
    landmark_y_mm: float | None = Field(
        None, ge=0, le=2000, title="首页定位线的高度", description="毫米，从页面上边量起"
    )
    late_fields: list[Late] = Field(
        [], title="审批后填写的内容", description="文号、成文日期、页码；其他内容不得改动"
    )
    recall_date: Day | None = Field(
        None, title="清退期限", description="发出的份最迟在这一天收回；不清退的不写"
    )

    despite: list[Restricted] = Field(
        [], title="准予处理的限制", description="文稿作者限制修改而仍准予加标志的，写“限制修改”"
    )

    def value(self) -> record.DraftIdentity:
        return record.DraftIdentity(
            title=self.title,
            document_number=self.document_number,
            files=tuple(self.files),
            digest=self.digest,
            form=self.form,
            urgency=self.urgency,
            issue_day=self.issue_date,
            notice_day=self.notice_date,
            copies=self.copies,
            receivers=tuple(self.receivers),
            landmark_y_mm=self.landmark_y_mm,
            late_fields=tuple(self.late_fields),
            recall_day=self.recall_date,
            despite=tuple(self.despite),
        )


class DecidingOrganPart(Part):
    """作出批复的机关：本单位无权确定时。"""

    name: FilledLine = Field(title="机关名称")
    reply_number: FilledLine = Field(title="批复文号")
    date: Day = Field(title="批复日期")

    def value(self) -> record.DecidingOrgan:
        return record.DecidingOrgan(self.name, self.reply_number, self.date)


class UnclearPart(Part):
    """不明确事项：是否属于国家秘密、属于何种密级不明确，先行拟定。"""

    reason: FilledProse = Field(title="不明确的理由")
    since: Day = Field(title="先行拟定之日")
    reported: Day | None = Field(None, title="报请确定之日")
    claimed: list[Level] = Field([], title="有争议时各方主张的密级")

    def value(self) -> record.Unclear:
        return record.Unclear(self.reason, self.since, self.reported, tuple(self.claimed))


class SpecialBasisPart(Part):
    """特殊规定：超过最长期限或者定为长期的依据。"""

    provision: FilledLine = Field(title="规定名称和条款")
    reason: FilledProse = Field(title="理由")

    def value(self) -> record.SpecialBasis:
        return record.SpecialBasis(self.provision, self.reason)


class ExplanationPart(Part):
    """对“须说明”的检查结果作出的说明。"""

    rule: FilledLine = Field(title="规则名", description="检查结果中给出，如 condition-length")
    text: FilledProse = Field(title="说明")


class HistoryPart(Part):
    """办理经过的一步。"""

    date: Day = Field(title="日期")
    by: FilledLine = Field(title="何人")
    step: FilledLine = Field(title="步骤")
    note: Prose = Field("", title="备注")

    def value(self) -> record.HistoryLine:
        return record.HistoryLine(self.date, self.by, self.step, self.note)


class SignaturePart(Part):
    """电子签名：对一个步骤的记录内容和文稿摘要的签名。"""

    step: StepWord = Field(title="步骤")
    signer: FilledLine = Field(title="签名人")
    key_id: FilledLine = Field(title="密钥编号")
    algorithm: FilledLine = Field(title="算法")
    at: FilledLine = Field(title="签名时间")
    value: FilledLine = Field(title="签名值")


class RecordFile(Part):
    """国家秘密事项定密审核审批记录（dingmi-mark）。"""

    model_config = ConfigDict(title="定密审核审批记录")

    format: Literal[1] = Field(alias="schema", title="格式版本", description="写 1")
    number: FilledLine = Field(title="审批编号")
    organ: FilledLine = Field(title="定密机关、单位")
    status: Status = Field(record.RecordStatus.DECIDED, title="办理状态")
    kind: KindWord = Field(title="定密类型")
    points_complete: bool = Field(False, title="密点是否已全部列明")
    joint_organs: list[FilledLine] = Field([], title="共同定密的机关、单位")
    successor_of: Line = Field("", title="承继的原定密机关")
    draft: DraftPart = Field(title="文稿")
    basis: list[BasisPart] = Field([], title="定密依据")
    source: list[SourcePart] = Field([], title="派生来源")
    proposal: ProposalPart = Field(title="定密拟办意见")
    review: OpinionPart | None = Field(None, title="审核意见")
    security_review: OpinionPart | None = Field(None, title="保密员意见")
    officer: OfficerPart | None = Field(None, title="定密责任人")
    decision: DecisionPart | None = Field(None, title="审批决定")
    point: list[PointPart] = Field([], title="密点")
    deciding_organ: DecidingOrganPart | None = Field(None, title="批复机关")
    unclear: UnclearPart | None = Field(None, title="不明确事项")
    special_basis: SpecialBasisPart | None = Field(None, title="特殊规定")
    explanation: list[ExplanationPart] = Field([], title="说明")
    history: list[HistoryPart] = Field([], title="办理经过")
    signature: list[SignaturePart] = Field([], title="电子签名")

    def value(self) -> record.ApprovalRecord:
        proposal = self.proposal.value()
        return record.ApprovalRecord(
            number=self.number,
            organ=self.organ,
            draft=self.draft.value(),
            classification=self._classification(),
            proposal=proposal,
            officer=self.officer.value() if self.officer else None,
            decision=self.decision.value(proposal.secrecy) if self.decision else None,
            review=self.review.value() if self.review else None,
            security_review=self.security_review.value() if self.security_review else None,
            points=tuple(point.value() for point in self.point),
            points_complete=self.points_complete,
            deciding_organ=self.deciding_organ.value() if self.deciding_organ else None,
            joint_organs=tuple(self.joint_organs),
            successor_of=self.successor_of,
            special_basis=self.special_basis.value() if self.special_basis else None,
            explanations=tuple((part.rule, part.text) for part in self.explanation),
            status=self.status,
            history=tuple(part.value() for part in self.history),
            signatures=tuple(record.RecordSignature(**dict(part)) for part in self.signature),
            unclear=self.unclear.value() if self.unclear else None,
        )

    def _classification(self) -> record.Classification:
        bases = tuple(part.value() for part in self.basis)
        if self.kind is record.ClassificationKind.ORIGINAL:
            return record.Original(bases)
        return record.Derivative(tuple(part.value() for part in self.source), bases)
