"""A mixed tree of files of which it is known what each is to a notice."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.remark_plan import RemarkPlan, Standing
from office_kit import docx, pdf
from remark_kit import CHANGE, Archive, applied, archive, notice, number_of, planned, verified

EARLIER = "示密变〔2026〕1号"
COPIES = 2
_OLDER = 2
"""So many papers were changed before, by another notice; files that still bear the first mark
lie about.
"""

_OTHER_TEXT_AT = (79.4, 420.0)


@dataclass
class Tree:
    """The folder, and what every file in it is to the notice; None for nothing at all."""

    papers: Archive
    folder: Path
    truth: dict[Path, Standing | None] = field(default_factory=dict)
    absent: int = 0

    def right(self) -> set[Path]:
        """The files that the notice changes: these and no others."""
        return {path for path, standing in self.truth.items() if standing is Standing.EXACT}


def make_tree(folder: Path, files: int, papers: int, *, words: int = 0, seed: int = 1) -> Tree:
    """Make an office with so many PDF papers and `words` Word papers, every second in a notice.

    The tree has about so many files. The notice is signed; nothing is planned.
    """
    made = archive(folder)
    names = [f"{number:04}号.pdf" for number in range(papers)]
    for number, name in enumerate(names):
        made.put(name, _paper(number), copies=COPIES)
    for number in range(words):
        names.append(f"{papers + number:04}号.docx")
        made.put(names[-1], _word(papers + number), copies=COPIES)
    assert all(one.error is None for one in made.room.mark().verdicts)
    older = _changed_before(made, names[:_OLDER])
    targets = names[::2]
    made.sign(notice(*map(number_of, targets), kind=ChangeKind.RELEASED_EARLY))
    tree = Tree(made, folder / "tree")
    _Filling(tree, targets, names[1::2], older, random.Random(seed)).fill(files)
    return tree


def _paper(number: int) -> bytes:
    return pdf(number % 3 + 1, typed=f"样例之{number}", at=_OTHER_TEXT_AT)


def _word(number: int) -> bytes:
    from docx import Document

    document = Document(BytesIO(docx()))
    document.add_paragraph(f"样例之{number}")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _changed_before(papers: Archive, names: list[str]) -> list[Path]:
    """Change some papers by another notice; return copies of their files as they were."""
    kept = papers.room.folder / "older"
    kept.mkdir()
    older = []
    for name in names[::2]:
        for file in sorted(papers.out.glob(f"{Path(name).stem}-*")):
            older.append(Path(shutil.copy(file, kept)))
    papers.sign(notice(*map(number_of, names), number=EARLIER))
    plan = planned(papers, name=EARLIER)
    verified(papers, plan)
    applied(papers, plan)
    return older


@dataclass
class _Filling:
    """Fills the tree: first every marked copy but one, then of every kind by its share."""

    tree: Tree
    targets: list[str]
    others: list[str]
    older: list[Path]
    chance: random.Random
    count: int = 0
    left_out: Path | None = None

    def fill(self, files: int) -> None:
        self.left_out = self._copies(self.targets[0])[-1]
        self.tree.absent = 1
        for name in (*self.targets, *self.others):
            for file in self._copies(name):
                standing = Standing.EXACT if name in self.targets else None
                self._put(file.name, file.read_bytes(), standing)
        kinds = [kind for kind, share in self._kinds() for _ in range(share)]
        for kind in kinds if files - self.count > len(kinds) else [k for k, _ in self._kinds()]:
            kind()
        while self.count < files:
            self.chance.choice(kinds)()

    def _kinds(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (self._renamed, 10),
            (self._renamed_other, 15),
            (self._altered, 4),
            (self._saved_anew, 4),
            (self._covered, 3),
            (self._still_of_before, 2),
            (self._unmarked, 3),
            (self._same_name, 4),
            (self._same_words, 4),
            (self._marked_by_hand, 6),
            (self._marked_by_hand_with_number, 3),
            (self._cut_off, 2),
            (self._link, 1),
            (self._link_elsewhere, 1),
            (self._text, 8),
            (self._unrelated, 25),
            (self._unrelated_word, 5),
        ]

    def _copies(self, name: str) -> list[Path]:
        found = self.tree.papers.out.glob(f"{Path(name).stem}-*{Path(name).suffix}")
        return sorted(file for file in found if file != self.left_out)

    def _one(self, names: list[str], suffix: str = "") -> tuple[str, Path]:
        name = self.chance.choice([each for each in names if each.endswith(suffix)])
        return name, self.chance.choice(self._copies(name))

    def _place(self, name: str) -> Path:
        self.count += 1
        path = self.tree.folder / f"{self.count // 40:04}" / f"{self.count:05}" / name
        path.parent.mkdir(parents=True)
        return path

    def _put(self, name: str, content: bytes, standing: Standing | None) -> None:
        path = self._place(name)
        path.write_bytes(content)
        self.tree.truth[path] = standing

    def _renamed(self) -> None:
        _, file = self._one(self.targets)
        self._put(f"材料{self.count}{file.suffix}", file.read_bytes(), Standing.EXACT)

    def _renamed_other(self) -> None:
        _, file = self._one(self.others)
        self._put(f"材料{self.count}{file.suffix}", file.read_bytes(), None)

    def _altered(self) -> None:
        _, file = self._one(self.targets, ".pdf")
        content = file.read_bytes() + f"\n% {self.count}\n".encode()
        self._put(f"材料{self.count}.pdf", content, Standing.PERSON)

    def _saved_anew(self) -> None:
        import pikepdf

        _, file = self._one(self.targets, ".pdf")
        stream = BytesIO()
        with pikepdf.open(file) as document:
            document.save(stream, linearize=True)
        self._put(file.name, stream.getvalue(), Standing.PERSON)

    def _covered(self) -> None:
        import pymupdf

        _, file = self._one(self.targets, ".pdf")
        with pymupdf.open(file) as document:
            where = pymupdf.Rect(70, 90, 300, 170)
            document[0].draw_rect(where, color=(1, 1, 1), fill=(1, 1, 1))
            content = bytes(document.tobytes())
        self._put(file.name, content, Standing.PERSON)

    def _still_of_before(self) -> None:
        file = self.chance.choice(self.older)
        self._put(file.name, file.read_bytes(), Standing.PERSON)

    def _unmarked(self) -> None:
        name = self.chance.choice(self.targets)
        draft = self.tree.papers.room.drafts / name
        self._put(f"草稿{self.count}{draft.suffix}", draft.read_bytes(), Standing.PERSON)

    def _same_name(self) -> None:
        _, file = self._one(self.targets, ".pdf")
        self._put(file.name, self._strange(), Standing.ALIKE)

    def _same_words(self) -> None:
        name = self.chance.choice(self.targets)
        content = self._strange(f"示密〔2026〕{name}")
        self._put(f"来文{self.count}.pdf", content, Standing.ALIKE)

    def _marked_by_hand(self) -> None:
        content = pdf(typed=f"机密★{self.chance.randrange(1, 11)}年")
        self._put(f"手标{self.count}.pdf", content + self._difference(), None)

    def _marked_by_hand_with_number(self) -> None:
        name = self.chance.choice(self.targets)
        content = pdf(typed=f"机密★10年 示密〔2026〕{name}") + self._difference()
        self._put(f"手标{self.count}.pdf", content, Standing.ALIKE)

    def _cut_off(self) -> None:
        _, file = self._one(self.targets, ".pdf")
        self._put(f"残{self.count}.pdf", file.read_bytes()[:600], Standing.UNREADABLE)

    def _link(self) -> None:
        _, file = self._one(self.targets)
        path = self._place(file.name)
        path.symlink_to(file)
        self.tree.truth[path] = Standing.PERSON

    def _link_elsewhere(self) -> None:
        path = self._place(f"链接{self.count}.pdf")
        path.symlink_to(self.tree.papers.room.drafts / self.others[0])
        self.tree.truth[path] = None

    def _text(self) -> None:
        self._put(f"记录{self.count}.txt", f"样例记录{self.count}".encode(), None)

    def _unrelated(self) -> None:
        self._put(f"其他{self.count}.pdf", self._strange(), None)

    def _unrelated_word(self) -> None:
        self._put(f"其他{self.count}.docx", _word(100_000 + self.count % 20), None)

    def _strange(self, typed: str = "") -> bytes:
        """A paper that nobody knows."""
        text = typed or f"另一份样例{self.chance.randrange(20)}"
        return pdf(1, typed=text, at=_OTHER_TEXT_AT) + self._difference()

    def _difference(self) -> bytes:
        return f"\n% {self.count}\n".encode()


def faults_of(tree: Tree, plan: RemarkPlan) -> Counter[str]:
    """Count what a plan has otherwise than it is, by kind; empty where all is right."""
    listed: dict[Path, Standing] = {}
    for standing, files in (
        (Standing.EXACT, plan.files),
        (Standing.UNCHANGED, plan.unchanged),
        (Standing.PERSON, plan.person),
        (Standing.ALIKE, plan.alike),
        (Standing.UNREADABLE, plan.unreadable),
    ):
        listed.update({Path(one.path): standing for one in files})
    wrong: Counter[str] = Counter()
    for path, standing in tree.truth.items():
        found = listed.pop(path, None)
        if found is not standing:
            wrong[f"{path.name}: {standing and standing.value} → {found and found.value}"] += 1
    wrong.update(f"{path}: not in the tree" for path in listed)
    if len(plan.missing) != tree.absent:
        wrong[f"{len(plan.missing)} missing, {tree.absent} expected"] += 1
    return wrong


def notice_number() -> str:
    """The number of the notice that the tree is about."""
    return CHANGE
