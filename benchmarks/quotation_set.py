"""A labelled set: sources with near-duplicates and boilerplate, drafts that quote them or not.

The texts are those of `DINGMI_CORPUS` (a folder with .txt files in Chinese, read at run time), else
made here of words in official order. Every draft says what it quotes, where and how edited.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from pathlib import Path

LENGTHS = (20, 25, 30, 40, 60, 100, 200, 400)
RUN = 30
"""Drafts without a quotation share no run of so many characters with any source."""

_PUNCTUATION = "，、；。：“”《》（）"
_FIGURES = "0123456789"
_LIKE = {
    "己": "已",
    "未": "末",
    "人": "入",
    "日": "曰",
    "土": "士",
    "大": "太",
    "干": "千",
    "贝": "见",
}


class Edit(Enum):
    """How a quotation was changed before it was put into a draft."""

    VERBATIM = "verbatim"
    TYPESET = "typeset"
    LIGHT = "light"
    HEAVY = "heavy"
    OCR = "ocr"


@dataclass(frozen=True)
class LabelledDraft:
    """A draft: which source it quotes (None: none), how, how long, and where in the draft."""

    text: str
    source: int | None = None
    edit: Edit | None = None
    length: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class LabelledSet:
    """All of it. `family[i]` is the number of the source that source i is a near-duplicate of."""

    sources: tuple[str, ...]
    family: tuple[int, ...]
    boilerplate: tuple[str, ...]
    quoting: tuple[LabelledDraft, ...]
    innocent: tuple[LabelledDraft, ...]


def labelled_set(sources: int, drafts: int, seed: int = 7) -> LabelledSet:
    """Make a set: so many sources, and so many drafts for each way of editing and length."""
    rng = random.Random(seed)
    texts = _texts(rng)
    boilerplate = tuple(_paragraph(rng, 5) for _ in range(12))
    kept, family = _sources(texts, sources, boilerplate, rng)
    own = [next(texts) for _ in range(max(200, 8 * drafts))]
    listed = {piece for text in boilerplate for piece in _pieces_of(text)}
    quoting = [
        _quoting(kept, listed, own, edit, length, rng)
        for edit in Edit
        for length in LENGTHS
        for _ in range(drafts)
    ]
    runs = _runs(kept)
    innocent = list(_innocent(own, boilerplate, runs, max(100, 5 * drafts), rng))
    return LabelledSet(kept, family, boilerplate, tuple(quoting), tuple(innocent))


# ── texts ────────────────────────────────────────────────────────────────────────────────────────


def _texts(rng: random.Random) -> Iterator[str]:
    """Yield texts of about 700 to 3,000 characters, without end."""
    folder = os.environ.get("DINGMI_CORPUS", "")
    files = sorted(Path(folder).glob("*.txt")) if folder else []
    pieces = [piece for file in files for piece in _pieces(file, rng)]
    rng.shuffle(pieces)
    yield from pieces
    while True:
        yield made_text(rng, rng.randint(700, 3000))


def _pieces(file: Path, rng: random.Random) -> Iterator[str]:
    text = file.read_text(encoding="utf-8", errors="ignore")
    at = 0
    while len(text) - at > 400:
        size = rng.randint(500, 900)
        yield text[at : at + size]
        at += size


_WORDS_SEED = 20260101
_COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种"
    "面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本"
    "去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比"
    "或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总"
    "次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做"
    "必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权"
    "收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信"
    "马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连"
    "断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存"
)


def _vocabulary() -> list[str]:
    rng = random.Random(_WORDS_SEED)
    return ["".join(rng.choices(_COMMON, k=rng.choice((2, 2, 2, 3)))) for _ in range(20000)]


_VOCABULARY = _vocabulary()
_WEIGHTS = list(accumulate(1 / (rank + 60) for rank in range(len(_VOCABULARY))))
_FORMS = (
    "根据上级有关文件精神",
    "结合本单位工作实际",
    "现将有关事项通知如下",
    "请认真贯彻执行",
    "进一步加强组织领导",
    "确保各项任务落到实处",
    "切实提高思想认识",
    "坚持以人民为中心的发展思想",
    "各科室各直属单位要高度重视",
    "按照职责分工抓好落实",
)


def _formulas() -> list[str]:
    """Return the forms of words that every office uses, and many that some do."""
    rng = random.Random(_WORDS_SEED + 1)
    made = ["".join(rng.choices(_VOCABULARY, k=rng.randint(4, 7))) for _ in range(300)]
    return [*_FORMS, *made]


_FORMULAS = _formulas()


def _sentence(rng: random.Random) -> str:
    words = rng.choices(_VOCABULARY, cum_weights=_WEIGHTS, k=rng.randint(4, 16))
    if rng.random() < 0.1:
        words.insert(0, rng.choice(_FORMULAS) + "，")
    if rng.random() < 0.2:
        words.insert(rng.randint(1, len(words)), f"{rng.randint(1, 99999)}")
    if len(words) > 8:
        words[len(words) // 2] += "，"
    return "".join(words) + "。"


def _paragraph(rng: random.Random, sentences: int) -> str:
    return "".join(_sentence(rng) for _ in range(sentences))


def made_text(rng: random.Random, size: int) -> str:
    """Return a text of about so many characters."""
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(_paragraph(rng, rng.randint(2, 6)))
        length += len(parts[-1])
    return "\n".join(parts)


def _sources(
    texts: Iterator[str], count: int, boilerplate: Sequence[str], rng: random.Random
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Every eighth source is a near-duplicate of an earlier one, every second has boilerplate."""
    kept: list[str] = []
    family: list[int] = []
    for number in range(count):
        if number > 20 and number % 8 == 0:
            origin = rng.randrange(number)
            family.append(family[origin])
            kept.append(_changed(kept[origin], 0.04, rng))
            continue
        text = next(texts)
        if number % 2:
            cut = text.find("\n", len(text) // 2) + 1
            text = f"{text[:cut]}{rng.choice(boilerplate)}\n{text[cut:]}"
        family.append(number)
        kept.append(text)
    return tuple(kept), tuple(family)


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────


def _quoting(
    sources: Sequence[str],
    listed: set[int],
    own: Sequence[str],
    edit: Edit,
    length: int,
    rng: random.Random,
) -> LabelledDraft:
    number, passage = _passage(sources, listed, length, rng)
    quote = _EDITS[edit](passage, rng)
    around = rng.choice(own)
    cut = rng.randrange(len(around))
    draft = f"{around[:cut]}{quote}{around[cut:]}"
    return LabelledDraft(draft, number, edit, length, cut, cut + len(quote))


def _passage(
    sources: Sequence[str], listed: set[int], length: int, rng: random.Random
) -> tuple[int, str]:
    """Choose a passage of so many characters that are seen, none of it in listed boilerplate."""
    while True:
        number = rng.randrange(len(sources))
        seen = [at for at, each in enumerate(sources[number]) if not each.isspace()]
        if len(seen) > length:
            first = rng.randrange(len(seen) - length)
            passage = sources[number][seen[first] : seen[first + length - 1] + 1]
            if listed.isdisjoint(_pieces_of(passage)):
                return number, passage


def _pieces_of(text: str) -> Iterator[int]:
    bare = "".join(text.split())
    return (hash(bare[at : at + 10]) for at in range(len(bare) - 9))


def _innocent(
    own: Sequence[str],
    boilerplate: Sequence[str],
    runs: set[int],
    count: int,
    rng: random.Random,
) -> Iterator[LabelledDraft]:
    """Yield drafts that share no run with a source beside the boilerplate they were given."""
    found = 0
    for text in own:
        bare = "".join(text.split())
        if any(hash(bare[at : at + RUN]) in runs for at in range(len(bare) - RUN + 1)):
            continue
        cut = text.find("\n", len(text) // 2) + 1
        yield LabelledDraft(f"{text[:cut]}{rng.choice(boilerplate)}\n{text[cut:]}")
        found += 1
        if found == count:
            return


def _runs(sources: Sequence[str]) -> set[int]:
    bare = ("".join(text.split()) for text in sources)
    return {hash(text[at : at + RUN]) for text in bare for at in range(len(text) - RUN + 1)}


def _verbatim(passage: str, rng: random.Random) -> str:
    return passage


def _typeset(passage: str, rng: random.Random) -> str:
    """Other line breaks, spaces, width of signs and figures, some traditional characters."""
    wide = passage.translate(str.maketrans("，：；（）,:;()", ",:;()，：；（）"))
    wide = wide.translate(str.maketrans(_FIGURES, "０１２３４５６７８９"))
    wide = wide.translate(str.maketrans("国务关发实进对为时会", "國務關發實進對為時會"))
    parts = [wide[at : at + 23] for at in range(0, len(wide), 23)]
    return "\n　".join(parts)


def _light(passage: str, rng: random.Random) -> str:
    return _changed(passage, rng.uniform(0.03, 0.1), rng)


def _heavy(passage: str, rng: random.Random) -> str:
    """A fifth of the characters changed, figures replaced, two clauses exchanged."""
    half = len(passage) // 2
    turned = passage[half:] + passage[:half] if rng.random() < 0.5 else passage
    other = "".join(rng.choice(_FIGURES) if each in _FIGURES else each for each in turned)
    return _changed(other, rng.uniform(0.15, 0.25), rng)


def _ocr(passage: str, rng: random.Random) -> str:
    """Characters read wrongly, signs lost, lines broken."""
    read: list[str] = []
    for each in passage:
        chance = rng.random()
        if each in _PUNCTUATION and chance < 0.3:
            continue
        if each in _LIKE and chance < 0.5:
            each = _LIKE[each]
        elif chance < 0.04:
            each = rng.choice(_COMMON)
        read.append(each + (rng.choice((" ", "\n")) if rng.random() < 0.05 else ""))
    return "".join(read)


def _changed(passage: str, share: float, rng: random.Random) -> str:
    """Replace, insert and leave out characters and words, of this share together."""
    letters = list(passage)
    budget = int(len(letters) * share)
    while budget > 0:
        size = min(budget, rng.choice((1, 1, 2, 2, 3)))
        at = rng.randrange(max(1, len(letters) - size))
        new = rng.choices(_COMMON, k=size)
        match rng.choice(("replace", "replace", "insert", "leave out")):
            case "replace":
                letters[at : at + size] = new
            case "insert":
                letters[at:at] = new
            case _:
                del letters[at : at + size]
        budget -= size
    return "".join(letters)


_EDITS = {
    Edit.VERBATIM: _verbatim,
    Edit.TYPESET: _typeset,
    Edit.LIGHT: _light,
    Edit.HEAVY: _heavy,
    Edit.OCR: _ocr,
}
