"""The way out of each finding: what somebody has to do now, in the terms of its article.

`{basis}` is filled with the provision of the row that was used, the rest with what the finding
itself says. A rule without a way out of its own gets the general one of its severity.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dingmi_mark.domain.law import Citation, Severity
from dingmi_mark.domain.rules.case import Remark
from dingmi_mark.messages import N_, Message, say

_TO_RECORD: Final = N_(
    "Give the record back to the drafter (承办人), have it corrected and decided anew."
)
_OR_ANSWER: Final = N_(
    '{way} Or let the officer answer it in the record: [[explanation]] rule = "{rule}", text = "…".'
)
_NOTED: Final = N_("Nothing stops the mark; keep it in mind.")
_AUTHORITY: Final = N_(
    "Protect it as proposed (hand it in, then dingmi-mark mark --provisional) and submit it at "
    "once to a superior organ that has the authority; where there is none, to the competent "
    "department or the secrecy bureau ({basis}). When the reply (批复) is there: dingmi-mark "
    "approval review NUMBER --as 保密员 --reply --organ … --reply-number … --reply-date …"
)
_UNCLEAR: Final = N_(
    "Hand it in with the provisional values, protect it (dingmi-mark mark --provisional), and ask "
    "the bureau named here ({basis}). When the reply (批复) is there: dingmi-mark approval review "
    "NUMBER --as 保密员 --reply --organ … --reply-number … --reply-date …"
)
_OFFICER: Final = N_(
    "Have an officer decide whom authority.toml lists for this level and day; correct the list "
    "where it is out of date."
)
_EXPIRED: Final = N_(
    "Put no ★ mark: it has released itself ({basis}). If the period is wrong, have the record "
    "corrected first."
)
_INHERIT: Final = N_(
    "Take the highest level and the latest end of the sources; see dingmi-mark explain. Who thinks "
    "the source is too high suggests it to its originator."
)

WAYS_OUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tables": N_("Ask the secrecy bureau which law applied; the program does not guess it."),
        "record-complete": N_("Fill it in and have it decided anew: {basis} asks for all of it."),
        "officer-approved": N_(
            "Hand it in (dingmi-mark approval submit RECORD DRAFT); what was handed in is decided "
            "with dingmi-mark approval review NUMBER. What was returned is corrected and handed in "
            "again under its number."
        ),
        "days-in-order": N_("Correct the dates in the record, or this machine's clock."),
        "copy-numbers": N_("Write how many copies are made: draft.copies."),
        "period-limit": N_(
            "Shorten the period to at most {limit} years, or name the special provision that "
            "allows more in [special_basis] ({basis})."
        ),
        "long-term": N_(
            "Decide a period, a date or a condition; 长期 needs the special provision that states "
            "it, named in [special_basis] ({basis})."
        ),
        "months": N_(
            "Write it in whole years, or let the officer confirm the months: "
            "proposal.months_confirmed = true."
        ),
        "condition-length": N_("Word the condition more shortly, or see how it looks: --dry-run."),
        "period-start": N_(
            "Write draft.issue_date (制发日), or where there is none draft.notice_date ({basis}); "
            "where it is filled in after the approval, name 成文日期 in draft.late_fields."
        ),
        "period-over": _EXPIRED,
        "organ-authority": _AUTHORITY,
        "organ-authority-other": _AUTHORITY,
        "no-regrant": _AUTHORITY,
        "grant-within-power": _AUTHORITY,
        "report-path-handbook": _AUTHORITY,
        "reply-organ": N_(
            "Ask a superior organ that has the authority; where there is none, the competent "
            "department or the secrecy bureau ({basis}). Correct authority.toml where it does not "
            "name them as such."
        ),
        "grant-filed": N_(
            "Ask the granting organ to file it ({basis}), and write the day into authority.toml: "
            "filed."
        ),
        "grant-years": N_("Ask the granting organ in time whether it grants anew."),
        "grant-branch": N_("Look at the letter again; the own superior of the same branch grants."),
        "unclear-matter": _UNCLEAR,
        "officer-authority": _OFFICER,
        "officer-no-delegation": N_(
            "Let the head of the unit decide, or have him designate this officer himself ({basis})."
        ),
        "officer-trained": N_("Have the officer trained, and write the day: trained ({basis})."),
        "officer-letter": N_(
            "Write the number of his letter of authorisation into authority.toml; where there is "
            "none, let the head of the unit decide."
        ),
        "officer-letter-filed": N_(
            "Publish the letter in the unit, file it with the secrecy bureau, and write both days "
            "into authority.toml: published, filed."
        ),
        "officer-certificate": N_(
            "Write the number of his certificate into authority.toml; where there is none, let the "
            "head of the unit decide."
        ),
        "designated-levels": N_("Let the head of the unit (法定) decide."),
        "basis-checked": N_(
            "Write the items that the office works by into catalogue.toml: then they are checked."
        ),
        "basis-in-catalogue": N_(
            "Correct name and item to those of the 保密事项范围, word by word. Where no item "
            "covers the matter, it is an unclear matter (不明确) to be reported."
        ),
        "basis-level": N_("Take the level of the item, or the item that fits ({basis})."),
        "basis-period": N_("Take the period that the item states ({basis})."),
        "list-approved": N_(
            "Have the head approve the list and write the day: approved; until then name the item "
            "of the 保密事项范围 as the basis ({basis})."
        ),
        "list-filed": N_(
            "File the list with the secrecy bureau of the same level, and write the day: filed "
            "({basis})."
        ),
        "list-matter": N_(
            "Follow the list, or have the list revised and approved first; what is not in it rests "
            "on the item of the 保密事项范围 itself."
        ),
        "disputed-level": N_("Protect it by the highest level claimed until it is decided."),
        "derived-superior": N_(
            "Ask the own superior, or have the matter decided as own matter ({basis})."
        ),
        "stand-in": N_("Write officer.stands_in_for and officer.reason, or let A decide."),
        "point-levels": N_(
            "Correct the level of the point, or have the document's level decided anew by its "
            "highest point."
        ),
        "source-default": N_(
            "If the true period is known, write it: it goes before the default ({basis})."
        ),
        "source-over": N_(
            "Derive from what is still secret. With no source left it is no derived secret: have "
            "it examined as own matter."
        ),
        "derived-level": _INHERIT,
        "derived-period": _INHERIT,
        "derived-period-beijing": _INHERIT,
        "derived-comparable": N_(
            "Let the officer designate the period that ends last, and say why."
        ),
        "derived-consent": N_(
            "Where it is copied, extracted or compiled: ask the originator or its superior for "
            "consent, and write its number: source.consent ({basis})."
        ),
        "period-stated": N_("Have the officer decide a period, a date or a condition ({basis})."),
        "no-analogy": N_(
            "Name the item of the 保密事项范围 that covers it directly. Where there is none, it "
            "is an unclear matter (不明确) to be reported."
        ),
        "scope-narrow": N_("Name the persons, or the organs and posts, that need it ({basis})."),
        "derived-scope": N_(
            "Narrow the scope to that of the source, or ask its originator to widen it ({basis})."
        ),
        "point-periods": N_("Shorten the point's period, or have the document's decided anew."),
        "source-points": N_("Look the point up in the source and correct source.points_used."),
        "points-used": N_(
            "See that nothing else of the source is in it; else take its whole level."
        ),
        "source-known": N_(
            "See the document in the ledger (dingmi-mark source list), and correct [[source]]; "
            "where the ledger is wrong, dingmi-mark source add FILE --correct REASON."
        ),
        "source-limits": N_(
            "Ask the originator for its consent and write the number (source.consent), or use the "
            "source only as its limits allow ({basis})."
        ),
        "compiled-parts": N_(
            "Mark each part as [[point]] with source = the 文号 of its source, and the level and "
            "period of that source ({basis})."
        ),
        "derived-cycle": N_(
            "Name the sources that this paper itself goes back to: dingmi-mark lineage."
        ),
        "readers-recorded": N_("Keep a reader list with the copy ({basis})."),
        "points-duty": N_(
            "Add [[point]] where the secret part can be told from the rest ({basis})."
        ),
        "source-recorded": N_("Complete [[source]] in the record."),
        "change-organ": N_(
            "Do not stamp. Send a suggestion to “{originator}”, and wait for its written notice "
            "({basis})."
        ),
        "change-beijing": N_("Keep the department's decision with the record ({basis})."),
        "change-record": N_("Complete the notice; a change is decided like the secret itself."),
        "change-record-beijing": N_("Complete the record of the change ({basis})."),
        "change-days": N_("Correct the dates of the notice, or this machine's clock."),
        "change-content": N_("State in the notice what becomes different, and only that."),
        "change-reason": N_("Write why (reason): without it nothing is lowered or released."),
        "change-over": N_("Release it instead: its period is over ({basis})."),
        "change-start": N_("Write runs_from = 制发日 or 决定日; without it the 制发日 is taken."),
        "change-derived": N_(
            "Name the document that changed the source; where the source did not change, send a "
            "suggestion to its originator."
        ),
        "change-joint": N_("Get the agreement of the organs that decided together (agreed_by)."),
        "change-notice": N_(
            "Write the notices now: level, period, scope, matter, unit, day ({basis})."
        ),
        "extension-in-time": N_(
            "It cannot be extended any more: it has released itself ({basis}). Who thinks that it "
            "must stay secret asks the secrecy bureau at once."
        ),
        "extension-whole": N_(
            "Decide level, period and scope as the law of that day asks ({basis})."
        ),
        "extension-longer": N_("Use 变更 to shorten a period, with its reason."),
        "release-expired": N_("Wait until the period is over, or decide 提前解密 with its reason."),
        "release-published": N_("Write published_on and published_in ({basis})."),
        "release-long-term": N_("Ask the central organ, and write its approval: approved_by."),
        "release-part": N_("Name the points by their id in the record (items)."),
        "release-notice": N_("Write the notices and keep a copy with the record."),
        "release-beijing": N_("Remove the mark, do not only strike it ({basis})."),
        "copy-approval": N_("Have the head of the unit approve the copies: approved_by."),
        "copy-top-secret": N_(
            "Do not copy. Ask the originator or its superior; write the number: consent ({basis})."
        ),
        "copy-unchanged": N_("Take level, period and scope over from the original ({basis})."),
        "copy-stamp": N_("Write the full name of the copying organ ({basis})."),
        "copy-count": N_("Make no more than approved, or have more approved first."),
        "copy-released": N_("Put no mark, and release the original's mark first ({basis})."),
        "compilation": N_(
            "Give the cover the highest level and the latest end of its parts ({basis})."
        ),
        "notice-receivers": N_("Name the organs, units and persons in the scope ({basis})."),
        "notice-content": N_("Complete the notice before it is sent."),
        "notice-start": N_(
            "Write the day of the notice into the record: draft.notice_date ({basis})."
        ),
        "media-label": N_("Print the label anew from the record, for the medium and its package."),
        "expiry-reminder": N_("Review it now, and decide before that day ({basis})."),
        "yearly-review": N_("Review it and write down the result ({basis})."),
        "yearly-statistics": N_("Make the tables and hand them in: dingmi-mark statistics YEAR"),
    }
)
"""By the name of the rule."""


REPORTED: Final = frozenset(name for name, words in WAYS_OUT.items() if words == _AUTHORITY)
"""Rules whose way out is to report the matter: it rests on the provision that names to whom."""
REPORTING: Final = "reply-organ"
"""The rule with that provision: 法17(3)."""


def way_out(rule: str, remark: Remark, citation: Citation, severity: Severity) -> Message:
    """Return what to do about a remark of a rule that cites this provision.

    A question (须说明) may also be answered in the record, which is said too.
    """
    wording = remark.next or WAYS_OUT.get(rule, _NOTED if severity is Severity.NOTE else _TO_RECORD)
    params = {**remark.message.params, "basis": str(citation), "rule": rule}
    way = Message(wording, MappingProxyType(params))
    return say(_OR_ANSWER, way=way, rule=rule) if severity is Severity.EXPLAIN else way
