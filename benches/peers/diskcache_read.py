"""Reads of diskcache: one record of 50 tags at a time, warm, in random order. Prints the best batch's nanoseconds a read."""

import random
import sys
import tempfile
import time

import diskcache

RECORDS = int(sys.argv[1])
BATCH = 500
BATCHES = 20


def record(numbers: random.Random) -> list[tuple[str, str, int]]:
    """Fifty tags as aider keeps them: tuples, pickled by diskcache."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        ("".join(numbers.choices(letters, k=numbers.randint(4, 23))), "def", line * 6) for line in range(50)
    ]


def main() -> None:
    numbers = random.Random(20261122)
    with tempfile.TemporaryDirectory() as folder, diskcache.Cache(folder, size_limit=1 << 32) as cache:
        # Few distinct values: making them would take longer than storing them.
        values = [record(numbers) for _ in range(500)]
        with cache.transact():
            for number in range(RECORDS):
                cache[f"/src/linux/file{number}.c"] = values[number % len(values)]
        best = float("inf")
        for _ in range(BATCHES):
            keys = [f"/src/linux/file{numbers.randrange(RECORDS)}.c" for _ in range(BATCH)]
            start = time.perf_counter()
            for key in keys:
                assert len(cache[key]) == 50
            best = min(best, time.perf_counter() - start)
        print(best / BATCH * 1e9)


main()
