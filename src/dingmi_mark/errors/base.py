"""Every expected failure: one class per cause, an exit code of its own, and what to do next.

An error carries what happened (`says`), where, why (`citation`, where law is the cause) and the
`remedy`. The wordings are message identifiers; `cli.words` translates them. Codes are grouped by
theme, never reused, and documented in `docs/exit-codes.md`, which a test compares with the enum.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

from dingmi_mark.messages import Message, Parameter


class ExitCode(IntEnum):
    """What the process returns: 10-19 draft, 20-29 approval and law, and so on."""

    OK = 0
    BUG = 1
    USAGE = 2

    DRAFT_UNREADABLE = 10
    DRAFT_UNSUPPORTED = 11
    DRAFT_PROTECTED = 12
    DRAFT_SIGNED = 13
    DRAFT_ALREADY_MARKED = 14
    TYPED_MARK_CONFLICT = 15
    DRAFT_NAME_CLASH = 16
    DRAFT_NOT_ACCESSIBLE = 17
    DRAFT_TOO_COSTLY = 18
    WORKER_FAILED = 19

    APPROVAL_MISSING = 20
    APPROVAL_INVALID = 21
    APPROVAL_AMBIGUOUS = 22
    APPROVAL_DIGEST_DIFFERS = 23
    APPROVAL_WITHOUT_DIGEST = 24
    LAW_VIOLATED = 25
    AUTHORITY_EXCEEDED = 26
    NOT_A_STATE_SECRET = 27
    PERIOD_OVER = 28
    APPROVAL_REUSED = 29

    TEMPLATE_INVALID = 30
    TEMPLATE_UNKNOWN = 31
    GLYPH_MISSING = 32
    TEXT_DOES_NOT_FIT = 33
    PLACE_TAKEN = 34
    POINT_NOT_FOUND = 35
    POINT_AMBIGUOUS = 36
    LANDMARK_NOT_FOUND = 37
    PAGE_TOO_SMALL = 38
    POINT_UNSUPPORTED = 39

    OUTPUT_EXISTS = 40
    OUTPUT_DISK_FULL = 41
    OUTPUT_NOT_WRITABLE = 42

    LEDGER_BROKEN = 50
    LEDGER_BUSY = 51
    LEDGER_NOT_FOUND = 52
    LEDGER_NEWER = 53
    LEDGER_OPEN_ENTRIES = 54
    LEDGER_COPY_EXISTS = 55

    MARK_NOT_CONFIRMED = 60
    CHECK_CONTRADICTS = 61
    CHECK_NOT_MARKED = 62
    CONFIRMATION_TOOL_FAILED = 63
    CHECK_UNMARKED_SECRET = 64
    CHECK_UNMARKED_PROPOSAL = 65
    PRINT_REFUSED = 66
    PRINT_HELD = 67

    BATCH_PARTLY_FAILED = 70

    CONFIGURATION_INVALID = 80
    OFFICE_NOT_FOUND = 81
    OFFICE_EXISTS = 82
    OFFICE_SECRET_MISSING = 83
    FONT_UNUSABLE = 84
    CODE_TOOL_MISSING = 85
    CHECK_PAPER_ONLY = 86
    DRAFT_CARRIES_MARK_FONT = 87
    DRAFT_CHANGES_MARKS = 88

    KEY_UNUSABLE = 90
    PASSPHRASE_WRONG = 91
    KEY_REFUSED = 92
    SIGNATURE_MISSING = 93
    SIGNATURE_REFUSED = 94
    CLOCK_SET_BACK = 95
    STEP_OUT_OF_ORDER = 96
    RECORD_MOVED_ON = 97
    RECORD_EXISTS = 98

    FORM_UNREADABLE = 100
    FORM_FAULTY = 101
    FORM_UNKNOWN = 102
    FORM_CANNOT_HOLD = 103
    DRAFT_DIFFERS = 104
    LATE_VALUE_REFUSED = 105
    ORIGINAL_REMAINS = 106
    ORIGINAL_MISSING = 107
    PROVISIONAL_NOT_POSSIBLE = 108
    PROVISIONAL_MARK_STAYS = 109

    FORMAL_MARK_TOO_EARLY = 110
    COPY_NOT_RETURNABLE = 111

    MATTER_UNCLEAR = 120
    RULE_UNKNOWN = 124
    NOTHING_TO_EXPLAIN = 125
    FORM_NOT_FOR_IT = 126
    FORM_VALUE_REFUSED = 127
    DRAFT_NOT_FILLABLE = 128

    INTERRUPTED = 130

    DRAFT_RESTRICTED = 140
    PASSWORD_WRONG = 141
    QUOTATION_UNDECLARED = 145
    QUOTE_INDEX_DAMAGED = 146
    QUOTATIONS_NOT_READ = 147
    POINT_CUT_OFF = 148
    POINT_HIDDEN = 149
    ARGUMENT_UNUSABLE = 132
    DRAFT_NAME_UNUSABLE = 133
    RECORD_UNKNOWN = 134
    RECORD_FOLDER_TAKEN = 135
    PERSON_UNKNOWN = 136
    FILE_NOT_READABLE = 137
    POINTS_DISAGREE = 138

    CONVERSION_TOOL_MISSING = 150
    CONVERSION_TIMED_OUT = 151
    CONVERSION_FAILED = 152
    CONVERSION_REFUSED = 153

    SOURCE_MARKS_CONTRADICT = 160
    SOURCE_ONLY_PROPOSED = 161
    SOURCE_VALUE_MISSING = 162
    SOURCE_VALUE_UNREADABLE = 163
    SOURCE_DIFFERS = 164
    SOURCE_UNKNOWN = 165
    SOURCE_AMBIGUOUS = 166
    SOURCE_NOT_FROM_OUTSIDE = 167
    SOURCE_CHANGE_USELESS = 168
    NOT_DERIVABLE = 169
    RECORD_DECIDED = 170
    RECORD_NOT_EDITABLE = 171
    DRAFT_IS_SOURCE = 172

    NOTICE_INVALID = 180
    NOTICE_EXISTS = 181
    NOTICE_UNKNOWN = 182
    NOTICE_ITEMS_UNCLEAR = 183
    CHANGE_REFUSED = 184
    NOTICE_ALTERED = 185
    PLAN_INVALID = 186
    PLAN_OUTDATED = 187
    PLAN_NOT_VERIFIED = 188
    VERIFIER_REFUSED = 189
    REMARK_PLACE_FULL = 190
    REMARK_NOT_POSSIBLE = 191
    REMARK_BATCH_UNKNOWN = 192
    REMARK_DISTRIBUTED = 193
    REMARK_UNDO_REFUSED = 194
    REMARK_BATCH_OPEN = 195
    LEGACY_MARK_UNSURE = 196
    LEGACY_NOT_CONFIRMABLE = 197

    SECRET_UNKNOWN = 200
    REVIEW_REFUSED = 201
    TREE_DIFFERS = 202

    HOOK_NOT_SET_UP = 210
    HOOK_DEVICE_UNUSABLE = 211
    PRINT_JOB_UNUSABLE = 212
    HOOK_CUPS_REFUSED = 213
    HOOK_QUEUE_UNKNOWN = 214
    HOOK_NOT_IN_ORDER = 215
    HOOK_RIGHTS_MISSING = 216

    NUMBERING_REFUSED = 217
    COPYING_REFUSED = 218
    COPY_NOT_CIRCULATING = 220
    SECOND_PERSON_NEEDED = 221
    WATCH_TOOL_MISSING = 222
    WATCH_FOLDER_UNUSABLE = 223
    WATCH_RUNNING = 224
    SHEET_SETUP_UNFIT = 225
    SHEET_PLACE_UNSURE = 226

    SUGGESTION_NOT_FITTING = 230
    NOBODY_TO_TELL = 231
    CLEAN_COPIES_OFF = 232
    CLEAN_COPY_REFUSED = 233


class DingmiError(Exception):
    """Base of all expected errors: a cause, its place, its reason and the next step.

    Subclasses set `code`, `says` and `remedy`; the keyword arguments fill the wordings.
    """

    code: ClassVar[ExitCode]
    says: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(self, where: str = "", *, citation: str = "", **params: Parameter) -> None:
        super().__init__(where, params)
        self.where = where
        self.citation = citation
        self.params = params

    @property
    def message(self) -> Message:
        """What happened."""
        return Message(self.says, self.params)

    @property
    def advice(self) -> Message:
        """What to do next."""
        return Message(self.remedy, self.params)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else str(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process border whole: exceptions with keyword arguments do not by default."""
        return (_rebuild, (type(self), self.where, self.citation, dict(self.params)))


def _rebuild(
    kind: type[DingmiError], where: str, citation: str, params: dict[str, Parameter]
) -> DingmiError:
    return kind(where, citation=citation, **params)
