#!/usr/bin/env python3
"""Compares the tree style with grep-ast on the same definition lines of the same files.

Needs an interpreter with grep-ast 0.9.0 and the example built:

    cargo build -p repo-map-render --example tree_lines
    python grep_ast_compare.py --example target/debug/examples/tree_lines \\
        --root python=DIR --root c=DIR --root tsx=DIR … [--pairs 30] [--seed 1] [--show unexplained]

A pair is a file and one to six lines of its definitions, drawn with the seed. Both tools print the pair; grep-ast with the
settings that aider's map uses. Every line that one tool shows and the other does not is put into a class:

  theirs only  body         the line is inside a function, after its signature
               members      inside a type, an implementation or the value of a constant, after its header
               before       the first line of a construct that ends with the line break before the definition, which
                            grep-ast takes to reach into the definition's line (`#define`)
               statement    the first line of a construct around the definition that is no stored scope (an include guard,
                            a group of declarations, a call), or one of the up to ten lines that grep-ast takes for its
                            header
               closed gap   a hidden line between two shown ones, with code on it
  ours only    signature    the signature of a shown definition, whole, decorators included
               header       the header of a scope around it, whole, also on the first line of the file
  both ways    follows      a blank line after, or a one-line gap beside, a line of the other classes

A pair with a line in no class is `unexplained`.
"""

import argparse
import collections
import json
import random
import re
import subprocess
import sys
from pathlib import Path

from grep_ast import TreeContext

SUFFIXES = {
    "c": (".c", ".h"),
    "cpp": (".cc", ".cpp", ".hpp", ".hh"),
    "go": (".go",),
    "java": (".java",),
    "javascript": (".js", ".jsx"),
    "python": (".py",),
    "rust": (".rs",),
    "tsx": (".tsx",),
    "typescript": (".ts",),
}
CALLABLE = {"function", "method", "constructor", "macro", "property"}
MAX_BYTES = 150_000


class Context(TreeContext):
    """Remembers which lines were asked for before gaps were closed."""

    def close_small_gaps(self):
        self.before_closing = set(self.show_lines)
        super().close_small_gaps()


def theirs(path, code, lines):
    context = Context(
        path,
        code,
        color=False,
        line_number=False,
        child_context=False,
        last_line=False,
        margin=0,
        mark_lois=False,
        loi_pad=0,
        show_top_of_file_parent_scope=False,
    )
    context.add_lines_of_interest(lines)
    context.add_context()
    return context, context.format()


