"""`RepoMap`: what holders of aider's class rely on, without aider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from repo_map_cache import CacheConfig, RepoMap


class Model:
    """Counts words, and how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def token_count(self, text: str) -> int:
        self.asked += 1
        return len(text.split())


class Io:
    def __init__(self) -> None:
        self.said: list[str] = []

    def tool_output(self, line: str) -> None:
        self.said.append(line)

    tool_error = tool_output


def of(tree: Path, *positional: Any, **keywords: Any) -> RepoMap:
    keywords.setdefault("config", CacheConfig())
    keywords.setdefault("workers", False)
    return RepoMap(*positional, **keywords) if positional else RepoMap(root=str(tree), **keywords)


def files(tree: Path) -> list[str]:
    return [str(path) for path in sorted(tree.iterdir())]


def test_the_constructor_takes_what_aider_gives_by_place_and_name(tree: Path) -> None:
    io, model = Io(), Model()
    mapper = of(tree, 200, str(tree), model, io, "Other {other}files:\n", True, 16_000, map_mul_no_files=2, refresh="files")
    assert (mapper.max_map_tokens, mapper.map_mul_no_files, mapper.refresh) == (200, 2, "files")
    text = mapper.get_repo_map(files(tree)[:1], files(tree)[1:])
    assert text and text.startswith("Other other files:\n") and "part_0.py" not in text
    assert io.said and io.said[0].startswith("Repo-map: ") and model.asked > 0
    text = mapper.get_repo_map([], files(tree))
    assert text and text.startswith("Other files:\n")


def test_only_the_given_files_are_in_a_map(tree: Path) -> None:
    mapper = of(tree, map_tokens=4096)
    text = mapper.get_repo_map([], files(tree)[3:5])
    assert text and sorted(line for line in text.splitlines() if line.endswith(":")) == ["part_11.py:", "part_12.py:"]
    assert mapper.get_repo_map(files(tree), []) is None
    assert mapper.get_repo_map([], [str(tree.parent / "elsewhere.py")]) is None


def test_budget_and_refresh_are_plain_attributes(tree: Path) -> None:
    mapper = of(tree, map_tokens=50, max_context_window=100_000)
    small = mapper.get_repo_map(files(tree)[:1], files(tree)[1:])
    mapper.refresh = "always"
    mapper.max_map_tokens *= mapper.map_mul_no_files  # type: ignore[assignment]
    mapper.map_mul_no_files = 1.0
    large = mapper.get_repo_map([], files(tree))
    assert small and large and len(large) > 3 * len(small)
    mapper.max_map_tokens = 0
    assert mapper.get_repo_map([], files(tree)) is None


def test_a_larger_map_leaves_the_window_its_room(tree: Path) -> None:
    tight = of(tree, map_tokens=30, max_context_window=4096 + 60, map_mul_no_files=8)
    wide = of(tree, map_tokens=30, max_context_window=100_000, map_mul_no_files=8)
    few, many = tight.get_repo_map([], files(tree)), wide.get_repo_map([], files(tree))
    assert few and many and len(few) < len(many)


def test_a_map_is_of_what_is_asked_now(tree: Path) -> None:
    mapper = of(tree, map_tokens=60, refresh="manual")
    assert "run_7" in str(mapper.get_repo_map(files(tree)[:1], files(tree)[1:], mentioned_idents={"run_7"}))
    mapper.task = "Part13 has to change"
    assert "Part13" in str(mapper.get_repo_map(files(tree)[:1], files(tree)[1:]))
    mapper.task = ""
    (tree / "part_5.py").write_text("class Renamed:\n    pass\n")
    asked: dict[str, Any] = {"mentioned_idents": {"Renamed"}}
    assert "Renamed" not in str(mapper.get_repo_map(files(tree)[:1], files(tree)[1:], **asked))
    assert "Renamed" in str(mapper.get_repo_map(files(tree)[:1], files(tree)[1:], force_refresh=True, **asked))


def test_tags_and_trees_of_one_file(tree: Path) -> None:
    mapper = of(tree)
    tags = mapper.get_tags(str(tree / "part_2.py"), "part_2.py")
    assert tags[0] == ("part_2.py", str(tree / "part_2.py"), 0, "Part2", "def")
    assert {tag.kind for tag in tags} == {"def", "ref"}
    assert mapper.get_tags(str(tree / "absent.py")) == []
    text = mapper.render_tree(str(tree / "part_2.py"), "part_2.py", [2])
    assert text == "│class Part2:\n│    def run_2(self):\n│        return run_3()\n"
    assert mapper.render_tree(str(tree / "part_2.py"), "part_2.py", [0]) == "│class Part2:\n⋮\n"
    assert mapper.render_tree(str(tree / "absent.py"), "absent.py", [0]) == ""


def test_short_texts_are_counted_whole_and_long_ones_by_some_lines(tree: Path) -> None:
    model = Model()
    mapper = of(tree, main_model=model)
    assert mapper.token_count("a b c") == 3
    long = "one two three\n" * 1000
    assert mapper.token_count(long) == pytest.approx(3000)
    model.token_count = lambda text: None  # type: ignore[assignment,method-assign,return-value]
    assert of(tree, main_model=model).token_count("12345678") == 2


def test_a_model_that_raises_ends_the_map_with_what_it_raised(tree: Path) -> None:
    class Broken:
        def token_count(self, text: str) -> int:
            raise ConnectionError("no tokenizer today")

    with pytest.raises(ConnectionError):
        of(tree, main_model=Broken()).get_repo_map([], files(tree))


def test_a_chat_goes_on_without_a_map(tmp_path: Path) -> None:
    io = Io()
    mapper = of(tmp_path, io=io)
    mapper.root = str(tmp_path / "gone")
    assert mapper.get_repo_map([], [str(tmp_path / "gone" / "a.py")]) is None
    assert "gone" in io.said[0]


def test_nothing_of_the_tree_configures_it(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "REPO_MAP_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tree / ".env").write_text(f"REPO_MAP_CACHE_DIR={tree}/inside\nREPO_MAP_CACHE_REFRESH_MODE=manual\n")
    (tree / "repo-map.toml").write_text('[cache]\nrefresh_mode = "manual"\n[map]\ntokens = 7\n')
    monkeypatch.chdir(tree)
    assert RepoMap(root=str(tree), workers=False).get_repo_map([], files(tree))
    assert not (tree / "inside").exists()
    assert list((tmp_path / "home").rglob("data.mdb"))


def test_an_unknown_refresh_mode_is_named(tree: Path) -> None:
    with pytest.raises(ValueError, match="refresh.*auto, always, files, manual"):
        of(tree, refresh="never")
