"""Entries of a fictional ledger: finished copies, and what was decided about them later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dingmi_mark.domain.ledger_acts import Act, ApprovalSigned
from dingmi_mark.domain.ledger_changes import MarkingChanged, MarkingRestored
from dingmi_mark.domain.ledger_legacy import LegacyDescribed
from dingmi_mark.domain.ledger_notified import SealedNotified
from dingmi_mark.domain.ledger_provisional import CopyReturned
from dingmi_mark.domain.ledger_sources import DocumentDescribed, SourceChanged, SourceRegistered
from dingmi_mark.domain.secret import Secret
from dingmi_mark.domain.secrets_known import MarkedCopy, secrets_known


def moment(day: str) -> str:
    return f"{day}T01:00:00+00:00"


def copy(name: str, day: str, level: str = "机密", **changes: object) -> MarkedCopy:
    """A finished copy of the paper `name`, marked on a day; secret for ten years from then."""
    last = date.fromisoformat(day).replace(year=int(day[:4]) + 10).isoformat()
    one = MarkedCopy(
        f"d-{name}", f"m-{name}", f"{name}号", level, "10年", last, "原始定密", "000001",
        moment(day), True,
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def described(name: str, **changes: object) -> DocumentDescribed:
    one = DocumentDescribed(
        f"{name}号", f"d-{name}", f"m-{name}", f"示密〔2026〕{name}号", "示例市示范局", "机密",
        "10年", "2026-02-01", "2036-02-01", ("示例甲科",), {}, True, (), (), moment("2026-02-02"),
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def signed(name: str, day: str, step: str = "审批", outcome: str = "同意") -> ApprovalSigned:
    at = moment(day)
    return ApprovalSigned(f"{name}号", step, outcome, "sm3:1", "sm3:2", "张示范", "k", at, at)


def changed(name: str, day: str, kind: str = "变更", **changes: object) -> MarkingChanged:
    one = MarkingChanged(
        f"示密变〔2026〕{name}号", kind, f"{name}号", f"d-{name}", f"m-{name}", "机密", "10年",
        "机密", "10年", "2026-02-01", "2036-02-01", ("示例甲科",), "", (), day, moment(day),
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def released(name: str, day: str, kind: str = "提前解密") -> MarkingChanged:
    return changed(name, day, kind, released=day)


def restored(name: str, day: str) -> MarkingRestored:
    return MarkingRestored(f"示密变〔2026〕{name}号", f"d-{name}", "b", moment(day))


def returned(name: str, number: str = "000001") -> CopyReturned:
    return CopyReturned(f"{name}号", number, "收回", "赵样例", "2026-05-01", moment("2026-05-01"))


def notified(name: str, day: str) -> SealedNotified:
    return SealedNotified(
        f"{name}号", "sm3:1", "a", "b", ("c",), "d", "1", "已告知/甲.pdf", moment(day)
    )


def outside(name: str, day: str, level: str = "秘密", **changes: object) -> SourceRegistered:
    last = (date.fromisoformat(day) + timedelta(days=3650)).isoformat()
    one = SourceRegistered(
        f"s-{name}", "a", "b", "", "t", f"外密〔2026〕{name}号", "示例省示范厅", level, "10年", day,
        last, ("示例甲科",), {}, (), "", "typed", (), (), "", moment(day),
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def outside_changed(name: str, day: str, **changes: object) -> SourceChanged:
    one = SourceChanged(
        f"s-{name}", "外密变〔2026〕1号", day, "秘密", "5年", day, "2031-01-01", (), "", moment(day)
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def legacy(name: str, issued: str, **changes: object) -> LegacyDescribed:
    one = LegacyDescribed(
        f"d-{name}", f"m-{name}", f"示密〔2019〕{name}号", "", "示例市示范局", "机密", "10年",
        issued, "2029-03-01", (), "示密变〔2026〕1号", moment("2026-06-01"),
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def known(copies: list[MarkedCopy], *acts: Act) -> tuple[Secret, ...]:
    return secrets_known(copies, acts).secrets
