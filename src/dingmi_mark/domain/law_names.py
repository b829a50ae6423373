"""The laws and articles as people call them for short: 法17(3), 条例25, 定密规定第十一条."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dingmi_mark.domain.law import Citation

_LAWS: Final = MappingProxyType(
    {
        "保守国家秘密法": ("法", "保密法", "保守国家秘密法"),
        "实施条例": ("条例", "实施条例", "保密法实施条例", "保守国家秘密法实施条例"),
        "定密管理规定": ("规定", "定密规定", "定密管理规定", "国家秘密定密管理规定"),
        "定密管理暂行规定": ("暂行规定", "定密暂行规定", "定密管理暂行规定"),
        "派生国家秘密定密管理暂行办法": ("派生办法", "派生定密办法", "派生暂行办法"),
        "国家秘密解密暂行办法": ("解密办法", "解密暂行办法"),
        "标志的规定": ("标志规定", "标志的规定"),
        "期限的规定": ("期限规定", "保密期限规定", "期限的规定", "保密期限的规定"),
        "北京市保守国家秘密条例": ("北京", "北京条例", "北京市条例", "北京市保守国家秘密条例"),
        "公文处理工作条例": ("公文条例", "公文处理条例", "公文处理工作条例"),
        "保密事项范围制定、修订和使用办法": ("范围办法", "保密事项范围办法"),
    }
)
"""By the name that citations end in, what people say for it."""
_NAME_OF: Final = MappingProxyType({short: name for name, all in _LAWS.items() for short in all})
_NUMBER: Final = "[一二三四五六七八九十百零]+"
_ASKED: Final = re.compile(
    rf"(?P<law>{'|'.join(sorted(_NAME_OF, key=len, reverse=True))})(?:\((?P<year>\d{{4}})\))?"
    rf"第?(?P<article>\d{{1,3}}|{_NUMBER})条?"
    rf"(?:\((?P<digits>\d{{1,2}})\)|第?(?P<words>{_NUMBER})款)?"
    rf"(?:\((?P<item>{_NUMBER})\)|第?(?P<items>{_NUMBER})项)?"
)
_CITED: Final = re.compile(r"(?P<law>.*?)\((?P<year>\d{4})\)(?P<articles>.*)")
_PLACE: Final = re.compile(rf"(?:第(?P<article>{_NUMBER})条)?(?P<rest>.*)")
_DIGITS: Final = "零一二三四五六七八九"


@dataclass(frozen=True)
class Asked:
    """An article somebody asks for, `within` of it (第三款, 第十项) if he names that."""

    law: str
    year: str
    article: str
    within: str

    def is_in(self, citation: Citation) -> bool:
        """Tell whether a citation names it; one of a whole article names all of its parts."""
        return any(
            law.endswith(self.law)
            and self.year in ("", year)
            and article == self.article
            and (not rest or not self.within or rest.startswith(self.within))
            for law, year, article, rest in _places(citation)
        )


def asked_for(text: str) -> Asked | None:
    """Read `法17`, `条例25`, `规定11`, `法第十七条第三款`, `法17(3)`, `法57(十)`; else None."""
    found = _ASKED.fullmatch(text)
    if found is None:
        return None
    article, paragraph, item = found["article"], found["words"], found["item"] or found["items"]
    if article.isdecimal():
        article = chinese(int(article))
    if found["digits"]:
        paragraph = chinese(int(found["digits"]))
    within = (f"第{paragraph}款" if paragraph else "") + (f"第{item}项" if item else "")
    return Asked(_NAME_OF[found["law"]], found["year"] or "", article, within)


def chinese(number: int) -> str:
    """Write a number below 1000 as statutes do: 20 → 二十, 15 → 十五, 101 → 一百零一."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _places(citation: Citation) -> Iterator[tuple[str, str, str, str]]:
    """Yield law, year, article and the rest of all that a citation names, ranges written out."""
    for part in f"{citation.law}{citation.provision}".split("；"):
        named = _CITED.fullmatch(part)
        if named is None:
            continue
        articles, article = named["articles"], ""
        for first, last in re.findall(rf"第({_NUMBER})条至第({_NUMBER})条", articles):
            between = [chinese(number) for number in range(1, 1000)]
            for each in between[between.index(first) : between.index(last) + 1]:
                yield named["law"], named["year"], each, ""
        for piece in articles.split("、"):
            place = _PLACE.fullmatch(piece)
            assert place is not None, "every piece has a rest"
            article = place["article"] or article
            yield named["law"], named["year"], article, place["rest"]
