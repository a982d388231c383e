"""A process that parses files for a mapper and may die of one: ``python -I -S path/to/worker.py`` or
``python -m repo_map_cache.worker``.

It is started by its path, in isolation, so it finds the extension beside itself and imports nothing that the folder or the
environment of its parent offers.
"""


def _serve() -> None:
    import sys
    from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, ModuleSpec
    from importlib.util import module_from_spec

    name = "repo_map_cache._native"
    folder = __file__[: -len("worker.py")]
    for suffix in EXTENSION_SUFFIXES:
        path = f"{folder}_native{suffix}"
        try:
            open(path, "rb").close()
        except OSError:
            continue
        loader = ExtensionFileLoader(name, path)
        spec = ModuleSpec(name, loader, origin=path)
        native = module_from_spec(spec)
        loader.exec_module(native)
        native.serve_extraction()
        return
    sys.exit("repo_map_cache.worker: there is no extension beside it")


if __name__ == "__main__":
    _serve()
