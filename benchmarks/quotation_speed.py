"""How fast documents are indexed and drafts are searched: `quotation_speed.py [DOCUMENTS]`.

Everything in one run on one machine: the query beside MuPDF, which extracts the text of the same
draft, and beside rapidfuzz, which looks for the draft's sentences in the plain texts.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from quotation_set import made_text

from dingmi_mark.formats.handlers import handler_for
from dingmi_mark.pipeline.quote_text import text_of
from dingmi_mark.quoting.fingerprints import fingerprints, shingles
from dingmi_mark.quoting.match import common_runs, query
from dingmi_mark.quoting.normal import normal
from dingmi_mark.quoting.passages import Lengths, Passage, passages
from dingmi_mark.store.quote_index import IndexedText, QuoteIndex

CHARACTERS = 20_000
_BATCH = 100
_SAMPLE = 20
_TIMES = 7


@dataclass(frozen=True)
class Speed:
    """What was measured: seconds (`build_seconds` of the processor), bytes, and the ratios."""

    documents: int
    build_seconds: float
    build_ratio: float
    size_ratio: float
    query_seconds: float
    query_ratio: float
    search_seconds: float
    quarter_query: float
    fuzzy_seconds: float


def measured(documents: int, folder: Path) -> Speed:
    """Index so many documents of 20,000 characters and search a draft of that length."""
    rng = random.Random(11)
    index = QuoteIndex(folder, bytes(32))
    draft, text = _draft(folder, rng)
    build, written, sample, quarter = 0.0, 0, [], (0.0, 0.0)
    for first in range(0, documents, _BATCH):
        texts = [made_text(rng, CHARACTERS) for _ in range(min(_BATCH, documents - first))]
        if first == 0:
            texts[0] += text[5000:5200]
        sample = sample or texts[:_SAMPLE]
        written += sum(len(each.encode()) for each in texts)
        start = time.process_time()
        index.add(
            [
                (
                    IndexedText("marked", f"{first + n:032x}", f"{first + n}", "秘密", len(each)),
                    fingerprints(normal(each).codes, index.key),
                )
                for n, each in enumerate(texts)
            ]
        )
        build += time.process_time() - start
        if first + _BATCH == documents // 4:
            quarter = build, *_best(lambda: _searched(index, text))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    size -= draft.stat().st_size
    found = _searched(index, text)
    assert [each.document for each in found if each.characters >= 150], "the quotation is found"
    query, extract, search = _best(
        lambda: _searched(index, text_of(draft, handler_for(draft), 60).text),
        lambda: _extracted(draft),
        lambda: _searched(index, text),
    )
    fuzzy = _fuzzy(text, sample) * documents / len(sample)
    growth = build / (4 * quarter[0]) if quarter[0] else 0.0
    return Speed(
        documents,
        build,
        growth,
        size / written,
        query,
        query / extract,
        search,
        quarter[1],
        fuzzy,
    )


def _searched(index: QuoteIndex, text: str) -> list[Passage]:
    draft = normal(text)
    hashes = shingles(draft.codes, index.key)
    asked = query(hashes)
    public = np.zeros(len(draft), dtype=bool)
    return [
        passage
        for shelf in index.shelves()
        for passage in passages(common_runs(asked, shelf.shelf), draft, public, Lengths())
    ]


def _draft(folder: Path, rng: random.Random) -> tuple[Path, str]:
    import pymupdf

    from dingmi_mark.store.fonts import BUNDLED

    text = made_text(rng, CHARACTERS).replace("\n", "")[:CHARACTERS]
    font, document = pymupdf.Font(fontfile=str(BUNDLED)), pymupdf.open()
    for at in range(0, len(text), 22 * 28):
        page = document.new_page()
        writer = pymupdf.TextWriter(page.rect)
        for row in range(22):
            line = text[at + row * 28 : at + row * 28 + 28]
            if line:
                writer.append((72, 80 + 28 * row), line, font, 16)
        writer.write_text(page)
    document.subset_fonts()
    path = folder / "draft.pdf"
    document.save(str(path), garbage=3, deflate=True)
    return path, text


def _extracted(draft: Path) -> int:
    import pymupdf

    with pymupdf.open(draft) as document:
        return sum(len(page.get_text()) for page in document)


def _fuzzy(draft: str, texts: list[str]) -> float:
    """Return the seconds rapidfuzz takes to look for every sentence of a draft in some texts.

    0 where it is not installed.
    """
    try:
        from rapidfuzz.fuzz import partial_ratio
    except ImportError:
        return 0.0
    sentences = [each for each in draft.split("。") if len(each) >= 20][:_SAMPLE]
    share = len(sentences) / max(1, draft.count("。"))
    start = time.perf_counter()
    for text in texts:
        for sentence in sentences:
            partial_ratio(sentence, text, score_cutoff=85)
    return (time.perf_counter() - start) / share


def _best(*works: Callable[[], object]) -> list[float]:
    """Return the least seconds of each, taken by turns: other work on the machine hits all."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(1 + _TIMES):
        for work, taken in zip(works, seconds, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [min(taken[1:]) for taken in seconds]


def main(arguments: list[str]) -> int:
    """Print what was measured; 1 where a goal is missed."""
    documents = int(arguments[0]) if arguments else 10_000
    with tempfile.TemporaryDirectory() as folder:
        speed = measured(documents, Path(folder))
    print(f"{documents} documents of {CHARACTERS} characters")
    print(
        f"indexed in {speed.build_seconds:.0f} s of the processor, × {speed.build_ratio:.2f} of "
        "four times a quarter of them"
    )
    print(f"index × {speed.size_ratio:.2f} of the UTF-8 text (limit 2)")
    print(
        f"query of a draft {speed.query_seconds * 1000:.0f} ms, × {speed.query_ratio:.2f} of what "
        "MuPDF takes to extract its text (limit 3)"
    )
    print(
        f"the search alone {speed.search_seconds * 1000:.0f} ms, in a quarter of the documents "
        f"{speed.quarter_query * 1000:.0f} ms"
    )
    print(
        f"a scan by rapidfuzz (20 texts measured, the rest reckoned): {speed.fuzzy_seconds:.0f} s"
    )
    return 0 if speed.size_ratio <= 2 and speed.query_ratio <= 3 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
