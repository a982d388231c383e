"""Each example of docs/python.md runs as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[3] / "docs" / "python.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_guide_has_examples() -> None:
    assert len(EXAMPLES) >= 12


@pytest.mark.parametrize("example", [text for text in EXAMPLES if "aider.install" not in text])
def test_an_example_runs(example: str, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "cart.py").write_text("class Cart:\n    def total(self):\n        return round(1)\n")
    (shop / "till.py").write_text("from shop.cart import Cart\n\n\ndef pay():\n    return Cart().total()\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REPO_MAP")}
    environment["HOME"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", example],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
