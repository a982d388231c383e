"""What goes on is told to `logging`, and to nobody who does not want it."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from repo_map_cache import TagCache


def test_a_lookup_is_told_at_debug_and_not_above(caplog: pytest.LogCaptureFixture, folder: Path) -> None:
    with TagCache(folder) as cache:
        with caplog.at_level(logging.INFO, logger="repo_map_cache"):
            cache.get("one.py")
        assert not caplog.records
        with caplog.at_level(logging.DEBUG, logger="repo_map_cache"):
            cache.get("two.py")
        with caplog.at_level(logging.WARNING, logger="repo_map_cache"):
            cache.get("three.py")
    assert any("miss" in record.getMessage() and record.levelno == logging.DEBUG for record in caplog.records)
    assert all(record.name.split(".")[0] == "repo_map_cache" for record in caplog.records)


def test_a_handler_that_calls_back_is_no_deadlock(folder: Path) -> None:
    class Curious(logging.Handler):
        asked = 0

        def emit(self, record: logging.LogRecord) -> None:
            if self.asked < 3:
                self.asked += 1
                cache.get(f"{self.asked}.py")

    logger, handler = logging.getLogger("repo_map_cache"), Curious()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with TagCache(folder) as cache:
            cache.get("a.py")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    assert handler.asked == 3


def test_nothing_is_printed_by_who_configures_no_logging(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\n"
        "from repo_map_cache import TagCache\n"
        "cache = TagCache(sys.argv[1]); cache.set('a', []); cache.get('a'); cache.get('b')\n"
    )
    file = tmp_path / "file"
    file.write_text("")
    for place in (tmp_path / "store", file):
        done = subprocess.run([sys.executable, "-c", program, place], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
