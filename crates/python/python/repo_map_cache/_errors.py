"""What can be raised. An argument that makes no sense is a plain ``ValueError`` or ``TypeError`` that names it."""


class CacheError(Exception):
    """Whatever the library raises of its own."""

    __module__ = "repo_map_cache"


class CacheCorruptionError(CacheError):
    """Stored bytes are other than those that were stored."""

    __module__ = "repo_map_cache"


class StorageError(CacheError):
    """The cache's storage refused something."""

    __module__ = "repo_map_cache"


class ClosedError(CacheError, ValueError):
    """Something was used after it was closed."""

    __module__ = "repo_map_cache"


class ConfigurationError(CacheError, ValueError):
    """A setting makes no sense; the message names it, its value and where it came from."""

    __module__ = "repo_map_cache"


class RootNotFoundError(CacheError, FileNotFoundError):
    """There is no such folder."""

    __module__ = "repo_map_cache"


class RootNotAFolderError(CacheError, NotADirectoryError):
    """The root is a file."""

    __module__ = "repo_map_cache"


class UnreadableError(CacheError, OSError):
    """A file or folder cannot be read."""

    __module__ = "repo_map_cache"


class UnknownLanguageError(CacheError):
    """No language fits the file."""

    __module__ = "repo_map_cache"


class ResourcesError(CacheError):
    """The machine refused a resource, such as threads."""

    __module__ = "repo_map_cache"


class CancelledError(CacheError):
    """Somebody cancelled the call. What was finished is kept."""

    __module__ = "repo_map_cache"


class DeadlineExceededError(CacheError, TimeoutError):
    """The time of a call that has no partial answer is over. What was finished is kept."""

    __module__ = "repo_map_cache"
