"""What people type of a source: level, period, days, scope, points, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

import click

from dingmi_mark.cli.grammar import F, Option
from dingmi_mark.domain.known import KnownPoint
from dingmi_mark.domain.reading import read_mark, written_period
from dingmi_mark.domain.terms import SecrecyLevel, SecrecyPeriod
from dingmi_mark.domain.uses import UseLimit
from dingmi_mark.errors import SourceValueUnreadable
from dingmi_mark.messages import N_


def values_options() -> Callable[[F], F]:
    """Return the decorator of the values that a paper bears and a notice may change."""
    day = click.DateTime(["%Y-%m-%d"])
    options = (
        click.option(
            "--level",
            type=click.Choice([level.value for level in SecrecyLevel]),
            cls=Option,
            help=N_("The level."),
        ),
        click.option(
            "--period",
            metavar=N_("PERIOD"),
            default="",
            cls=Option,
            help=N_("The period: 10年, 6个月, 2030年3月15日, 长期, 解密条件：…"),
        ),
        click.option(
            "--issue-date",
            metavar=N_("DAY"),
            type=day,
            cls=Option,
            help=N_("The day of issue (制发日), from which the period counts."),
        ),
        click.option(
            "--released",
            metavar=N_("DAY"),
            type=day,
            cls=Option,
            help=N_("The day since which it is secret no longer (early release)."),
        ),
        click.option(
            "--scope",
            metavar=N_("WHO"),
            multiple=True,
            cls=Option,
            help=N_("Who may know (知悉范围). May be repeated."),
        ),
    )
    return lambda command: reduce(lambda made, option: option(made), reversed(options), command)


def period_from(text: str) -> SecrecyPeriod | None:
    """Read a period. Raises SourceValueUnreadable."""
    if not text:
        return None
    period = written_period(text)
    if period is None:
        example = "10年 / 6个月 / 2030年3月15日 / 长期 / 解密条件：会议开始前"
        raise SourceValueUnreadable(option="--period", given=text, example=example)
    return period


def points_from(texts: Iterable[str]) -> tuple[KnownPoint, ...]:
    """Read points: `1=机密`, `1=机密★5年`. Raises SourceValueUnreadable."""
    return tuple(_point(text) for text in texts)


def limits_from(texts: Iterable[str]) -> tuple[UseLimit, ...]:
    """Read limits on use by their words. Raises SourceValueUnreadable."""
    words = {limit.value: limit for limit in UseLimit}
    found = []
    for text in texts:
        if text.strip() not in words:
            raise SourceValueUnreadable(option="--limit", given=text, example=" / ".join(words))
        found.append(words[text.strip()])
    return tuple(found)


def _point(text: str) -> KnownPoint:
    id_, _, mark = text.partition("=")
    read = read_mark(mark)
    if not id_.strip() or read is None:
        raise SourceValueUnreadable(option="--point", given=text, example="1=机密 / 1=机密★5年")
    return KnownPoint(id_.strip(), read.level, read.period)
