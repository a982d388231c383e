"""Maps: what is asked, what ends a request, what callbacks raise, and that no file ends the interpreter."""

from __future__ import annotations

import _thread
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import repo_map_cache
from repo_map_cache import (
    CacheConfig,
    CacheError,
    CacheManager,
    CancellationToken,
    CancelledError,
    Extractor,
    RepoMapper,
    RootNotAFolderError,
    RootNotFoundError,
    UnknownLanguageError,
)


@pytest.fixture
def mapper(tree: Path) -> RepoMapper:
    return RepoMapper(tree, workers=False)


def test_a_map_keeps_its_budget_and_says_what_it_shows(mapper: RepoMapper) -> None:
    found = mapper.map(200)
    assert 0 < found.tokens_used <= found.budget == 200
    assert found and str(found) == found.text and found.tokenizer == "o200k"
    assert found.paths == [file["path"] for file in found.files]
    assert {definition["kind"] for file in found.files for definition in file["definitions"]} <= {"class", "method"}
    assert found.freshness["files"] == 20 and found.cache["misses"] == 20
    assert found.to_dict()["text"] == found.text
    assert not mapper.map(0) and mapper.map(0).text == ""


def test_a_request_names_what_it_is_about(mapper: RepoMapper, tree: Path) -> None:
    found = mapper.map(100, chat_files=[tree / "part_3.py"], mentioned_idents={"run_9"}, full_ranking=True)
    assert "part_3.py" not in found.text and "run_9" in found.text
    assert len(found.ranking) == 20 and found.ranking[0][1] >= found.ranking[-1][1]
    assert "part_7.py" in mapper.map(100, task="Part7 does not run").paths
    numbered = mapper.map(300, line_numbers=True, style="tree")
    assert "1│class Part" in numbered.text
    assert mapper.map(100, mentioned_files=["absent.py"]).notices


def test_what_changed_is_a_task(mapper: RepoMapper, tree: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=tree, check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})

    with pytest.raises(CacheError, match="no git repository"):
        mapper.changes()
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "Begin")
    assert mapper.changes() == ""
    (tree / "part_5.py").write_text("class Part5:\n    def run_5(self):\n        return 5\n")
    assert "+        return 5\n" in mapper.changes() and mapper.changes("HEAD") == mapper.changes()
    assert mapper.map(60, task=mapper.changes()).paths[0] == "part_5.py"
    with pytest.raises(ValueError, match="no-such"):
        mapper.changes("no-such")


def test_why_a_map_is_as_it_is(mapper: RepoMapper) -> None:
    told = mapper.explain(["part_7.py:run_7", "absent.py"], 300, task="run_7 fails")
    assert told["occasion"] and "absent.py" in told["notices"][0]
    (file,) = told["files"]
    assert (file["path"], file["verdict"]) == ("part_7.py", "shown")
    assert set(file["signals"]) == set(told["file_weights"])
    assert [definition["name"] for definition in file["definitions"]] == ["run_7"]


def test_names_and_places_are_looked_up(mapper: RepoMapper, tree: Path) -> None:
    found = mapper.find("run_7")
    assert found and found.tokens_used <= found.budget == 1024 and str(found) == found.text
    definition = next(row for row in found.rows if row["role"] == "definition")
    assert (definition["path"], definition["line"], definition["name"]) == ("part_7.py", 1, "run_7")
    assert {row["path"] for row in mapper.references("run_7").rows} == {"part_6.py"}
    assert mapper.callers("run_7", 300).rows[0]["name"] == "run_6"
    assert "return run_8()" in mapper.show("part_7.py:2").text
    assert "run_7" in mapper.outline(tree / "part_7.py").text
    assert not mapper.find("run_7", within="part_1.py") and mapper.find("absent").to_dict()["rows"] == []
    with pytest.raises(ValueError, match="token_budget"):
        mapper.show("part_7.py", -1)
    with pytest.raises(TypeError, match="colour"):
        mapper.outline("part_7.py", colour="red")  # type: ignore[call-arg]