class Ours:
    """The example as a process that answers one request a line."""

    def __init__(self, example, root):
        self.process = subprocess.Popen(
            [example, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def ask(self, path, lines):
        self.process.stdin.write(json.dumps({"path": path, "lines": lines}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def line_numbers(rows, code, wanted, likely):
    """Which lines of the file the rows are. A run of rows without a gap mark is a run of lines; of several places the one
    with the most lines of `wanted`, then of `likely`, is meant."""
    runs, run = [], []
    for row in rows + ["⋮"]:
        if row == "⋮":
            if run:
                runs.append(run)
            run = []
        else:
            run.append(row[1:])
    lines = [line.rstrip() for line in code]
    # The best placement of the first runs that ends before a line: (score, end, lines).
    best = [(0, 0, [])]
    for run in runs:
        found = []
        for start in range(len(lines) - len(run) + 1):
            if lines[start] != run[0] or lines[start : start + len(run)] != run:
                continue
            before = [p for p in best if p[1] < start or (p[1] == 0 and start == 0)]
            if not before:
                continue
            score, _, taken = max(before, key=lambda p: p[0])
            place = range(start, start + len(run))
            score += sum((l in wanted) * 1000 + (l in likely) for l in place)
            found.append((score, start + len(run), taken + list(place)))
        if not found:
            return None
        best = found
    return set(max(best, key=lambda p: p[0])[2])


def around(context, line, wanted):
    """Whether a header that the line belongs to is that of a construct with one of the wanted lines inside."""
    heads = [start for w in wanted for start in context.scopes[w] if line in range(*context.header[start])]
    nodes = [node for start in heads for node in context.nodes[start]]
    return any(node.start_point[0] <= w and node.end_point > (w, 0) for w in wanted for node in nodes if w != line)


def classes(context, code, lines, answer, ours):
    """The classes of all differing lines; `unexplained` among them when one has none."""
    shown = set(context.show_lines)
    wanted = set(lines)
    found = collections.Counter()
    bodies = [(d["signature"][1] + 1, d["end_line"]) for d in answer["definitions"] if d["kind"] in CALLABLE]
    insides = [(d["signature"][1] + 1, d["end_line"]) for d in answer["definitions"] if d["kind"] not in CALLABLE]
    insides += [(s["header"][1] + 1, s["end_line"]) for s in answer["scopes"]]
    signatures = [d["signature"] for d in answer["definitions"] if d["line"] in wanted]
    headers = [s["header"] for s in answer["scopes"]]
    overflow = set()
    for line in wanted:
        for start in context.scopes[line]:
            overflow.update(range(*context.header[start]))

    def within(line, spans):
        return any(first <= line <= last for first, last in spans)

    explained = set()
    rest = []
    for line in sorted(shown ^ ours):
        if line in shown:
            if line in overflow and within(line, bodies):
                kind = "body"
            elif line in overflow and within(line, insides):
                kind = "members"
            elif line in overflow and not around(context, line, wanted):
                kind = "before"
            elif line in overflow:
                kind = "statement"
            else:
                rest.append(line)
                continue
        elif within(line, signatures):
            kind = "signature"
        elif within(line, headers):
            kind = "header"
        else:
            rest.append(line)
            continue
        found[kind] += 1
        explained.add(line)
    for line in rest:
        blank = line < len(code) and not code[line].strip()
        beside = {line - 1, line + 1} & explained
        closed = line in shown and line not in context.before_closing and {line - 1, line + 1} <= shown
        if blank and line - 1 in explained or beside:
            found["follows"] += 1
        elif closed and not blank:
            found["closed gap"] += 1
        else:
            found["unexplained"] += 1
    return found


def pairs(language, root, count, seed, example):
    files = sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.name.endswith(SUFFIXES[language])
        and not path.name.endswith((".d.ts", ".min.js"))
        and path.is_file()
        and not path.is_symlink()
        and path.stat().st_size < MAX_BYTES
    )
    draw = random.Random(f"{seed} {language}")
    draw.shuffle(files)
    ours = Ours(example, root)
    for path in files:
        try:
            code = (root / path).read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        # grep-ast counts these as line ends, its parser does not: its line numbers are then wrong.
        if re.search("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|\r(?!\n)", code) or code.startswith("\ufeff"):
            continue
        lines = sorted({definition["line"] for definition in ours.ask(path, [])["definitions"]})
        if not lines:
            continue
        lines = sorted(draw.sample(lines, min(len(lines), draw.randint(1, 6))))
        yield path, code, lines, ours.ask(path, lines)
        count -= 1
        if count == 0:
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--example", required=True)
    parser.add_argument("--root", action="append", default=[], metavar="LANGUAGE=DIR")
    parser.add_argument("--pairs", type=int, default=30, help="for each root")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", help="print both outputs of pairs with this class")
    options = parser.parse_args()

    table = collections.defaultdict(collections.Counter)
    kinds = collections.Counter()
    for argument in options.root:
        language, _, root = argument.partition("=")
        for path, code, lines, answer in pairs(language, Path(root), options.pairs, options.seed, options.example):
            context, their_text = theirs(path, code, lines)
            their_rows = [row.rstrip() for row in their_text.splitlines()]
            our_rows = answer["text"].splitlines()[1:]
            row = table[language]
            row["pairs"] += 1
            row["their rows"] += len(their_rows)
            row["our rows"] += len(our_rows)
            if their_rows == our_rows:
                row["equal"] += 1
                found = {"equal": 1}
            else:
                source = code.splitlines()
                ours = line_numbers(our_rows, source, set(lines), context.show_lines)
                if ours is None:
                    found = {"unexplained": 1}
                else:
                    found = classes(context, source, lines, answer, ours)
                row["unexplained" if found.get("unexplained") or not found else "explained"] += 1
                kinds.update(found)
            if options.show and (options.show in found or (options.show == "unexplained" and not found)):
                print(f"=== {language} {path} {[line + 1 for line in lines]} {dict(found)}")
                print("--- grep-ast", *their_rows, "--- ours", *our_rows, sep="\n")
    columns = ["pairs", "equal", "explained", "unexplained", "their rows", "our rows"]
    print("| language |", " | ".join(columns), "|")
    print("|---" * (len(columns) + 1) + "|")
    for language in [*sorted(table), "all"]:
        row = table.get(language) or sum(table.values(), collections.Counter())
        print(f"| {language} |", " | ".join(str(row[column]) for column in columns), "|")
    print()
    print("lines that differ, by class:", dict(kinds.most_common()))
    return 1 if any(row["unexplained"] for row in table.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
