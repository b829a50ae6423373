"""What acts are about: by that they are found again, long after the file was renamed."""

from __future__ import annotations

import pytest

from dingmi_mark.domain.ledger import FileDigests, Prepared, kind_name
from dingmi_mark.domain.ledger_act import ActEntry
from dingmi_mark.domain.ledger_acts import (
    Act,
    ApprovalSigned,
    KeyConfirmed,
    KeyOffered,
    KeyRevoked,
)
from dingmi_mark.domain.ledger_changes import (
    MarkingChanged,
    MarkingRestored,
    NoticeRegistered,
    NoticeTold,
    ReleaseCopied,
    ReleaseIntended,
    ReleaseSettled,
    RemarkDestroyed,
    RemarkDistributed,
    RemarkDone,
    RemarkFinished,
    RemarkIntended,
    RemarkPrepared,
    RemarkStarted,
    RemarkUndone,
    RemarkVerified,
    RemarkVoided,
    SourceFollowed,
)
from dingmi_mark.domain.ledger_circulation import CopyReceived, DestructionWitnessed
from dingmi_mark.domain.ledger_drafts import (
    DraftCompleted,
    DraftConverted,
    DraftLeaving,
    DraftLeft,
    DraftRegistered,
    content_name,
)
from dingmi_mark.domain.ledger_notified import SealedNotified
from dingmi_mark.domain.ledger_payload import entry_from, payload_of
from dingmi_mark.domain.ledger_provisional import CopyReturned, ProvisionalGone, ProvisionalMade
from dingmi_mark.domain.originals import Outcome, as_they_stand
from dingmi_mark.domain.provisional import provisional_copies

AT = "2026-11-20T09:00:00+08:00"
NUMBER = "示密审〔2026〕31号"
CHANGE = "示密变〔2026〕3号"
LEAVING = DraftLeaving("l1", NUMBER, "a", "b", "delete", "稿/甲.pdf", "", {"c1": "d"}, "r", AT)
LEFT = DraftLeft(
    "l1", NUMBER, "a", "b", "deleted", "", "稿/甲.pdf", "", True, {"c1": "d"}, False, AT
)
SIGNED = ApprovalSigned(NUMBER, "审批", "同意", "sm3:1", "sm3:2", "张示范", "k1", AT, AT)

NOTIFIED = SealedNotified(*(NUMBER, "sm3:1", "a", "b", ("c",), "d", "1"), "已告知/甲.pdf", AT)


@pytest.mark.parametrize(
    ("act", "subject", "digests", "thread"),
    [
        (KeyOffered("k1", "赵样例", "保密员", "ed25519", "PEM", "", "p", AT), "k1", (), ""),
        (KeyConfirmed("k1", "k0", "s", AT), "k1", (), ""),
        (KeyRevoked("k1", "赵样例", "遗失", AT), "k1", (), ""),
        (CopyReceived(NUMBER, "1", "示范局", "王承办", True, "2026-11-20", AT), NUMBER, (), ""),
        (DestructionWitnessed(NUMBER, "1", "张示范", "2026-11-20", AT), NUMBER, (), ""),
        (SIGNED, NUMBER, ("sm3:2",), ""),
        (NoticeTold(CHANGE, "sm3:n", 1, ("sm3:l",), ("d",), AT), CHANGE, ("sm3:l",), ""),
        (
            ReleaseIntended("k", "d", CHANGE, "甲-解密件.pdf", ".dingmi-1.tmp", "run", AT),
            *("d", (), "k"),
        ),
        (
            ReleaseCopied("k", "d", NUMBER, CHANGE, "m", "c", "x", "a", "b", "sm3:c", AT),
            *("d", ("sm3:a", "sha256:b"), "k"),
        ),
        (ReleaseSettled("k", "d", "named", AT), "d", (), "k"),
        (SourceFollowed("d", CHANGE, "源密〔2026〕9号", AT), "d", (), ""),
        (
            DraftRegistered(NUMBER, "a", "b", "sm3:c", AT),
            NUMBER,
            ("sm3:a", "sha256:b", "content:sm3:c"),
            "",
        ),
        (
            DraftCompleted(NUMBER, "sm3:1", "sm3:2", ("文号",), AT),
            NUMBER,
            ("sm3:1", "sm3:2"),
            "",
        ),
        (
            DraftConverted(NUMBER, "a", "b", "c", "DOC", "DOCX", AT),
            NUMBER,
            ("sm3:a", "sm3:b", "sha256:c"),
            "",
        ),
        (LEAVING, NUMBER, (), "l1"),
        (LEFT, NUMBER, (), "l1"),
        (CopyReturned(NUMBER, "000001", "收回", "赵样例", "2026-11-20", AT), NUMBER, (), ""),
        (
            NoticeRegistered(
                *(CHANGE, "变更", "示例市示范局", "原定密机关", "2026-11-20", "sm3:1"),
                *(("k1",), ("d1",), AT),
            ),
            *(CHANGE, ("sm3:1",), ""),
        ),
        (
            MarkingChanged(
                *(CHANGE, "变更", NUMBER, "d1", "m1", "机密", "10年", "秘密", "5年"),
                *("2026-11-02", "2031-11-02", ("局领导",), "", (), "2026-11-20", AT),
            ),
            *("d1", (), ""),
        ),
        (MarkingRestored(CHANGE, "d1", "b1", AT), "d1", (), ""),
        (
            RemarkVerified(CHANGE, "sm3:2", "赵样例", "k1", "s", AT, AT),
            *(CHANGE, ("sm3:2",), ""),
        ),
        (RemarkStarted("b1", CHANGE, "sm3:2", 2, "0.1.0", AT), "b1", ("sm3:2",), ""),
        (
            RemarkIntended(
                *("b1", "r1", CHANGE, "d1", "m1", "c1", "", "a", "b"),
                *("甲.pdf", ".dingmi-1.tmp", "kept", "run", AT),
            ),
            *("b1", (), "r1"),
        ),
        (
            RemarkPrepared("b1", "r1", "c", "d", "sm3:e", "rendered", AT),
            *("b1", ("sm3:c", "sha256:d", "content:sm3:e"), "r1"),
        ),
        (RemarkDone("b1", "r1", CHANGE, "d1", "m1", "c1", "c", AT), "b1", ("sm3:c",), "r1"),
        (RemarkVoided("b1", "r1", "not_written", AT), "b1", (), "r1"),
        (RemarkFinished("b1", 1, 0, 1, False, AT), "b1", (), ""),
        (RemarkUndone("b1", "r1", "a", AT), "b1", (), "r1"),
        (RemarkDistributed("b1", "赵样例", AT), "b1", (), ""),
        (RemarkDestroyed("b1", ("a",), AT), "b1", (), ""),
        (NOTIFIED, NUMBER, ("sm3:a", "sm3:b", "sm3:d", "sm3:c"), ""),
    ],
)
def test_an_act_is_found_by_its_subject_its_files_and_its_thread(
    act: Act, subject: str, digests: tuple[str, ...], thread: str
) -> None:
    assert (act.subject, act.file_digests, act.thread) == (subject, digests, thread)
    assert entry_from(kind_name(type(act)), payload_of(act)) == act


