"""派生定密: the marking that a paper takes from its sources, with the reasons (R33-R37, R49).

What is proposed here the rules examine again, from the record, before there is a mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from dingmi_mark.domain.approval import Source
from dingmi_mark.domain.explaining import Step
from dingmi_mark.domain.law import Lawbook, Severity
from dingmi_mark.domain.rules.sources import SourceTerm, term_of
from dingmi_mark.domain.terms import (
    LongTerm,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
    last_secret_day,
    period_text,
    plain,
)
from dingmi_mark.domain.uses import SourceUse
from dingmi_mark.messages import say


@dataclass(frozen=True)
class Wanted:
    """What is to be derived: from which sources, on which day, and what people decided beside.

    `day` selects the law, `paper_day` is the later of it and the day of issue. `own` is the marking
    of secret matter of the paper's own, counted from `own_start`. `scope` is empty where it is to
    be that of the sources. `designated` is the period the officer designates where those of the
    sources have no order, `keep_term` asks for the words of the source in place of its end; both
    need the `reason`.
    """

    sources: tuple[Source, ...]
    day: date
    paper_day: date
    own: Marking | None = None
    own_start: date | None = None
    scope: tuple[str, ...] = ()
    designated: SecrecyPeriod | None = None
    keep_term: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Derived:
    """What is proposed. `marking` None: it cannot be derived, `against` says why.

    `explanations` are what the record has to say to rules, by their name.
    """

    marking: Marking | None
    scope: tuple[str, ...]
    steps: tuple[Step, ...]
    against: tuple[Step, ...] = ()
    explanations: tuple[tuple[str, str], ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class _Part:
    """What goes into the choice of the period: a source, or the paper's own matter."""

    name: str
    period: SecrecyPeriod
    last: date | None
    is_source: bool = True

    @property
    def kind(self) -> UntilCondition | LongTerm | None:
        """Parts of one kind can be compared: days (None), a condition with its equal, 长期."""
        match self.period:
            case UntilCondition(condition):
                return UntilCondition(plain(condition))
            case LongTerm():
                return self.period
            case _:
                return None


def derive(wanted: Wanted, law: Lawbook) -> Derived:
    """Return the marking for a paper, with every step and its provision; or what is against it."""
    terms = tuple(term_of(source, law.rows, wanted.day) for source in wanted.sources)
    steps = [step for term in terms for step in _told(term, wanted, law)]
    counted = tuple(term for term in terms if not term.is_over_on(wanted.paper_day))
    against = list(_unknown(terms, counted, wanted, law))
    if against:
        return Derived(None, (), tuple(steps), tuple(against))
    level, level_steps = _level(counted, wanted, law)
    period = _period(counted, wanted, law)
    scope, scope_steps = _scope(counted, wanted, law)
    steps += (*level_steps, *period.steps, *scope_steps, *_parts_of(counted, wanted, law))
    nobody = tuple(_no_scope(scope, wanted, law))
    if period.chosen is None or nobody:
        return Derived(None, scope, tuple(steps), (*period.against, *nobody))
    marking = Marking(level, period.chosen)
    steps.append(Step(say("So the paper is {mark}.", mark=marking.proposed_text)))
    return Derived(marking, scope, tuple(steps), (), period.explanations)


# ── what is known of each source ─────────────────────────────────────────────────────────────


def _told(term: SourceTerm, wanted: Wanted, law: Lawbook) -> Iterator[Step]:
    source = term.source
    if source.level is None:
        return
    words = period_text(term.period) if term.period is not None else "-"
    yield Step(
        say(
            "Source “{source}”: {level}, {period}, issued {issued}, last secret day {last}.",
            source=source.name,
            level=source.level.value,
            period=words,
            issued=str(source.issue_day or "-"),
            last=str(term.end or "-"),
        )
    )
    if term.default is not None:
        said = say("“{source}” states no period: the default of the law.", source=source.name)
        yield Step(said, str(term.default.citation))
    if term.is_over_on(wanted.paper_day):
        said = say(
            "“{source}” was secret until {last} and no longer counts.",
            source=source.name,
            last=str(term.end),
        )
        yield Step(said, _basis("source-over", wanted, law))


