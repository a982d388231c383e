"""Tags of files: what is found again, for which state of a file, and what is refused."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repo_map_cache import ClosedError, StorageError, Tag, TagCache

TAGS = [Tag("Engine", "def", 0), Tag("start", "def", 1), Tag("Wheel", "ref", 7)]

some_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
some_tags = st.builds(Tag, some_text, st.sampled_from(["def", "ref"]), st.integers(-(2**63), 2**63 - 1))


@given(some_tags)
def test_a_tag_is_the_same_after_pickling_and_by_its_repr(tag: Tag) -> None:
    assert pickle.loads(pickle.dumps(tag)) == tag
    assert eval(repr(tag), {"Tag": Tag}) == tag


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(some_tags, max_size=8))
def test_what_is_kept_is_found_as_it_was(tags: list[Tag]) -> None:
    with TagCache() as cache:
        cache.set("a", tags)
        assert cache.get("a") == tags


def test_tags_have_an_order_and_a_pattern() -> None:
    assert sorted(TAGS) == [TAGS[0], TAGS[2], TAGS[1]]
    match TAGS[0]:
        case Tag(name, "def", line):
            assert (name, line) == ("Engine", 0)
        case _:
            pytest.fail("it is a definition")


def test_a_tag_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        TAGS[0].name = "other"  # type: ignore[misc]


def test_none_of_them_is_a_value_and_unknown_is_none(folder: Path) -> None:
    with TagCache(folder) as cache:
        assert cache.get("never.py") is None
        cache.set("nothing.py", iter(()))
        assert cache.get("nothing.py") == []
        assert (cache.stats.hits, cache.stats.misses, cache.stats.requests) == (1, 1, 2)


def test_a_list_that_was_given_or_taken_is_not_the_cache() -> None:
    cache = TagCache()
    given_list = list(TAGS)
    cache.set("a.py", given_list)
    given_list.clear()
    taken = cache.get("a.py")
    assert taken is not None
    taken.clear()
    assert cache.get("a.py") == TAGS


def test_a_file_is_known_by_its_content_whatever_its_times_say(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    source.write_text("x = 1\n")
    times = source.stat()
    with TagCache(folder) as cache:
        cache.set(source, TAGS)
        os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns + 10**9))
        assert cache.get(source) == TAGS, "only touched"
        source.write_text("x = 2\n")
        os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert cache.get(source) is None, "changed within the same times"
        assert cache.stats.stale == 1


def test_values_outlive_the_handle_and_can_be_dropped(folder: Path) -> None:
    with TagCache(folder) as cache:
        cache.set("a.py", TAGS)
        cache.set("b.py", TAGS[:1])
    with TagCache(cache_dir=str(folder)) as cache:
        cache.invalidate(Path("a.py"))
        assert cache.get("a.py") is None
        assert cache.get("./b.py") == TAGS[:1], "the same name"


def test_memory_can_shrink_and_nothing_is_lost(folder: Path) -> None:
    with TagCache(folder) as cache:
        for at in range(300):
            cache.set(f"{at}.py", [Tag(f"f{at}", "def", at)])
        cache.reduce_l1_size(100)
        assert cache.stats.l1_items <= 100
        cache.evict_lru(target_items=20)
        assert cache.stats.l1_items <= 30
        assert [cache.get(f"{at}.py") for at in range(300)] == [[Tag(f"f{at}", "def", at)] for at in range(300)]


def test_many_threads_compute_once(folder: Path) -> None:
    calls: list[int] = []
    gate = threading.Barrier(6)
    results: list[list[Tag]] = []

    def compute() -> list[Tag]:
        calls.append(1)
        threading.Event().wait(0.05)
        return TAGS

    with TagCache(folder) as cache:

        def work() -> None:
            gate.wait()
            results.append(cache.get_or_compute("a.py", compute))

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (results, len(calls)) == ([TAGS] * 6, 1)


def test_what_compute_raises_is_raised_and_nothing_is_kept() -> None:
    cache = TagCache()

    def fail() -> list[Tag]:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        cache.get_or_compute("a.py", fail)
    assert cache.get("a.py") is None
    assert cache.get_or_compute("a.py", lambda: TAGS) == TAGS


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda: Tag("f", "definition", 1), ValueError, "kind"),  # type: ignore[arg-type]
        (lambda: Tag("f", "def", "1"), TypeError, "line"),  # type: ignore[arg-type]
        (lambda: Tag("f", "def", 2**70), ValueError, "line"),
        (lambda: Tag("\ud800", "def", 1), ValueError, "name"),
        (lambda: Tag(b"f", "def", 1), TypeError, "name"),  # type: ignore[arg-type]
        (lambda: TagCache().set("a.py", "tags"), TypeError, "tags"),  # type: ignore[arg-type]
        (lambda: TagCache().set("a.py", ["tag"]), TypeError, "tags"),  # type: ignore[list-item]
        (lambda: TagCache().get(7), TypeError, "path"),  # type: ignore[arg-type]
        (lambda: TagCache().reduce_l1_size(-1), ValueError, "max_items"),
        (lambda: TagCache().evict_lru(target_items=1.5), TypeError, "target_items"),  # type: ignore[arg-type]
        (lambda: TagCache().get_or_compute("a.py", 7), TypeError, "compute"),  # type: ignore[arg-type]
        (lambda: TagCache(3), TypeError, "cache_dir"),  # type: ignore[arg-type]
        (lambda: TagCache(config=3), TypeError, "config"),  # type: ignore[arg-type]
    ],
)
def test_a_bad_argument_is_named(call: Callable[[], object], error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        call()


def test_what_is_closed_says_so_and_closing_twice_is_closing_once(folder: Path) -> None:
    cache = TagCache(folder)
    assert "open" in repr(cache)
    cache.close()
    cache.close()
    assert "closed" in repr(cache)
    with pytest.raises(ClosedError):
        cache.get("a.py")
    with pytest.raises(ValueError):
        cache.__enter__()


def test_a_folder_that_cannot_be_used_is_replaced_by_memory_and_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with TagCache(file) as cache:
        assert cache.notice and str(file) in cache.notice
        cache.set("a.py", TAGS)
        assert cache.get("a.py") == TAGS
    assert issubclass(StorageError, Exception)
