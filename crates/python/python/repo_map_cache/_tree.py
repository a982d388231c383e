"""Lines of a file within the heads of the definitions around them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ._errors import CacheError
from ._native import Extractor

# What a line may have in a tree; the rest says nothing of what it is.
_MOST = 100


def tree_of_lines(extractor: Extractor, path: Path, lines: Iterable[int]) -> str:
    """The lines (from 0) and the first line of each definition that holds one, ``│`` before each and ``⋮`` for what is left out.

    Empty for a file that cannot be read.
    """
    try:
        source = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    wanted = {line for line in lines if 0 <= line < len(source)}
    try:
        definitions = extractor.read(path).definitions
    except CacheError:
        definitions = []
    spans = [(of["line"], of["end_line"]) for of in definitions]
    shown = wanted | {first for first, last in spans if any(first <= line <= last for line in wanted)}
    text, before = [], -1
    for line in sorted(line for line in shown if line < len(source)):
        if line > before + 1:
            text.append("⋮\n")
        text.append(f"│{source[line][:_MOST]}\n")
        before = line
    if shown and before < len(source) - 1:
        text.append("⋮\n")
    return "".join(text)
