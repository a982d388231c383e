"""aider's own coder on a real git repository, with a scripted model, with and without the drop-in.

Needs aider-chat and git; `cargo xtask test --all` runs it in an environment of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

from aider.coders import Coder, base_coder  # type: ignore[import-not-found,unused-ignore]  # noqa: E402
from aider.io import InputOutput  # type: ignore[import-not-found,unused-ignore]  # noqa: E402
from aider.models import Model  # type: ignore[import-not-found,unused-ignore]  # noqa: E402
from aider.repo import GitRepo  # type: ignore[import-not-found,unused-ignore]  # noqa: E402

import repo_map_cache.aider  # noqa: E402
from repo_map_cache import RepoMap  # noqa: E402

ORIGINAL = (base_coder.RepoMap, base_coder.Coder.get_repo_map)


class Scripted(Model):  # type: ignore[misc,unused-ignore]
    """Answers every message with the same words, and keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__("gpt-4o")
        self.sent: list[str] = []

    def send_completion(self, messages: Any, functions: Any, stream: Any, temperature: Any = None, **_: Any) -> Any:
        self.sent.append("\n".join(str(message["content"]) for message in messages))
        message = SimpleNamespace(content="As you wish.", tool_calls=None, reasoning_content=None)
        choice = SimpleNamespace(message=message, finish_reason="stop")
        return SimpleNamespace(hexdigest=lambda: "0"), SimpleNamespace(choices=[choice], usage=None)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    for at in range(60):
        text = f"class Part{at}:\n    def run_{at}(self):\n        return run_{(at + 1) % 60}()\n"
        (root / f"part_{at}.py").write_text(text)
    (root / "cart.py").write_text('class Cart:\n    def settle(self):\n        """The price of all."""\n        return 1\n')
    git: Callable[..., Any] = lambda *words: subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)  # noqa: E731
    git("init", "-q")
    git("add", ".")
    git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", "all")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(root)
    return root


@pytest.fixture(autouse=True)
def restored() -> Any:
    yield
    base_coder.RepoMap, base_coder.Coder.get_repo_map = ORIGINAL


def coder(root: Path, model: Scripted, chat: list[str]) -> Any:
    io = InputOutput(yes=True, pretty=False, fancy_input=False)
    repo = GitRepo(io, chat, str(root))
    made = Coder.create(
        main_model=model, io=io, repo=repo, fnames=chat, map_tokens=256, stream=False, auto_commits=False, use_git=True
    )
    made.suggest_shell_commands = False
    return made


def test_without_it_aider_is_as_it_was(repository: Path) -> None:
    model = Scripted()
    made = coder(repository, model, ["part_0.py"])
    assert not isinstance(made.repo_map, RepoMap)
    made.run(with_message="What is wrong with settling the cart?")
    assert "part_1.py:" in model.sent[0]


def test_the_message_reaches_the_map_through_aiders_own_loop(repository: Path) -> None:
    repo_map_cache.aider.install()
    repo_map_cache.aider.install()
    model = Scripted()
    made = coder(repository, model, ["part_0.py"])
    assert isinstance(made.repo_map, RepoMap)
    made.run(with_message="The price of all is wrong when it is settled.")
    made.run(with_message="Look at what Part42 does.")
    assert "cart.py:" in model.sent[0] and "class Cart" in model.sent[0]
    assert "class Part42" in model.sent[1] and "class Part42" not in model.sent[0]
    assert not list(repository.glob(".aider.tags.cache*"))


def test_the_larger_map_without_files_and_the_commands_of_aider(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repo_map_cache.aider.install()
    made = coder(repository, Scripted(), [])
    large = made.get_repo_map()
    assert large.count("class Part") > 20
    made.commands.cmd_map("")
    made.commands.cmd_map_refresh("")
    made.commands.cmd_tokens("")
    shown = capsys.readouterr().out
    assert shown.count("class Part") > 20 and "repository map" in shown


def test_a_subclass_can_be_installed(repository: Path) -> None:
    class Quiet(RepoMap):
        def get_repo_map(self, *arguments: Any, **keywords: Any) -> str | None:
            return None

    repo_map_cache.aider.install(Quiet)
    model = Scripted()
    coder(repository, model, ["part_0.py"]).run(with_message="Hello")
    assert "part_1.py:" not in model.sent[0]


def test_importing_the_module_needs_no_aider() -> None:
    program = "import sys; import repo_map_cache.aider; assert 'aider' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", program], cwd="/").returncode == 0
