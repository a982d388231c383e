"""How many tokens a text is for a model that counts slowly."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

# A shorter text is counted whole.
_SHORT = 200

# A longer one by about so many of its lines.
_SAMPLE = 100

# Counts that are remembered. A map asks for the same lines again and again.
_MOST = 50_000


class TokenCount:
    """Counts as aider does: short texts whole, of long ones about a hundred lines, which stand for the rest."""

    def __init__(self, count: Callable[[str], Any] | None) -> None:
        self._count = count
        self._known: dict[str, float] = {}

    @property
    def tokenizer(self) -> Callable[[str], float] | None:
        """What a mapper counts with; ``None`` is its own vocabulary."""
        return None if self._count is None else self

    def __call__(self, text: str) -> float:
        if len(text) >= _SHORT:
            return self._estimate(text)
        known = self._known.get(text)
        if known is None:
            known = self._whole(text)
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[text] = known
        return known

    def _whole(self, text: str) -> float:
        counted = None if self._count is None else self._count(text)
        if counted is None:
            # A model without a tokenizer counts nothing. A quarter of the bytes is near enough for who has none.
            return math.ceil(len(text.encode(errors="replace")) / 4)
        return float(counted)

    def _estimate(self, text: str) -> float:
        lines = text.splitlines(keepends=True)
        sample = "".join(lines[:: max(1, len(lines) // _SAMPLE)])
        return self._whole(sample) / len(sample) * len(text)
