"""One map by aider's RepoMap, as a fresh process would make it: `aider_map.py ROOT TOKENS`.

Every regular file below ROOT that is not hidden takes part; nothing is in the chat. aider keeps its cache
of tags inside ROOT: remove `.aider.tags.cache.v4` for a cold run. Tokens: cl100k_base, whose vocabulary
comes with litellm.
"""

import importlib.util
import os
import sys

litellm = os.path.dirname(importlib.util.find_spec("litellm").origin)
os.environ.setdefault("TIKTOKEN_CACHE_DIR", os.path.join(litellm, "litellm_core_utils", "tokenizers"))

import tiktoken
from aider.repomap import RepoMap


class Model:
    encoding = tiktoken.get_encoding("cl100k_base")

    def token_count(self, text):
        return len(self.encoding.encode(text, disallowed_special=()))


class Silent:
    def read_text(self, path, silent=False):
        try:
            with open(path, encoding="utf-8") as source:
                return source.read()
        except (OSError, UnicodeError):
            return None

    def tool_output(self, *_, **__):
        pass

    tool_warning = tool_error = tool_output


def files_below(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not name.startswith(".") and os.path.isfile(path) and not os.path.islink(path):
                yield path


if __name__ == "__main__":
    root, tokens = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    mapper = RepoMap(map_tokens=tokens, root=root, main_model=Model(), io=Silent())
    sys.stdout.write(mapper.get_repo_map([], list(files_below(root))) or "")