def _unknown(
    terms: Sequence[SourceTerm], counted: Sequence[SourceTerm], wanted: Wanted, law: Lawbook
) -> Iterator[Step]:
    for term in terms:
        if term.source.level is None:
            said = say("The level of “{source}” is not known.", source=term.source.name)
            yield Step(said, _basis("derived-level", wanted, law))
    if not counted:
        said = say("No source is secret any more: there is nothing to derive from.")
        yield Step(said, _basis("source-over", wanted, law))
    for term in counted:
        if term.source.level is not None and term.is_unknown:
            said = say(
                "When “{source}” ends is not known: its period or its date of issue is missing.",
                source=term.source.name,
            )
            yield Step(said, _basis("derived-period", wanted, law))
    if (wanted.keep_term or wanted.designated is not None) and not wanted.reason:
        yield Step(say("A reason is needed for it."), _basis("derived-period", wanted, law))


# ── the level ────────────────────────────────────────────────────────────────────────────────


def _level(
    counted: Sequence[SourceTerm], wanted: Wanted, law: Lawbook
) -> tuple[SecrecyLevel, list[Step]]:
    """Return the highest level, of the points used where policy lets them count (R33, R34)."""
    levels: list[tuple[SecrecyLevel, str]] = []
    steps = []
    basis = _basis("derived-level", wanted, law)
    for term in counted:
        source = term.source
        assert source.level is not None, "what is not known was told before"
        used = max(source.points_used, default=source.level)
        if used < source.level and law.switches.get("points-used") is Severity.REFUSE:
            said = say(
                "Of “{source}” points of {used} are used; this office keeps the source's level.",
                source=source.name,
                used=used.value,
            )
            steps.append(Step(said))
            used = source.level
        elif used < source.level:
            said = say(
                "Of “{source}” only points of {used} are used.",
                source=source.name,
                used=used.value,
            )
            steps.append(Step(said, _basis("points-used", wanted, law)))
        levels.append((used, source.name))
    if wanted.own is not None:
        levels.append((wanted.own.level, _OWN))
    level = max(level for level, _ in levels)
    names = "、".join(name for each, name in levels if each is level)
    steps.append(Step(say("Highest level: {level} ({of}).", level=level.value, of=names), basis))
    return level, steps


_OWN: Final = "本件自己的国家秘密事项"


# ── the period ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Choice:
    chosen: SecrecyPeriod | None
    steps: tuple[Step, ...] = ()
    against: tuple[Step, ...] = ()
    explanations: tuple[tuple[str, str], ...] = ()


def _period(counted: Sequence[SourceTerm], wanted: Wanted, law: Lawbook) -> _Choice:
    """Choose the latest last secret day, apart from the level; the clock never restarts (R35)."""
    parts = [
        _Part(term.source.name, term.period, term.last)
        for term in counted
        if term.period is not None
    ]
    if wanted.own is not None:
        start = wanted.own_start
        last = None if start is None else last_secret_day(wanted.own.period, start)
        own = _Part(_OWN, wanted.own.period, last, is_source=False)
        if own.kind is None and last is None:
            said = say("The period of the paper's own matter needs its date of issue.")
            return _Choice(None, against=(Step(said, _basis("period-start", wanted, law)),))
        parts.append(own)
    if len({part.kind for part in parts}) > 1:
        return _designated(parts, wanted, law)
    if parts[0].kind is not None:
        basis = _basis("derived-period", wanted, law)
        words = period_text(parts[0].period)
        said = say("The words of the source are repeated: {period}.", period=words)
        return _Choice(parts[0].period, (Step(said, basis),))
    return _of_days(parts, wanted, law)


