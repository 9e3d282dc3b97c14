#!/usr/bin/env python3
"""That locks are held where the types say so (ABSL_GUARDED_BY), which clang alone reads.

Looks at the sources that name a lock's rule, or include a header that does: what a rule is about is
private to its class, so nobody else can break it. Nothing is compiled: clang reads them alone.
"""

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys

# clang 14 does not know it.
NOT_FOR_CLANG = {"-Wno-restrict"}
WARNINGS = ["-Wno-everything", "-Wthread-safety", "-Werror=thread-safety"]
RULE = re.compile(
    r"\bABSL_(PT_)?(GUARDED_BY|(EXCLUSIVE_|SHARED_)?LOCKS_(REQUIRED|EXCLUDED)|LOCK_RETURNED"
    r"|(EXCLUSIVE_|SHARED_)?(TRY)?LOCK_FUNCTION|UNLOCK_FUNCTION|ASSERT_(EXCLUSIVE|SHARED)_LOCK)\b"
)
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def sources_with_rules(paths):
    """Of these files, the sources that a rule can be broken in."""
    texts = {path: read(path) for path in paths}
    rules = {path for path, text in texts.items() if RULE.search(text)}
    return [
        path
        for path, text in sorted(texts.items())
        if path.endswith(".cc") and (path in rules or rules & set(INCLUDE.findall(text)))
    ]


def command_for(entry, clang):
    """What the build says of a source, for a compiler that only reads it."""
    words = shlex.split(entry["command"])
    # A launcher such as ccache may stand before the compiler.
    compiler = next(i for i, word in enumerate(words) if not word.endswith("ccache"))
    kept = [word for word in words[compiler + 1 :] if word not in NOT_FOR_CLANG]
    output = kept.index("-o")
    del kept[output : output + 2]
    return [clang, *kept, "-fsyntax-only", *WARNINGS]


def commands(build, clang):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        return {
            os.path.relpath(entry["file"]): (command_for(entry, clang), entry["directory"])
            for entry in json.load(file)
        }


def look_at(command, directory):
    """What clang says; empty where nothing is wrong."""
    result = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    text = (result.stdout + result.stderr).strip()
    if text or result.returncode == 0:
        return text
    return f"{command[0]} ended with {result.returncode}"


def main(arguments, out=sys.stderr):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True, help="a directory with compile_commands.json")
    parser.add_argument("--clang", default="clang++-14")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args(arguments)
    files = subprocess.run(
        ["git", "ls-files", "*.h", "*.cc"], check=True, capture_output=True, text=True
    ).stdout.split()
    known = commands(options.build, options.clang)
    sources = [path for path in sources_with_rules(filter(os.path.isfile, files)) if path in known]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        findings = list(filter(None, pool.map(lambda path: look_at(*known[path]), sources)))
    for finding in findings:
        print(finding, file=out)
    print(f"{len(sources)} sources, {len(findings)} with findings", file=out)
    return 1 if findings or not sources else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
