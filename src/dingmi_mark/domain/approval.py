"""定密审核审批: the approval record, without which there is no mark (保守国家秘密法(2024)第十六条).

Fields the law requires may be empty here: that a record is incomplete is a finding of the rules,
with its article, and not a parsing fault. `store.approvals` reads records from files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeAlias

from dingmi_mark.domain.points import ClassifiedPoint
from dingmi_mark.domain.terms import Marking, SecrecyLevel, SecrecyPeriod
from dingmi_mark.domain.uses import SourceUse, UseLimit


class ClassificationKind(Enum):
    """定密类型 (国家秘密定密管理规定(2025)第二条)."""

    ORIGINAL = "原始定密"
    DERIVATIVE = "派生定密"


class Decision(Enum):
    """What the classification officer decided (pilot handbook, part 2 (4) 1)."""

    AGREED = "同意"
    CORRECTED = "纠正"
    RETURNED = "退回"


class OfficerKind(Enum):
    """法定 (by office) or 指定 (designated) 定密责任人 (实施条例(2024)第十四条)."""

    STATUTORY = "法定"
    DESIGNATED = "指定"


class Corner(Enum):
    """AB角 (pilot handbook; no national text)."""

    A = "A"
    B = "B"


class Urgency(Enum):
    """紧急程度: 公文 use 特急 and 加急, telegrams all four (GB/T 9704-2012 7.2.3; practice)."""

    EXTRA_URGENT = "特急"
    URGENT = "加急"
    FLASH = "特提"
    ROUTINE = "平急"


class RecordStatus(Enum):
    """Where a record stands in its life."""

    PROPOSED = "拟议"
    REVIEWED = "已审核"
    DECIDED = "已审批"
    RETURNED = "已退回"
    MARKED = "已标志"


@dataclass(frozen=True)
class Secrecy:
    """密级、保密期限、知悉范围, which are decided together (保守国家秘密法(2024)第十九条).

    `period_defaulted` tells that nobody stated the period and the maximum was taken (R10).
    `months_confirmed`: the record confirms a period of more than twelve months in months.
    """

    marking: Marking
    scope: tuple[str, ...] = ()
    period_defaulted: bool = False
    months_confirmed: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody by name and post."""

    name: str
    post: str = ""


@dataclass(frozen=True)
class Opinion:
    """What a reviewer or the 保密员 wrote, and when."""

    by: Person
    text: str
    day: date | None = None


@dataclass(frozen=True)
class Basis:
    """定密依据: an item of a 保密事项范围 (R29)."""

    catalogue: str
    item: str
    note: str = ""


@dataclass(frozen=True)
class Source:
    """A classified document that this one executes or quotes (R33-R37).

    `marking_id` is its id in a ledger, `organ` its 原定密机关、单位, where known. `level` None: it
    bears no mark and its level is not known yet. `consent` is the originator's consent to extract
    from 绝密 (法26). `scope` is its 知悉范围 where known; `released` the day of an early release.
    `points` are the ids of the points used, `use` what is done with it, `limits` what stands on it.
    """

    title: str
    document_number: str = ""
    level: SecrecyLevel | None = None
    period: SecrecyPeriod | None = None
    issue_day: date | None = None
    marking_id: str = ""
    digest: str = ""
    points_used: tuple[SecrecyLevel, ...] = ()
    consent: str = ""
    organ: str = ""
    scope: tuple[str, ...] = ()
    released: date | None = None
    points: tuple[str, ...] = ()
    use: SourceUse | None = None
    limits: tuple[UseLimit, ...] = ()

    @property
    def name(self) -> str:
        """How people refer to it: 文号, else title, else its id or digest."""
        return self.document_number or self.title or self.marking_id or self.digest


@dataclass(frozen=True)
class Original:
    """原始定密: the bases on which own matter is classified."""

    bases: tuple[Basis, ...] = ()


@dataclass(frozen=True)
class Derivative:
    """派生定密: the sources whose marking is inherited, and bases for own secret matter beside."""

    sources: tuple[Source, ...] = ()
    bases: tuple[Basis, ...] = ()


Classification: TypeAlias = Original | Derivative


@dataclass(frozen=True)
class DraftIdentity:
    """Which draft was approved, and what its paper shows besides the mark.

    `digest` is `sm3:` or `sha256:` and hex digits. `form` is the kind of paper (公文, 信函, 图纸 …)
    that selects the template. `landmark_y_mm` gives the height of a template's landmark (title,
    red rule) on the first page where it cannot be found in the file. `late_fields` may be filled in
    after the decision, in the record and in the draft; nothing else may change. `recall_day`
    (清退期限) is the last day by which copies come back (实施条例(2024)第二十七条第九项).
    `despite` names what the author restricted and the approval allows to set aside.
    """

    title: str
    document_number: str = ""
    files: tuple[str, ...] = ()
    digest: str = ""
    form: str = "公文"
    urgency: Urgency | None = None
    issue_day: date | None = None
    notice_day: date | None = None
    copies: int = 0
    receivers: tuple[str, ...] = ()
    landmark_y_mm: float | None = None
    late_fields: tuple[LateField, ...] = ()
    recall_day: date | None = None
    despite: tuple[Restriction, ...] = ()

    @property
    def period_start(self) -> date | None:
        """制发日, else 通知日 (实施条例(2024)第十九条第二款)."""
        return self.issue_day or self.notice_day


