"""``RepoMap``: what aider's coders ask for a map of the repository, answered by this library."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ._errors import CacheError
from ._native import CacheConfig, Extractor, RepoMapper, TagCache, user_config
from ._tokens import TokenCount
from ._tree import tree_of_lines

# When the tree is looked at again. Where aider says that a map is always made anew, each file's stat is asked.
_REFRESH: dict[str, Literal["auto", "stat", "files", "manual"]] = {
    "auto": "auto",
    "always": "stat",
    "files": "files",
    "manual": "manual",
}

# aider leaves so many tokens of a model's window to everything but the map.
_PADDING = 4096

# Sets of files that a mapper is kept for: aider asks with and without those that are not tracked yet.
_MAPPERS = 2


class FileTag(NamedTuple):
    """A tag of a file as aider writes it: the line from 0, the kind ``"def"`` or ``"ref"``."""

    rel_fname: str
    fname: str
    line: int
    name: str
    kind: str


class RepoMap:
    """A drop-in for ``aider.repomap.RepoMap``: the same constructor, methods and writable attributes.

    Nothing of the mapped tree configures it: it reads the user's own configuration and environment, no ``.env`` and no
    ``repo-map.toml``. ``task`` is what the user wants, in words; where it is set the map shows what that will touch.
    """

    def __init__(
        self,
        map_tokens: int = 1024,
        root: str | os.PathLike[str] | None = None,
        main_model: Any = None,
        io: Any = None,
        repo_content_prefix: str | None = None,
        verbose: bool = False,
        max_context_window: int | None = None,
        map_mul_no_files: float = 8,
        refresh: str = "auto",
        *,
        config: CacheConfig | None = None,
        style: Literal["outline", "tree"] = "outline",
        preset: Literal["default", "aider"] = "default",
        workers: bool = True,
    ) -> None:
        if refresh not in _REFRESH:
            raise ValueError(f"refresh = {refresh!r}: expected one of {', '.join(_REFRESH)}")
        self.root = os.fspath(root) if root else os.getcwd()
        self.main_model = main_model
        self.io = io
        self.repo_content_prefix = repo_content_prefix
        self.verbose = verbose
        self.max_context_window = max_context_window
        self.max_map_tokens = map_tokens
        self.map_mul_no_files = map_mul_no_files
        self.refresh = refresh
        self.task = ""
        self._config = config if config is not None else user_config()
        self._style: Literal["outline", "tree"] = style
        self._preset: Literal["default", "aider"] = preset
        self._workers = workers
        self._count = TokenCount(getattr(main_model, "token_count", None))
        self._mappers: OrderedDict[frozenset[str], RepoMapper] = OrderedDict()
        self._extractor: Extractor | None = None
        self._tags: TagCache | None = None

    def get_repo_map(
        self,
        chat_files: Collection[str | os.PathLike[str]],
        other_files: Collection[str | os.PathLike[str]],
        mentioned_fnames: Iterable[str] | None = None,
        mentioned_idents: Iterable[str] | None = None,
        force_refresh: bool = False,
    ) -> str | None:
        """The map of the other files for who has the chat files, after the prefix; ``None`` where there is nothing to show."""
        if self.max_map_tokens <= 0 or not other_files:
            return None
        listing = self.get_ranked_tags_map(
            chat_files, other_files, self._budget(bool(chat_files)), mentioned_fnames, mentioned_idents, force_refresh
        )
        if not listing:
            return None
        if self.verbose:
            self._tell("tool_output", f"Repo-map: {self.token_count(listing) / 1024:.1f} k-tokens")
        prefix = self.repo_content_prefix or ""
        return prefix.format(other="other " if chat_files else "") + listing

    def get_ranked_tags_map(
        self,
        chat_fnames: Iterable[str | os.PathLike[str]],
        other_fnames: Iterable[str | os.PathLike[str]] | None = None,
        max_map_tokens: int | None = None,
        mentioned_fnames: Iterable[str] | None = None,
        mentioned_idents: Iterable[str] | None = None,
        force_refresh: bool = False,
    ) -> str | None:
        """The map alone, of at most so many tokens."""
        chat = self._names(chat_fnames)
        files = frozenset(chat) | frozenset(self._names(other_fnames or ()))
        budget = self.max_map_tokens if max_map_tokens is None else max_map_tokens
        if not files or budget <= 0:
            return None
        try:
            found = self._mapper(files).map(
                int(budget),
                task=self.task,
                chat_files=chat,
                mentioned_files=sorted(self._names(mentioned_fnames or ())),
                mentioned_idents=sorted(mentioned_idents or ()),
                refresh="always" if force_refresh else _REFRESH.get(self.refresh, "auto"),
                style=self._style,
            )
        except CacheError as error:
            # A chat goes on without a map, as it does with aider's own.
            if self.io is None:
                raise
            self._tell("tool_error", f"Repo-map: {error}")
            return None
        return found.text or None

    def get_tags(self, fname: str | os.PathLike[str], rel_fname: str | None = None) -> list[FileTag]:
        """The tags of a file, from the cache where it is as it was; none where it cannot be read or has no known language."""
        path = os.fspath(fname)
        rel = self.get_rel_fname(path) if rel_fname is None else rel_fname
        if self._tags is None:
            self._tags = TagCache(config=self._config)

        def read() -> list[Any]:
            if self._extractor is None:
                self._extractor = Extractor(workers=self._workers)
            return self._extractor.read(path).tags

        try:
            tags = self._tags.get_or_compute(path, read)
        except CacheError:
            return []
        return [FileTag(rel, path, tag.line, tag.name, tag.kind) for tag in tags]

    def render_tree(self, abs_fname: str | os.PathLike[str], rel_fname: str, lois: Iterable[int]) -> str:
        """The lines of interest of a file (from 0) within the heads of what is around them."""
        if self._extractor is None:
            self._extractor = Extractor(workers=self._workers)
        return tree_of_lines(self._extractor, Path(abs_fname), lois)

    def token_count(self, text: str) -> float:
        """The tokens of a text by the model's own count, where there is one: of a long text an estimate from some of its lines."""
        return self._count(text)

    def get_rel_fname(self, fname: str | os.PathLike[str]) -> str:
        """The path from the root."""
        try:
            return os.path.relpath(fname, self.root)
        except ValueError:
            # Another drive has no way there.
            return os.fspath(fname)

    def _budget(self, has_chat: bool) -> int:
        """Without files in the chat the map may be larger, as far as the model's window allows."""
        if has_chat or not self.max_context_window:
            return self.max_map_tokens
        larger = min(int(self.max_map_tokens * self.map_mul_no_files), self.max_context_window - _PADDING)
        return larger if larger > 0 else self.max_map_tokens

    def _names(self, files: Iterable[str | os.PathLike[str]]) -> list[str]:
        """Paths from the root, with ``/``; those outside of it have no part in a map."""
        names = []
        for file in files:
            path = os.fspath(file)
            name = os.path.relpath(path, self.root) if os.path.isabs(path) else os.path.normpath(path)
            if name != ".." and not name.startswith(".." + os.sep):
                names.append(name.replace(os.sep, "/"))
        return names

    def _mapper(self, files: frozenset[str]) -> RepoMapper:
        mapper = self._mappers.pop(files, None)
        if mapper is None:
            if len(self._mappers) >= _MAPPERS:
                self._mappers.popitem(last=False)
            mapper = RepoMapper(
                self.root,
                config=self._config,
                tokenizer=self._count.tokenizer,
                preset=self._preset,
                files=sorted(files),
                workers=self._workers,
            )
        self._mappers[files] = mapper
        return mapper

    def _tell(self, method: str, line: str) -> None:
        tell = getattr(self.io, method, None)
        if tell is not None:
            tell(line)
