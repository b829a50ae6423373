"""Change the law engine in every small way and see whether a test notices.

    python tools/mutants.py [MODULE…]     the law engine and the procedure, or some modules

A mutant is one function with one change: a comparison, a number, a word, `and` for `or`, a
condition turned round, a statement left out. Its code takes the place of the function's, and the
cases of `tests/cases` run until one fails; where none does, the tests of that module run. What is
left over is printed with its line. Wordings stay (`say`, `N_`, what joins words of a list):
tests/test_messages.py watches them. What makes no difference and has to stay is named with its
reason in `tools/mutants.toml`; an entry that is no longer left over is an error too.

General mutation testers start pytest for every mutant, which with a thousand cases takes a day;
here it takes minutes, because the cases are values and pure functions.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import importlib
import inspect
import io
import signal
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
DOMAIN: Final = ROOT / "src" / "dingmi_mark" / "domain"
TESTS: Final = ROOT / "tests" / "domain"
KNOWN: Final = Path(__file__).with_suffix(".toml")
SECONDS: Final = 30
"""How long the processor may work on the tests of a mutant: a loop without end is noticed by it."""

BY_CASES: Final = (
    *(f"rules.{path.stem}" for path in sorted((DOMAIN / "rules").glob("[a-z]*.py"))),
    "authority", "catalogue", "change", "copying", "law", "notice", "powers", "report_path",
    "terms", "unclear", "working_days",
)  # fmt: skip
BY_TESTS: Final = (
    "changes", "circulation", "code", "deriving", "due", "follow_notices", "following", "keys",
    "known", "label_changing", "legacy", "lineage", "matching", "plan", "print_options", "printed",
    "printing", "procedure", "provisional", "reading", "registered", "reviewing", "secret",
    "signing", "source_values", "statistic", "visible_marks", "yearly",
)  # fmt: skip
"""What the written cases say nothing of: only the tests of the module run."""

MODULES: Final = (*BY_CASES, *BY_TESTS)

COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.FloorDiv: ast.Mult,
}  # fmt: skip
LEFT_ALONE: Final = frozenset({"say", "N_", "assert_never"})
"""Calls without a change: wordings, and what mypy shows to be never reached."""


@dataclass(frozen=True)
class Mutant:
    """One function with one change: where, what, and its code."""

    module: str
    line: int
    change: str
    function: FunctionType
    code: CodeType

    @property
    def key(self) -> tuple[str, str, str]:
        """What an entry of `tools/mutants.toml` names it by."""
        return self.module, self.function.__qualname__, self.change

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function.__qualname__}: {self.change}"


class TookTooLong(Exception):
    """The tests did not end with this mutant."""


# ── what may be changed ──────────────────────────────────────────────────────────────────────


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what may stand in place of a node, with words for it."""
    match node:
        case ast.Constant():
            yield from changed_constants(node)
        case ast.expr():
            yield from changed_expressions(node)
        case ast.stmt():
            yield from changed_statements(node)
        case ast.comprehension(target, source, conditions) if conditions:
            yield "without condition", ast.comprehension(target, source, [], 0)


def changed_constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    match node.value:
        case bool() as value:
            yield f"{value} → {not value}", ast.Constant(not value)
        case int() as value:
            yield f"{value} → {value + 1}", ast.Constant(value + 1)
        case str() as value if any(each.isalnum() for each in value):
            yield f"{value!r} → other text", ast.Constant(f"x{value}")