@dataclass(frozen=True)
class Proposal:
    """定密拟办意见 of the 承办人."""

    by: Person
    secrecy: Secrecy
    opinion: str = ""
    day: date | None = None


@dataclass(frozen=True)
class ClassificationOfficer:
    """定密责任人 as named in the record, with what his power rests on.

    `stands_in_for` and `reason`: of a B角, whom and why (pilot handbook, R26).
    """

    name: str
    post: str = ""
    kind: OfficerKind | None = None
    corner: Corner | None = None
    stands_in_for: str = ""
    reason: str = ""
    certificate: str = ""
    letter: str = ""


@dataclass(frozen=True)
class OfficerDecision:
    """The officer's decision; `corrected` holds the new values of 纠正."""

    decision: Decision
    day: date | None
    opinion: str = ""
    corrected: Secrecy | None = None


@dataclass(frozen=True)
class DecidingOrgan:
    """The organ whose reply (批复) decided where it is not the drafting one (法17)."""

    name: str
    reply_number: str
    day: date


@dataclass(frozen=True)
class Unclear:
    """不明确: whether it is a state secret, or of which level, is not clear (条例25).

    `since` is the day the unit said so and set provisional values, `reported` the day it asked.
    `claimed`: the levels that are claimed where bodies dispute over it (条例26(3)).
    """

    reason: str
    since: date
    reported: date | None = None
    claimed: tuple[SecrecyLevel, ...] = ()


@dataclass(frozen=True)
class SpecialBasis:
    """特殊规定: the provision that allows what the ordinary rule does not (法20 "除另有规定外")."""

    provision: str
    reason: str


@dataclass(frozen=True)
class HistoryLine:
    """One step in the record's life."""

    day: date
    by: str
    step: str
    note: str = ""


class SigningStep(Enum):
    """The steps of the procedure that are signed (pilot handbook, part 2 (4) 1-3).

    `REPLY`: the 保密员 confirms having seen the reply (批复) of the organ that decided (法17).
    """

    PROPOSED = "拟办"
    SECURITY_REVIEWED = "保密员意见"
    REVIEWED = "审核"
    DECIDED = "审批"
    REPLY = "登记批复"


class LateField(Enum):
    """What a draft may get after its approval, because it is known only then."""

    DOCUMENT_NUMBER = "文号"
    ISSUE_DAY = "成文日期"
    PAGE_NUMBERS = "页码"


class Restriction(Enum):
    """What the author of a file forbids, and an approval may set aside for marking."""

    CHANGES = "限制修改"


@dataclass(frozen=True)
class RecordSignature:
    """A signature of one step; `domain.signing` tells over what.

    `at` is ISO 8601 with a time zone, `value` is base64.
    """

    step: SigningStep
    signer: str
    key_id: str
    algorithm: str
    at: str
    value: str


@dataclass(frozen=True)
class ApprovalRecord:
    """国家秘密事项定密审核审批表 as one value (pilot handbook, annex 8)."""

    number: str
    organ: str
    draft: DraftIdentity
    classification: Classification
    proposal: Proposal
    officer: ClassificationOfficer | None = None
    decision: OfficerDecision | None = None
    review: Opinion | None = None
    security_review: Opinion | None = None
    points: tuple[ClassifiedPoint, ...] = ()
    points_complete: bool = False
    deciding_organ: DecidingOrgan | None = None
    joint_organs: tuple[str, ...] = ()
    successor_of: str = ""
    special_basis: SpecialBasis | None = None
    explanations: tuple[tuple[str, str], ...] = ()
    status: RecordStatus = RecordStatus.DECIDED
    history: tuple[HistoryLine, ...] = ()
    signatures: tuple[RecordSignature, ...] = ()
    unclear: Unclear | None = None

    @property
    def kind(self) -> ClassificationKind:
        original = isinstance(self.classification, Original)
        return ClassificationKind.ORIGINAL if original else ClassificationKind.DERIVATIVE

    @property
    def secrecy(self) -> Secrecy:
        """The values in force: the officer's corrected ones, else the proposal's."""
        if self.decision is not None and self.decision.corrected is not None:
            return self.decision.corrected
        return self.proposal.secrecy

    @property
    def is_approved(self) -> bool:
        """Tell whether it says that the mark was approved; whether it may is for the rules."""
        if self.deciding_organ is not None:
            return self.status is RecordStatus.DECIDED
        return self.decision is not None and self.decision.decision is not Decision.RETURNED

    @property
    def wording(self) -> str:
        """The mark as it may be shown: with ★ only once it is approved."""
        marking = self.secrecy.marking
        return marking.text if self.is_approved else marking.proposed_text

    @property
    def decided_by(self) -> str:
        """The organ that decides: of the reply where there is one, else the drafting one."""
        return self.deciding_organ.name if self.deciding_organ else self.organ

    @property
    def decision_day(self) -> date | None:
        """The day of the fact, which selects the law in force."""
        if self.deciding_organ is not None:
            return self.deciding_organ.day
        return self.decision.day if self.decision else None

    def explanation(self, rule: str) -> str:
        """What the record answers to an explainable finding of this rule, or empty."""
        return next((text for name, text in self.explanations if name == rule), "")
