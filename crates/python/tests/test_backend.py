"""Storage that is written in Python: slow, and it keeps the contract."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from repo_map_cache import Backend, CacheConfig, CacheManager, MapCache, MapCacheKey, RepoMapper, StorageError, Tag, TagCache

Table = dict[bytes, bytes]


class Memory:
    """Tables in dictionaries: a snapshot is the set of tables that was committed last."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.rolled_back = 0
        self.writers = threading.Semaphore(1)

    def read(self) -> Snapshot:
        return Snapshot(self.tables)

    def write(self) -> Change:
        assert self.writers.acquire(blocking=False), "one writer at a time"
        return Change(self)


class Snapshot:
    def __init__(self, tables: dict[str, Table]) -> None:
        self.tables = tables

    def get(self, table: str, key: bytes) -> bytes | None:
        return self.tables.get(table, {}).get(key)

    def scan(self, table: str, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        for key, value in sorted(self.tables.get(table, {}).items()):
            if key.startswith(prefix):
                yield key, value


class Change:
    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.tables = {name: dict(table) for name, table in memory.tables.items()}

    def put(self, table: str, key: bytes, value: bytes) -> None:
        self.tables.setdefault(table, {})[key] = value

    def delete(self, table: str, key: bytes) -> bool:
        return self.tables.get(table, {}).pop(key, None) is not None

    def commit(self) -> None:
        self.memory.tables = self.tables
        self.memory.writers.release()

    def rollback(self) -> None:
        self.memory.rolled_back += 1
        self.memory.writers.release()


class Failing(Memory):
    def write(self) -> Change:
        raise PermissionError("not today")


def test_caches_and_mappers_share_it_and_find_what_they_kept(tree: Path) -> None:
    memory = Memory()
    backend = Backend(memory)
    first = RepoMapper(tree, backend=backend, workers=False)
    expected = RepoMapper(tree, workers=False).map(300)
    assert first.map(300).text == expected.text
    first.close()
    assert sum(map(len, memory.tables.values())) >= 20
    again = RepoMapper(tree, backend=Backend(memory), workers=False).map(300)
    assert again.text == expected.text and again.cache["misses"] == 0 and again.cache["hits"] == 20


def test_what_is_kept_by_one_is_found_by_the_next_and_dropped_by_name() -> None:
    memory = Memory()
    key = MapCacheKey({"a.py"}, set(), 9)
    with CacheManager(CacheConfig(memory_pressure=False), backend=Backend(memory)) as manager:
        manager.tags.set("a.py", [Tag("f", "def", 1)])
        manager.maps.set(key, "map")
        manager.trees.set("a.py", {1}, "tree")
    backend = Backend(memory)
    with TagCache(backend=backend) as tags, MapCache(backend=backend) as maps:
        assert tags.get("a.py") == [Tag("f", "def", 1)]
        assert maps.batch_get([key]) == {key: "map"}
        assert maps.invalidate_by_file("a.py") == 1
        assert maps.get(key) is None


def test_a_storage_that_fails_costs_no_answer_and_tells_who_flushes() -> None:
    cache = TagCache(backend=Backend(Failing()))
    cache.set("a.py", [])
    with pytest.raises(StorageError) as error:
        cache.flush()
    assert isinstance(error.value.__cause__, PermissionError)
    assert cache.get("b.py") is None


def test_damage_is_no_value() -> None:
    memory = Memory()
    with TagCache(backend=Backend(memory)) as cache:
        cache.set("a.py", [Tag("f", "def", 1)])
    for table in memory.tables.values():
        for key, value in table.items():
            table[key] = value[:-1] + bytes([value[-1] ^ 1])
    with TagCache(backend=Backend(memory)) as cache:
        assert cache.get("a.py") is None


def test_what_is_no_storage_is_named() -> None:
    with pytest.raises(TypeError, match="write"):
        half = type("Half", (), {"read": lambda self: None})()
        Backend(half)  # type: ignore[arg-type,unused-ignore]  # pyright: ignore
    with pytest.raises(TypeError, match="backend"):
        TagCache(backend=Memory())  # type: ignore[arg-type]
