"""What a source file looks like: sizes, guards, first lines, and what no line may say."""

import os
import re

MAX_COLUMNS = 100
MAX_LINES = {".h": 250, ".cc": 400, ".proto": 500, ".py": 250}

# The one place that may let a thread sleep.
POLL = "shared/time/poll.h"

# What stands in a line of code, and what to write instead.
BANNED = {
    r"\bTODO\b|\bFIXME\b": "finish it, or write it down in an issue",
    r"\busing namespace std\b": "name what is used",
    r"\b(sleep_for|usleep|SleepFor|this_thread::yield)\b":
        f"wait for a condition with a bound, or PollUntil of {POLL}",
    r"\bstd::cout\b": "fmt::print",
}

# What stands in no file, documents included: it is true on one machine or behind one door only.
LOCAL = {
    r"(?<![\w.~-])/(home/(?!me\b)\w|root/|Users/|work/)":
        "a path below this repository, or /home/me",
    r"\b(pypi|pythonhosted|npmjs|crates|huggingface|anaconda|rubygems)\.(org|com|io|co)\b"
    r"|\b(docker|ghcr|quay|gcr)\.io\b|\bproxy\.golang\.org\b|\bdeb\.debian\.org\b":
        "the package's name; where it comes from is the machine's configuration",
}

# Macros that a function cannot replace: they return from the caller, or name the failed expression.
MACROS = (
    "shared/status/check.h",
    "shared/status/status_macros.h",
    "shared/testing/status_matchers.h",
    "shared/rpc/call_limiter.cc",
    "tests/fault/flood_test.cc",
)

# What SQLite stores: nobody has to think of affinity.
COLUMN_TYPES = ("INTEGER", "REAL", "TEXT", "BLOB")


def find(line, patterns):
    for pattern, want in patterns.items():
        if match := re.search(pattern, line):
            yield match.group().strip(), want


def check_sizes(repository):
    for path in repository.named(".h", ".cc", ".proto", ".py", "dev"):
        lines = repository.lines(path)
        limit = MAX_LINES.get(os.path.splitext(path)[1])
        is_test = path.startswith("tests/") or path.endswith("_test.py")
        if limit and len(lines) > limit and not is_test:
            yield f"{path}:{len(lines)}: {len(lines)} lines, want at most {limit}: split it by noun"
        for number, line in enumerate(lines, 1):
            if len(line) > MAX_COLUMNS + (5 if path.endswith(".proto") else 0):
                yield f"{path}:{number}: {len(line)} columns, want at most {MAX_COLUMNS}"


def check_words(repository):
    # The rules themselves, and their tests, have to name what they look for.
    paths = [path for path in repository.paths if not path.startswith("tools/")]
    for path in paths:
        code = path.endswith((".h", ".cc", ".proto")) and path != POLL
        patterns = {**LOCAL, **BANNED} if code else LOCAL
        for number, line in enumerate(repository.lines(path), 1):
            for got, want in find(line, patterns):
                yield f"{path}:{number}: '{got}', want: {want}"


def check_headers(repository):
    for path in repository.named(".h"):
        lines = repository.lines(path)
        guard = "FLYWHEEL_" + re.sub(r"[^A-Za-z0-9]", "_", path).upper() + "_"
        if f"#ifndef {guard}" not in lines:
            yield f"{path}:1: no include guard {guard}"
        if not re.match(r"// \S", lines[0]):
            yield f"{path}:1: the first line, want a comment that says what is in here"


def check_macros(repository):
    for path in repository.named(".h", ".cc"):
        if path in MACROS:
            continue
        for number, line in enumerate(repository.lines(path), 1):
            match = re.match(r"\s*#\s*define (\w+)", line)
            if match and not match.group(1).endswith("_H_"):
                yield f"{path}:{number}: the macro {match.group(1)}, want a constant or a function"


def check_column_types(repository):
    """STRICT tables refuse the words of other databases, but take INT and ANY."""
    for path in repository.named("/store/schema.sql"):
        for number, line in enumerate(repository.lines(path), 1):
            column = re.match(r"  ([a-z]\w*) (\w+)", line)
            if column and column.group(2) not in COLUMN_TYPES:
                want = "INTEGER, REAL, TEXT or BLOB"
                yield f"{path}:{number}: {column.group(1)} is {column.group(2)}, want {want}"


def check_globs(repository):
    """A list of files in CMake is what finds the file that belongs to no target."""
    for path in repository.named("CMakeLists.txt", ".cmake"):
        for number, line in enumerate(repository.lines(path), 1):
            if re.search(r"\bfile\s*\(\s*GLOB", line, re.I) and "*.proto" not in line:
                yield f"{path}:{number}: file(GLOB), want the files by name"


RULES = (check_sizes, check_words, check_headers, check_macros, check_column_types, check_globs)
