"""What the tests of the module have in common."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for a cache, not there yet."""
    return tmp_path / "store"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small source tree: twenty modules, each of which uses the next."""
    root = tmp_path / "tree"
    root.mkdir()
    for at in range(20):
        text = f"class Part{at}:\n    def run_{at}(self):\n        return run_{(at + 1) % 20}()\n"
        (root / f"part_{at}.py").write_text(text)
    return root