def _of_days(parts: Sequence[_Part], wanted: Wanted, law: Lawbook) -> _Choice:
    latest = max(part.last for part in parts if part.last is not None)
    among = [part for part in parts if part.last == latest]
    basis = _basis("derived-period", wanted, law)
    names = "、".join(part.name for part in among)
    steps = [Step(say("Latest last secret day: {last} ({of}).", last=str(latest), of=names), basis)]
    own = next((part for part in among if not part.is_source), None)
    dated = next((part for part in among if isinstance(part.period, UntilDate)), None)
    repeated = dated or own
    if repeated is not None:
        said = say("Its words are repeated: {period}.", period=period_text(repeated.period))
        return _Choice(repeated.period, (*steps, Step(said, basis)))
    if wanted.keep_term:
        return _kept_term(among[0], wanted, steps, law)
    released = UntilDate(latest + timedelta(days=1))
    steps.append(
        Step(
            say(
                "A counted period does not begin anew: it is released on {day}, the day after.",
                day=period_text(released),
            ),
            basis,
        )
    )
    return _Choice(released, tuple(steps))


def _kept_term(part: _Part, wanted: Wanted, steps: list[Step], law: Lawbook) -> _Choice:
    """Take the source's words; the clock would begin anew, which needs the reason (R35)."""
    said = say(
        "The words of the source are kept, so that the period begins anew: {reason}",
        reason=wanted.reason,
    )
    steps.append(Step(said, _basis("derived-period", wanted, law)))
    return _Choice(part.period, tuple(steps), (), (("derived-period", wanted.reason),))


def _designated(parts: Sequence[_Part], wanted: Wanted, law: Lawbook) -> _Choice:
    """Where kinds are mixed the officer designates one of them (R36)."""
    basis = _basis("derived-comparable", wanted, law)
    words = "、".join(dict.fromkeys(period_text(part.period) for part in parts))
    mixed = Step(say("These periods have no order: {periods}.", periods=words), basis)
    if wanted.designated is None:
        needed = say("The classification officer (定密责任人) has to designate one (--period).")
        return _Choice(None, against=(mixed, Step(needed, basis)))
    period = wanted.designated
    said = say(
        "Designated: {period}. Reason: {reason}",
        period=period_text(period),
        reason=wanted.reason,
    )
    explained = (("derived-comparable", wanted.reason),)
    return _Choice(period, (mixed, Step(said, basis)), (), explained)


# ── the scope, and the parts of a compilation ────────────────────────────────────────────────


def _scope(
    counted: Sequence[SourceTerm], wanted: Wanted, law: Lawbook
) -> tuple[tuple[str, ...], list[Step]]:
    """Return those who may know every source; what was asked for goes before."""
    basis = _basis("derived-scope", wanted, law)
    stated = [term.source for term in counted if term.source.scope]
    silent = [term.source.name for term in counted if not term.source.scope]
    steps = []
    if silent:
        names = "、".join(silent)
        steps.append(Step(say("The scope (知悉范围) of {names} is not known.", names=names), basis))
    if not stated:
        return wanted.scope, steps
    common = [
        entry
        for entry in stated[0].scope
        if all(plain(entry) in {plain(e) for e in other.scope} for other in stated[1:])
    ]
    words = "、".join(common) or "-"
    steps.append(Step(say("Within the scope of every source: {scope}.", scope=words), basis))
    return wanted.scope or tuple(common), steps


def _no_scope(scope: tuple[str, ...], wanted: Wanted, law: Lawbook) -> Iterator[Step]:
    if not scope and any(source.scope for source in wanted.sources):
        said = say("Nobody is in the scope of all sources: say who may know (--scope).")
        yield Step(said, _basis("derived-scope", wanted, law))


def _parts_of(counted: Sequence[SourceTerm], wanted: Wanted, law: Lawbook) -> Iterator[Step]:
    """Tell what mark each part of a 汇编 keeps; the cover bears the paper's own (R49)."""
    basis = _basis("compiled-parts", wanted, law)
    for term in counted:
        source = term.source
        if source.use is SourceUse.COMPILED and source.level is not None:
            mark = source.level.value  # as it stands: a default of the law is not on the paper
            if source.period is not None:
                mark = Marking(source.level, source.period).text
            said = say(
                "The part from “{source}” keeps its mark {mark}.", source=source.name, mark=mark
            )
            yield Step(said, basis)


def _basis(rule: str, wanted: Wanted, law: Lawbook) -> str:
    row = law.row(rule, wanted.day)
    return "" if row is None else str(row.citation)
