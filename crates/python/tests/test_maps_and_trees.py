"""Maps under what they were asked for, rendered trees, and the manager of all three."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_map_cache import (
    CacheConfig,
    CacheCorruptionError,
    CacheDirectory,
    CacheError,
    CacheManager,
    CancelledError,
    ConfigurationError,
    MapCache,
    MapCacheKey,
    Tag,
    TagCache,
    TreeCache,
)

names = st.sets(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), max_size=4)


@given(names, names, st.integers(0, 2**40), names, names)
def test_a_key_is_the_same_after_pickling_and_in_any_order(
    chat: set[str], other: set[str], tokens: int, fnames: set[str], idents: set[str]
) -> None:
    key = MapCacheKey(chat, other, tokens, fnames, idents, root="/project")
    again = MapCacheKey(sorted(chat, reverse=True), list(other), tokens, tuple(fnames), idents, Path("/project"))
    assert key == again and hash(key) == hash(again)
    assert pickle.loads(pickle.dumps(key)) == key
    assert [set(key.chat_files), set(key.other_files)] == [chat, other] and key.max_tokens == tokens
    assert [set(key.mentioned_fnames), set(key.mentioned_idents)] == [fnames, idents] and key.root == Path("/project")
    assert eval(repr(key), {"MapCacheKey": MapCacheKey}) == key


def test_each_part_of_a_key_counts() -> None:
    def key(
        chat: str = "a", other: str = "b", tokens: int = 1, fname: str = "c", ident: str = "d", root: str = "/r"
    ) -> MapCacheKey:
        return MapCacheKey({chat}, {other}, tokens, {fname}, {ident}, root)

    others = [key(chat="x"), key(other="x"), key(tokens=2), key(fname="x"), key(ident="x"), key(root="/x")]
    assert len({key(), *others}) == 7
    text: object = "a key"
    assert key() != text


def test_many_maps_are_found_at_once(folder: Path) -> None:
    keys = [MapCacheKey({f"{at}.py"}, set(), 1024) for at in range(20)]
    with MapCache(folder) as cache:
        for key in keys[::2]:
            cache.set(key, f"map of {sorted(key.chat_files)}")
        found = cache.batch_get(keys)
        assert list(found) == keys[::2]
        assert found[keys[4]] == "map of ['4.py']"
        assert cache.get(keys[4]) == found[keys[4]] and cache.get(keys[5]) is None
        cache.invalidate(keys[4])
        assert cache.get(keys[4]) is None


def test_a_file_takes_every_map_that_names_it_along(folder: Path) -> None:
    chat, other, free = (MapCacheKey({one}, {two}, 9) for one, two in [("a", "b"), ("c", "a"), ("c", "b")])
    with MapCache(folder) as cache:
        for key in (chat, other, free):
            cache.set(key, "map")
        assert cache.invalidate_by_file("a") == 2
        assert list(cache.batch_get([chat, other, free])) == [free]


def test_trees_are_of_a_file_and_a_set_of_lines(folder: Path) -> None:
    with TreeCache(folder) as cache:
        cache.set("a.py", [3, 1], "one")
        cache.set("a.py", {4}, "two")
        cache.set("b.py", {4}, "three")
        assert cache.get("a.py", (1, 3, 3)) == "one"
        assert cache.get("a.py", {1}) is None
        assert cache.invalidate("a.py") == 2
        assert cache.get("a.py", {4}) is None and cache.get("b.py", [4]) == "three"


def test_a_manager_counts_and_forgets_what_changed(folder: Path) -> None:
    key = MapCacheKey({"a.py"}, set(), 1024)
    with CacheManager(CacheConfig(folder)) as manager:
        manager.tags.set("a.py", [Tag("f", "def", 1)])
        manager.maps.set(key, "map")
        manager.trees.set("a.py", {1}, "tree")
        assert manager.tags.get("a.py") and manager.maps.get(key) and manager.trees.get("a.py", {1})
        manager.file_changed("a.py")
        assert manager.tags.get("a.py") is None
        assert manager.maps.get(key) is None
        assert manager.trees.get("a.py", {1}) is None
        manager.flush()
        told = manager.get_statistics()
        assert (told["total_requests"], told["tags"]["hit_rate"]) == (6, 0.5)
        assert told["size_mb"] > 0 and told["maps"]["size_mb"] >= 0
        assert told["tags"] == manager.tags.stats.to_dict()
        assert 0 < manager.adapt() <= 1
        tags = manager.tags
    with pytest.raises(CacheError):
        tags.get("a.py")


def test_memory_has_a_cache_of_its_own_for_each_handle() -> None:
    one, other = TagCache(), TagCache(config=CacheConfig())
    one.set("a", [])
    assert other.get("a") is None


def test_a_folder_tells_what_it_holds_and_can_be_cleared(folder: Path, tree: Path) -> None:
    with pytest.raises(ValueError, match="cache_dir"):
        CacheDirectory(folder)
    with CacheManager(CacheConfig(folder)) as manager:
        manager.tags.set(tree / "part_1.py", [Tag("f", "def", 1)])
    with CacheDirectory(folder) as directory:
        assert directory.path == folder
        assert any(entry["table"] == "tag-lists" or "tag" in entry["table"] for entry in directory.entries())
        assert directory.verify(strict=True)["damaged"] == 0
        assert directory.statistics()["size_on_disk"] > 0
        assert directory.inspect(tree / "part_1.py")["language"] == "python"
        assert directory.clear()["freed"] > 0
    with pytest.raises(ValueError):
        CacheDirectory(folder)


def test_damage_is_a_miss_to_a_cache_and_an_error_to_who_verifies(folder: Path) -> None:
    with TagCache(folder) as cache:
        cache.set("a.py", [Tag("a_name_that_is_long_enough_to_be_found", "def", 1)] * 40)
    store = next(folder.rglob("data.mdb"))
    data = store.read_bytes()
    assert b"a_name_that_is_long" in data
    store.write_bytes(data.replace(b"a_name_that_is_long", b"b_name_that_is_long"))
    with CacheDirectory(folder) as directory, pytest.raises(CacheCorruptionError):
        directory.verify(strict=True)
    with TagCache(folder) as cache:
        assert cache.get("a.py") is None


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda: CacheConfig(max_size_mb=0), ValueError, "max_size_mb"),
        (lambda: CacheConfig(max_size_mb=2**63), ValueError, "max_size_mb"),
        (lambda: CacheConfig(l1_max_mb=-1), ValueError, "l1_max_mb"),
        (lambda: CacheConfig(refresh_mode="never"), ValueError, "refresh_mode"),  # type: ignore[arg-type]
        (lambda: CacheConfig(cache_dir=7), TypeError, "cache_dir"),  # type: ignore[arg-type]
        (lambda: MapCacheKey("a.py", set(), 1), TypeError, "chat_files"),
        (lambda: MapCacheKey(set(), set(), -1), ValueError, "max_tokens"),
        (lambda: MapCacheKey(set(), [7], 1), TypeError, "other_files"),  # type: ignore[list-item]
        (lambda: MapCache().get("key"), TypeError, "key"),  # type: ignore[arg-type]
        (lambda: TreeCache().get("a.py", [-1]), ValueError, "lines"),
        (lambda: CacheManager("folder"), TypeError, "config"),  # type: ignore[arg-type]
        (lambda: CacheManager().warm(["a"], progress=7), TypeError, "progress"),  # type: ignore[arg-type]
    ],
)
def test_a_bad_argument_is_named(call: Callable[[], object], error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        call()


def test_one_folder_has_one_set_of_bounds_in_a_process(folder: Path) -> None:
    with TagCache(config=CacheConfig(folder, l1_max_items=10)), pytest.raises(ConfigurationError, match="l1_max_items"):
        MapCache(config=CacheConfig(folder, l1_max_items=20))


def test_settings_come_from_code_and_show_themselves(folder: Path) -> None:
    config = CacheConfig(folder, 64, 500, 16, "files", memory_pressure=False)
    assert (config.cache_dir, config.max_size_mb, config.l1_max_items, config.l1_max_mb) == (folder, 64, 500, 16)
    assert (config.refresh_mode, config.memory_pressure, config.notices) == ("files", False, [])
    assert config == CacheConfig(str(folder), 64, 500, 16, "files", False) != CacheConfig(folder)
    assert CacheConfig().cache_dir is None and CacheConfig().max_size_mb is None
    assert str(folder) in repr(config) and config.in_folder("/elsewhere").cache_dir == Path("/elsewhere")


def test_settings_come_from_the_environment_and_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / ".env").write_text("REPO_MAP_CACHE_SIZE_MB=77\nOTHER=1\n")
    monkeypatch.setenv("REPO_MAP_CACHE_L1_SIZE", "88")
    monkeypatch.setenv("REPO_MAP_CACHE_DIR", str(tmp_path / "named"))
    config = CacheConfig.from_env()
    assert (config.max_size_mb, config.l1_max_items, config.cache_dir) == (77, 88, tmp_path / "named")
    assert CacheConfig.load(".").max_size_mb is None, "no .env for a folder that is only looked at"
    monkeypatch.setenv("REPO_MAP_CACHE_REFRESH_MODE", "sometimes")
    with pytest.raises(ConfigurationError, match="refresh_mode"):
        CacheConfig.from_env()


def test_errors_are_of_one_family() -> None:
    for error in (CacheCorruptionError, CancelledError, ConfigurationError):
        assert issubclass(error, CacheError) and error.__module__ == "repo_map_cache"
    assert issubclass(ConfigurationError, ValueError)