def test_a_mapper_sees_changes_and_tells_what_it_passed_over(mapper: RepoMapper, tree: Path) -> None:
    mapper.map(100)
    (tree / "part_0.py").write_text("class Changed:\n    pass\n")
    (tree / "odd.py").write_bytes(b"\0\1\2" * 50)
    assert mapper.refresh()["misses"] >= 1
    assert "Changed" in mapper.map(2000, mentioned_idents=["Changed"]).text
    assert "odd.py" in dict(mapper.skipped())
    assert mapper.memory() > 0 and isinstance(mapper.take_notices(), list)


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda mapper: mapper.map(-1), ValueError, "token_budget"),
        (lambda mapper: mapper.map("1k"), TypeError, "token_budget"),
        (lambda mapper: mapper.map(10, style="poem"), ValueError, "style.*outline, tree"),
        (lambda mapper: mapper.map(10, refresh="soon"), ValueError, "refresh"),
        (lambda mapper: mapper.map(10, chat_files="a.py"), TypeError, "chat_files"),
        (lambda mapper: mapper.map(10, timeout=-1), ValueError, "timeout"),
        (lambda mapper: mapper.map(10, cancellation=1), TypeError, "cancellation"),
        (lambda mapper: mapper.map(10, colour="red"), TypeError, "colour"),
        (lambda mapper: RepoMapper(".", tokenizer="words"), ValueError, "tokenizer.*o200k"),
        (lambda mapper: RepoMapper(".", tokenizer=7), TypeError, "tokenizer"),  # type: ignore[arg-type]
        (lambda mapper: RepoMapper(".", preset="mine"), ValueError, "preset"),  # type: ignore[arg-type]
        (lambda mapper: RepoMapper(".", weights="[nonsense]"), ValueError, "weights"),
        (lambda mapper: RepoMapper(".", progress=1), TypeError, "progress"),  # type: ignore[arg-type]
        (lambda mapper: RepoMapper("/no/such/folder"), RootNotFoundError, "/no/such/folder"),
        (lambda mapper: RepoMapper("/no/such/folder"), FileNotFoundError, "/no/such/folder"),
        (lambda mapper: RepoMapper(__file__), RootNotAFolderError, "test_mapper"),
    ],
)
def test_a_bad_argument_is_named(
    mapper: RepoMapper, call: Callable[[RepoMapper], object], error: type[Exception], named: str
) -> None:
    with pytest.raises(error, match=named):
        call(mapper)


def test_a_tokenizer_of_the_callers_keeps_the_budget(tree: Path) -> None:
    def words(text: str) -> int:
        return len(text.split())

    found = RepoMapper(tree, tokenizer=words, workers=False).map(40)
    assert found.tokenizer == "words" and 20 < len(found.text.split()) <= 40


