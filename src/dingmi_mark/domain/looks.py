"""How the characters of a line look, and that what was filled in looks like what was approved.

A look is a tuple of facts (what it is, and how); a line's looks are runs of equal look, of which
the last one is that of the end of the line (the paragraph mark). How a line was cut up when it was
written leaves no trace: runs that look alike are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Final, TypeAlias

Fact: TypeAlias = tuple[str, str]
Facts: TypeAlias = tuple[Fact, ...]
Looks: TypeAlias = tuple[tuple[int, Facts], ...]
Gap: TypeAlias = tuple[int, int, int, int]

TYPED: Final = "输入提示"
"""A fact that Word adds to what is typed by an input method: in what is filled in it may differ."""


def runs(pieces: Iterable[tuple[int, Facts]]) -> Looks:
    """Join runs that look alike."""
    joined: list[tuple[int, Facts]] = []
    for length, facts in pieces:
        if joined and joined[-1][1] == facts:
            joined[-1] = (joined[-1][0] + length, facts)
        elif length:
            joined.append((length, facts))
    return tuple(joined)


def first_change(old: Looks, new: Looks) -> tuple[int, int, str]:
    """Return where looks begin to differ, up to where they do in the same way, and in what."""
    pairs = list(zip_longest(_spread(old), _spread(new), fillvalue=()))
    start = next((n for n, (one, other) in enumerate(pairs) if one != other), len(pairs) - 1)
    stop = next((n for n in range(start, len(pairs)) if pairs[n] != pairs[start]), len(pairs))
    return start, stop, named(*pairs[start])


def change_of_filled(old: Looks, new: Looks, gaps: Sequence[Gap]) -> tuple[int, int, str] | None:
    """Return what looks otherwise than approved in a line that was filled in, None for nothing.

    Outside the gaps every character looks as before. In a gap each looks like one of the blank,
    or like its neighbours.
    """
    if not old and not new:
        return None
    before, after = _spread(old), _spread(new)
    end, done = 0, 0
    for start, stop, i, j in (*gaps, (len(before) - 1, len(before), len(after) - 1, len(after))):
        for offset in range(start - end):
            one, other = before[end + offset], after[done + offset]
            if one != other:
                return done + offset, done + offset + 1, named(one, other)
        allowed = [_untyped(facts) for facts in before[max(start - 1, 0) : stop + 1]]
        for place in range(i, j):
            if _untyped(after[place]) not in allowed:
                return place, place + 1, named(allowed[0], after[place])
        end, done = stop, j
    return None


def named(one: Facts, other: Facts) -> str:
    """Say in what two looks differ: 颜色、字号."""
    differing = [
        name for name, how in (*one, *other) if ((name, how) in one) != ((name, how) in other)
    ]
    return "、".join(dict.fromkeys(differing)) or "次序"


def _spread(looks: Looks) -> list[Facts]:
    return [facts for length, facts in looks for _ in range(length)]


def _untyped(facts: Facts) -> Facts:
    return tuple(fact for fact in facts if fact[0] != TYPED)
