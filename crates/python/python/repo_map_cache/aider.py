"""aider with this library's maps: two lines before its coder is made.

    import repo_map_cache.aider
    repo_map_cache.aider.install()
"""

from __future__ import annotations

import functools
from typing import Any

from ._repo_map import RepoMap

__all__ = ["RepoMap", "install"]


def install(repo_map: type[RepoMap] = RepoMap) -> None:
    """Lets aider's coders use ``repo_map``, and tells it the text of the user's message. Installing twice is installing once."""
    from aider.coders import base_coder  # type: ignore[import-not-found,unused-ignore]  # pyright: ignore

    base_coder.RepoMap = repo_map
    coder = base_coder.Coder
    original = coder.get_repo_map
    if getattr(original, "_tells_the_task", False):
        return

    @functools.wraps(original)
    def get_repo_map(self: Any, *arguments: Any, **keywords: Any) -> Any:
        own = getattr(self, "repo_map", None)
        if isinstance(own, RepoMap):
            own.task = self.get_cur_message_text()
        return original(self, *arguments, **keywords)

    get_repo_map._tells_the_task = True  # type: ignore[attr-defined]
    coder.get_repo_map = get_repo_map