@pytest.mark.parametrize("answer", [None, "many", -1, float("nan")])
def test_a_tokenizer_that_does_not_count_is_an_error(tree: Path, answer: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        RepoMapper(tree, tokenizer=lambda text: answer, workers=False).map(40)  # type: ignore[arg-type,return-value]


def test_what_callbacks_raise_is_raised_and_the_mapper_goes_on(tree: Path) -> None:
    is_angry = True

    def count(text: str) -> int:
        if is_angry:
            raise LookupError("counted enough")
        return len(text)

    mapper = RepoMapper(tree, tokenizer=count, workers=False)
    with pytest.raises(LookupError, match="counted enough"):
        mapper.map(100)
    is_angry = False
    assert mapper.map(100).tokens_used <= 100

    def listen(stage: str, done: int, total: int | None) -> None:
        raise OSError("heard enough")

    with pytest.raises(OSError, match="heard enough"):
        RepoMapper(tree, progress=listen, workers=False).map(100)


def test_progress_is_told_stage_by_stage(tree: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    RepoMapper(tree, progress=lambda *what: told.append(what), workers=False).map(100, task="Part3")
    stages = [stage for stage, _, _ in told]
    assert stages == sorted(stages, key=["scan", "parse", "words", "log"].index)
    assert ("parse", 20, 20) in told


def test_a_token_ends_a_request(mapper: RepoMapper) -> None:
    token = CancellationToken()
    token.cancel()
    assert token.cancelled
    with pytest.raises(CancelledError):
        mapper.map(100, cancellation=token)
    assert mapper.map(100)


def test_a_token_that_is_cancelled_in_the_middle_ends_a_request(tree: Path) -> None:
    token = CancellationToken()
    mapper = RepoMapper(tree, workers=False, progress=lambda *what: token.cancel())
    with pytest.raises(CancelledError):
        mapper.map(100, cancellation=token)


@pytest.fixture
def heeds_interrupts() -> Iterator[None]:
    """A run in the background of a shell begins with the signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_interrupts")
def test_an_interrupt_ends_a_cold_scan_and_loses_nothing(tmp_path: Path, tree: Path) -> None:
    for at in range(20, 1500):
        (tree / f"part_{at}.py").write_text(f"def run_{at}():\n    return run_{at + 1}()\n" * 30)
    interrupted = threading.Event()

    def listen(stage: str, done: int, total: int | None) -> None:
        if stage == "parse" and done > 0 and not interrupted.is_set():
            interrupted.set()
            _thread.interrupt_main()

    config = CacheConfig(tmp_path / "store")
    with pytest.raises(KeyboardInterrupt):
        RepoMapper(tree, config=config, progress=listen, threads=1, workers=False).map(100)
    assert interrupted.is_set()
    report = RepoMapper(tree, config=config, workers=False).map(100).cache
    assert report["hits"] > 0, "what was parsed before is there"
    assert report["misses"] > 0, "it did not go on to the end"


def test_the_time_may_be_up_before_the_tree_is_read(mapper: RepoMapper) -> None:
    found = mapper.map(100, timeout=0)
    assert found.is_partial or found.freshness["files"] == 20
    assert not mapper.map(100).is_partial


def test_threads_share_a_mapper(mapper: RepoMapper) -> None:
    expected = mapper.map(200).text
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(mapper.map(200).text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [expected] * 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_parent_and_child_go_on_after_a_fork(tree: Path, folder: Path) -> None:
    program = """
import os, sys, warnings
warnings.simplefilter("ignore")
from repo_map_cache import CacheConfig, RepoMapper, Tag, TagCache
tree, store = sys.argv[1:]
config = CacheConfig(store)
mapper, cache = RepoMapper(tree, config=config), TagCache(config=config)
expected = mapper.map(200).text
cache.set("a", [Tag("f", "def", 1)])
cache.flush()
child = os.fork()
assert mapper.map(200).text == expected
assert cache.get("a") in (None, [Tag("f", "def", 1)])
cache.set("b", [])
if child == 0:
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
"""
    done = subprocess.run([sys.executable, "-c", program, tree, folder], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def workers_of_this_process() -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            parent = int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        if parent == os.getpid() and any(word.endswith(b"worker.py") for word in words):
            found.append(int(entry.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_parser_that_aborts_leaves_the_interpreter_alive(tree: Path) -> None:
    for at in range(20, 400):
        (tree / f"part_{at}.py").write_text(f"def run_{at}():\n    return run_{at + 1}()\n" * 100)
    aborted: list[int] = []

    def listen(stage: str, done: int, total: int | None) -> None:
        if stage == "parse" and done > 0 and not aborted:
            for worker in workers_of_this_process():
                os.kill(worker, signal.SIGABRT)
                aborted.append(worker)

    mapper = RepoMapper(tree, progress=listen)
    assert "Part3" in mapper.map(2000, mentioned_idents=["Part3"]).text
    assert aborted, "files are parsed by others"
    assert len(mapper.skipped()) <= len(aborted), "an abort costs the file that was being parsed at most"


def test_workers_give_the_same_map_and_end_with_what_they_read(tree: Path) -> None:
    assert RepoMapper(tree).map(500).text == RepoMapper(tree, workers=False).map(500).text
    worker = Path(repo_map_cache.__file__).with_name("worker.py")
    done = subprocess.run([sys.executable, "-I", "-S", worker], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert done.returncode == 0 and done.stdout and not done.stderr


def test_the_folder_that_the_process_stands_in_has_no_say_in_a_worker(tree: Path) -> None:
    package = tree / "repo_map_cache"
    package.mkdir()
    for name in ("__init__.py", "worker.py", "_native.py"):
        (package / name).write_text("import os\nopen('ran', 'w').close()\nos._exit(3)\n")
    program = (
        "import sys; sys.path = [path for path in sys.path if path]\n"
        "from repo_map_cache import RepoMapper\n"
        "import os; os.chdir(sys.argv[1])\n"
        "os.environ['PYTHONPATH'] = '.'\n"
        "assert 'Part3' in RepoMapper('.').map(2000).text\n"
    )
    done = subprocess.run([sys.executable, "-c", program, tree], capture_output=True, text=True, cwd="/", timeout=60)
    assert done.returncode == 0, done.stderr
    assert not (tree / "ran").exists()


def test_single_files(tree: Path) -> None:
    with Extractor() as extractor:
        file = extractor.read(tree / "part_4.py")
        assert (file.language, file.is_complete, file.skipped) == ("python", True, None)
        assert [(tag.name, tag.kind, tag.line) for tag in file.tags][:2] == [("Part4", "def", 0), ("run_4", "def", 1)]
        assert file.definitions[1]["scope"] == "Part4" and file.to_dict()["language"] == "python"
        (tree / "unknown.zzz").write_text("?")
        with pytest.raises(UnknownLanguageError):
            extractor.read(tree / "unknown.zzz")
        with pytest.raises(OSError):
            extractor.read(tree / "absent.py")


def test_warming_tells_and_can_be_ended(tree: Path) -> None:
    files = sorted(tree.iterdir())
    told: list[tuple[int, int]] = []
    with CacheManager() as manager:
        warming = manager.warm(files, max_workers=2, progress=lambda *what: told.append(what))
        assert warming.wait(timeout=60) and warming.done
        assert (warming.completed, warming.total, warming.failed) == (20, 20, 0)
        assert told[-1] == (20, 20)
        tags = manager.tags.get(files[0])
        assert tags is not None and tags[0].kind == "def"

        def fail(completed: int, total: int) -> None:
            raise RuntimeError("warm enough")

        with pytest.raises(RuntimeError, match="warm enough"):
            manager.warm(files, progress=fail).wait(timeout=60)
        ended = manager.warm(files)
        ended.cancel()
        assert ended.wait()
