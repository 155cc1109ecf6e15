"""What no linter checks: a function of ikmgeo is short enough to be read at a glance."""

import ast
from collections.abc import Iterator
from pathlib import Path

import ikmgeo

LONGEST = 60
"""Lines of a function besides its docstring."""

LISTS = {"gather", "provenance"}
"""Functions that do one thing after the other, a file or a table each."""


def lengths() -> Iterator[tuple[str, int]]:
    for path in Path(ikmgeo.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                told = node.body[0] if ast.get_docstring(node) else None
                docstring = told.end_lineno - told.lineno + 1 if told else 0
                yield node.name, node.end_lineno - node.lineno + 1 - docstring


def test_no_function_is_longer_than_a_screen() -> None:
    found = list(lengths())
    assert len(found) > 1_000
    assert {name for name, lines in found if lines > LONGEST} <= LISTS
