"""The program ``repo-map``: ``python -m repo_map_cache``."""

from __future__ import annotations

import os
import signal
import sys

from ._native import run_command_line


def main() -> None:
    """Does what the command line says, and ends the process as the program does."""
    # An interrupt ends the program at once, as it ends one that has no interpreter.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    program = os.path.abspath(sys.argv[0])
    is_script = os.path.basename(program).startswith("repo-map") and os.path.isfile(program)
    sys.exit(run_command_line(["repo-map", *sys.argv[1:]], program if is_script else None))


if __name__ == "__main__":
    main()
