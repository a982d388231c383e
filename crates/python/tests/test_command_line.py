"""The program of the wheel: the same bytes as the module, and the exit codes of the command line."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import repo_map_cache
from repo_map_cache import CacheConfig, RepoMapper


def run(arguments: Sequence[object], **keywords: object) -> subprocess.CompletedProcess[bytes]:
    program = Path(sys.executable).with_name("repo-map")
    words = [os.fspath(program), *map(str, arguments)]
    return subprocess.run(words, capture_output=True, timeout=60, **keywords)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)


def test_it_tells_its_version_and_what_it_cannot_do(tree: Path) -> None:
    done = run(["--version"])
    assert (done.returncode, done.stdout) == (0, f"repo-map {repo_map_cache.__version__}\n".encode())
    assert run(["map", "--nonsense"]).returncode == 2
    assert run(["map", tree / "absent"]).returncode == 4
    assert run(["map", tree, "--map-tokens", "0"]).returncode in (0, 1)
    assert subprocess.run([sys.executable, "-m", "repo_map_cache", "--version"], capture_output=True).returncode == 0


def test_random_requests_have_the_same_map_from_both(tree: Path, tmp_path: Path) -> None:
    dice = random.Random(20)
    mapper = RepoMapper(tree, config=CacheConfig(tmp_path / "store"))
    for _ in range(10):
        budget = dice.choice([60, 200, 1000])
        chat = [f"part_{dice.randrange(20)}.py" for _ in range(dice.randrange(3))]
        idents = [f"run_{dice.randrange(20)}" for _ in range(dice.randrange(3))]
        task = dice.choice(["", "Part3 does not run", "fix run_11"])
        style = dice.choice(["outline", "tree"])
        words: list[object] = ["map", tree, "--map-tokens", budget, "--style", style, "--cache-dir", tmp_path / "other"]
        words += [word for file in chat for word in ("--chat-file", file)]
        words += [word for ident in idents for word in ("--mention-ident", ident)]
        words += ["--task", task] if task else []
        found = mapper.map(
            budget,
            chat_files=chat,
            mentioned_idents=idents,
            task=task,
            style="tree" if style == "tree" else "outline",
            folder=tree,
        )
        assert run([*words, "-q"]).stdout == found.text.encode(), words


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupt_ends_it_and_a_closed_pipe_is_no_error(tree: Path) -> None:
    script = f"{Path(sys.executable).with_name('repo-map')} map {tree} -q --map-tokens 4000 | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", script], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
