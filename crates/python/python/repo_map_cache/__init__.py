"""Ranked, token-budgeted maps of source trees, and the caches that they are made with.

    from repo_map_cache import RepoMapper

    print(RepoMapper(".").map(1024, task="the cart rounds totals twice"))

Whatever takes longer than a microsecond runs without the interpreter's lock. Files are parsed by processes of their own, so
that none can end the interpreter. Records of what goes on go to the logger ``repo_map_cache``.
"""

import logging as _logging

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
from ._repo_map import RepoMap

# A library prints nothing by itself: without this, `logging` would write warnings to standard error.
_logging.getLogger("repo_map_cache").addHandler(_logging.NullHandler())

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
