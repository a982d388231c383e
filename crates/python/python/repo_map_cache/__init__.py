"""Ranked, token-budgeted maps of source trees, and the caches that they are made with.

    from repo_map_cache import RepoMapper

    print(RepoMapper(".").map(1024, task="the cart rounds totals twice"))

Whatever takes longer than a microsecond runs without the interpreter's lock. Files are parsed by processes of their own, so
that none can end the interpreter. Records of what goes on go to the logger ``repo_map_cache``.
"""

from ._errors import (
    CacheCorruptionError,
    CacheError,
    CancelledError,
    ClosedError,
    ConfigurationError,
    DeadlineExceededError,
    ResourcesError,
    RootNotAFolderError,
    RootNotFoundError,
    StorageError,
    UnknownLanguageError,
    UnreadableError,
)
from ._native import (
    Backend,
    CacheConfig,
    CacheDirectory,
    CacheManager,
    CacheStats,
    CancellationToken,
    Extractor,
    Found,
    Map,
    MapCache,
    MapCacheKey,
    RepoMapper,
    Tag,
    TagCache,
    TaggedFile,
    TreeCache,
    Warming,
    __version__,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._repo_map import RepoMap

__all__ = [
    "Backend",
    "CacheConfig",
    "CacheCorruptionError",
    "CacheDirectory",
    "CacheError",
    "CacheManager",
    "CacheStats",
    "CancellationToken",
    "CancelledError",
    "ClosedError",
    "ConfigurationError",
    "DeadlineExceededError",
    "Extractor",
    "Found",
    "Map",
    "MapCache",
    "MapCacheKey",
    "RepoMap",
    "RepoMapper",
    "ResourcesError",
    "RootNotAFolderError",
    "RootNotFoundError",
    "StorageError",
    "Tag",
    "TagCache",
    "TaggedFile",
    "TreeCache",
    "UnknownLanguageError",
    "UnreadableError",
    "Warming",
    "__version__",
]


def __getattr__(name: str) -> object:
    """What few need, and what takes a while to import, is imported when it is asked for."""
    if name == "RepoMap":
        from ._repo_map import RepoMap

        globals()[name] = RepoMap
        return RepoMap
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