def test_a_signature_without_draft_makes_no_file_known() -> None:
    told = {**vars(SIGNED), "draft_digest": ""}
    assert ApprovalSigned(**told).file_digests == ()


def test_content_is_told_apart_from_bytes() -> None:
    assert content_name("sm3:c") != "sm3:c"


def test_there_is_no_act_without_a_subject() -> None:
    with pytest.raises(TypeError, match="subject"):
        ActEntry()  # type: ignore[abstract]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("copies", "[]"),
        ("copies", '{"c1":1}'),
        ("origin_gone", '"yes"'),
        ("origin_gone", "1"),
        ("origin", "1"),
        ("origin", '"a\\u0000b"'),
    ],
)
def test_an_act_with_a_field_of_another_kind_is_not_read(field: str, wrong: str) -> None:
    right = {"copies": '{"c1":"d"}', "origin_gone": "true", "origin": '"稿/甲.pdf"'}[field]
    payload = payload_of(LEFT).decode()
    assert f'"{field}":{right}' in payload
    forged = payload.replace(f'"{field}":{right}', f'"{field}":{wrong}').encode()
    with pytest.raises(ValueError):
        entry_from(kind_name(DraftLeft), forged)


def test_fields_are_a_list_of_texts() -> None:
    done = DraftCompleted(NUMBER, "sm3:1", "sm3:2", ("文号",), AT)
    for wrong in (b'"fields":"x"', b'"fields":[1]'):
        forged = payload_of(done).replace('"fields":["文号"]'.encode(), wrong)
        with pytest.raises(ValueError):
            entry_from(kind_name(DraftCompleted), forged)


def test_the_last_word_on_an_original_counts() -> None:
    remains = DraftLeft(**{**vars(LEFT), "outcome": Outcome.REMAINS.value, "origin_gone": False})
    other = DraftLeft(**{**vars(LEFT), "origin": "稿/乙.pdf"})
    assert as_they_stand((remains, other, LEFT)) == (LEFT, other)


def test_an_end_without_a_beginning_makes_no_provisional_copy() -> None:
    made = ProvisionalMade(7, NUMBER, "ab", "sm3:cd", "rendered", AT)
    gone = ProvisionalGone(7, NUMBER, "收回", "赵样例", "2026-11-20", AT)
    assert provisional_copies([(8, made), (9, gone)]) == ()
    assert provisional_copies([(8, SIGNED)]) == ()


def test_what_reads_back_as_something_else_is_not_written() -> None:
    listed = DraftCompleted(NUMBER, "sm3:1", "sm3:2", ["文号"], AT)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="does not read back"):
        payload_of(listed)


@pytest.mark.parametrize("wrong", ["true", '"7"', "7.5"])
def test_a_number_is_a_whole_number(wrong: str) -> None:
    made = ProvisionalMade(7, NUMBER, "ab", "sm3:cd", "rendered", AT)
    forged = payload_of(made).decode().replace('"begun":7', f'"begun":{wrong}').encode()
    with pytest.raises(ValueError):
        entry_from(kind_name(ProvisionalMade), forged)


def test_a_file_has_both_digests() -> None:
    prepared = Prepared("m", "c", FileDigests("a", "b"), "sm3:c", "rendered", AT)
    forged = payload_of(prepared).replace(b'"sha256":"b"', b'"sha512":"b"')
    with pytest.raises(ValueError, match="two digests"):
        entry_from(kind_name(Prepared), forged)