def changed_expressions(node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(left, ops, others):
            for at, op in enumerate(ops):
                other = COMPARISONS[type(op)]
                changed = [*ops[:at], other(), *ops[at + 1 :]]
                yield f"{type(op).__name__} → {other.__name__}", ast.Compare(left, changed, others)
        case ast.BoolOp(op, values):
            swapped = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"and/or at {ast.unparse(node)}", ast.BoolOp(swapped, values)
            for at, value in enumerate(values):
                left_over = [*values[:at], *values[at + 1 :]]
                one = left_over[0] if len(left_over) == 1 else ast.BoolOp(op, left_over)
                yield f"without {ast.unparse(value)}", one
        case ast.UnaryOp(ast.Not(), operand):
            yield f"without not at {ast.unparse(node)}", operand
        case ast.BinOp(left, op, right) if type(op) in OPERATORS:
            other = ast.BinOp(left, OPERATORS[type(op)](), right)
            yield f"other operator in {ast.unparse(node)}", other
        case ast.IfExp(test, body, orelse):
            yield f"turned round: {ast.unparse(test)}", ast.IfExp(test, orelse, body)


def changed_statements(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.If(test, body, orelse):
            negated = ast.UnaryOp(ast.Not(), test)
            yield f"turned round: {ast.unparse(test)}", ast.If(negated, body, orelse)
        case ast.Return(ast.expr() as value) if not isinstance(value, ast.Constant):
            yield f"None for {ast.unparse(value)}", ast.Return(ast.Constant(None))
        case ast.Expr(value) if not isinstance(value, ast.Constant):
            yield f"without {ast.unparse(value)}", ast.Expr(ast.Constant(None))
        case ast.Continue() | ast.Break() | ast.Raise():
            yield f"without {ast.unparse(node)}", ast.Pass()


def changeable(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below a node, without annotations and wordings (of errors and asserts)."""
    for child in ast.iter_child_nodes(node):
        call = child.value if isinstance(child, ast.Expr) else child
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in LEFT_ALONE:
            yield from (below for word in call.keywords for below in changeable(word))
        elif isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        elif isinstance(child, ast.Assert):
            yield child.test
            yield from changeable(child.test)
        elif isinstance(child, ast.AnnAssign):
            yield from [child.value] if child.value else []
            yield from changeable(child.value) if child.value else []
        elif not isinstance(child, (ast.arguments, ast.FormattedValue)):
            yield child
            yield from changeable(child)


class _Put(ast.NodeTransformer):
    """Puts a node where another, marked one stands."""

    def __init__(self, instead: ast.AST) -> None:
        self.instead = instead

    def visit(self, node: ast.AST) -> ast.AST:
        if getattr(node, "is_marked", False):
            return ast.copy_location(self.instead, node)
        return self.generic_visit(node)


# ── mutants of a module ──────────────────────────────────────────────────────────────────────


def functions(module: ModuleType) -> dict[str, FunctionType]:
    """Return the functions and methods a module defines, by qualified name."""
    found: dict[str, FunctionType] = {}
    for owner in (module, *(value for value in vars(module).values() if inspect.isclass(value))):
        for value in vars(owner).values():
            ways = ("fget", "__func__", "func")  # a property, a class method, a cached property
            plain = next((getattr(value, way) for way in ways if hasattr(value, way)), value)
            plain = inspect.unwrap(plain) if callable(plain) else plain
            if isinstance(plain, FunctionType) and plain.__module__ == module.__name__:
                found[plain.__qualname__] = plain
    return found


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object and all that are in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def definitions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions and methods of a module's tree with their qualified names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from definitions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.FunctionDef):
            yield prefix + child.name, child


def mutants(name: str) -> Iterator[Mutant]:
    """Yield every mutant of a module of `dingmi_mark.domain`."""
    module = importlib.import_module(f"dingmi_mark.domain.{name}")
    path = Path(inspect.getfile(module))
    tree, known = ast.parse(path.read_text(encoding="utf-8")), functions(module)
    for part in (ast.Module([statement], []) for statement in tree.body):
        for qualified, definition in definitions(part):
            for node in list(changeable(ast.Module(definition.body, []))):
                for words, instead in changes(node):
                    code = changed_code(part, node, instead, qualified)
                    line = getattr(node, "lineno", definition.lineno)
                    yield Mutant(name, line, words, known[qualified], code)


def changed_code(part: ast.Module, node: ast.AST, instead: ast.AST, qualified: str) -> CodeType:
    """Return the code of a function in a part of a module, with another node in place of one."""
    node.is_marked = True  # type: ignore[attr-defined]
    whole = ast.fix_missing_locations(_Put(instead).visit(copy.deepcopy(part)))
    del node.is_marked  # type: ignore[attr-defined]
    compiled = compile(whole, "<mutant>", "exec", annotations.compiler_flag, dont_inherit=True)
    return next(code for code in codes(compiled) if code.co_qualname == qualified)


# ── whether they are noticed ─────────────────────────────────────────────────────────────────


@cache
def cases() -> ModuleType:
    """Return the module of the written cases."""
    sys.path[:0] = [str(ROOT / "tests"), str(TESTS)]
    return importlib.import_module("test_cases")


def cases_for(name: str) -> list[object]:
    """Return all cases; those that expect a finding of the module's rules come first."""
    from dingmi_mark.domain.rules.families import ALL_RULES

    module = f"dingmi_mark.domain.{name}"
    rules = {rule.name for rule in ALL_RULES if rule.check.__module__ == module}
    return sorted(cases().ALL, key=lambda case: rules.isdisjoint(e[0] for e in case.expected))


def a_case_fails(order: list[object]) -> bool:
    """Tell whether a case fails, tried in this order; the one that does goes to its front."""
    every = cases()
    for at, case in enumerate(order):
        try:
            held = case.holds(every.lawbook(case.profile))  # type: ignore[attr-defined]
        except TookTooLong:
            raise
        except Exception:  # noqa: BLE001 (whatever a mutant raises, it is noticed)
            held = False
        if not held:
            order.insert(0, order.pop(at))
            return True
    return False


@cache
def tests_of(name: str) -> list[str]:
    """Return the files of tests/domain that name the module; for a rule, those of all rules too."""
    wanted = {f"domain.{name} ", f"domain.{name.partition('.')[0]} "}
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(TESTS.glob("test_*.py"))}
    del texts[TESTS / "test_cases.py"]
    return [str(path) for path, text in texts.items() if any(word in text for word in wanted)]


def a_test_fails(name: str) -> bool:
    """Tell whether a test of the module fails."""
    import pytest

    files = tests_of(name)
    if not files:
        return False
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return pytest.main(["-x", "-q", "-p", "no:cacheprovider", *files]) != 0


def is_noticed(mutant: Mutant, order: list[object]) -> bool:
    """Put the mutant in place, try the tests, and put the function back."""
    right = mutant.function.__code__
    mutant.function.__code__ = mutant.code
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        by_cases = mutant.module in BY_CASES and a_case_fails(order)
        return by_cases or a_test_fails(mutant.module)
    except TookTooLong:
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        mutant.function.__code__ = right


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TookTooLong


def known() -> list[tuple[str, str, str]]:
    """Return what `tools/mutants.toml` explains."""
    entries = tomllib.loads(KNOWN.read_text(encoding="utf-8")).get("known", [])
    assert all(entry["why"] for entry in entries)
    return [(entry["module"], entry["function"], entry["change"]) for entry in entries]


def left_over(name: str) -> tuple[int, list[Mutant]]:
    """Return how many mutants a module has, and those that nobody notices."""
    assert not a_test_fails(name), f"the tests of {name} fail without any change"
    order, every = cases_for(name), list(mutants(name))
    return len(every), [mutant for mutant in every if not is_noticed(mutant, order)]


def main(names: list[str]) -> int:
    """Print the mutants nobody notices or explains, and how many there were; 1 if there are any."""
    signal.signal(signal.SIGVTALRM, _too_long)
    assert not a_case_fails(list(cases().ALL)), "the cases fail without any change"
    count = explained = faults = 0
    for name in names or MODULES:
        expected = [entry for entry in known() if entry[0] == name]
        of_module, left = left_over(name)
        found = [mutant.key for mutant in left]
        unexplained = [mutant for mutant in left if mutant.key not in expected]
        for mutant in unexplained:
            print(mutant)
        gone = [entry for entry in expected if entry not in found]
        for entry in gone:
            print(f"not left over, though {KNOWN.name} explains it: {': '.join(entry)}")
        print(f"{name}: {of_module} mutants, {len(left)} left over", flush=True)
        count += of_module
        explained += len(left) - len(unexplained)
        faults += len(unexplained) + len(gone)
    print(f"{count} mutants, {explained} explained, {faults} not noticed or no longer true")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
