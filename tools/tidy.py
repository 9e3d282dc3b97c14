#!/usr/bin/env python3
"""clang-tidy over the sources of a change, newest first, within a bound of CPU time.

The change is what differs from
  the commit of FLYWHEEL_CHECK_BASE, where that is set;
  else the commit where the branch left origin/main, or main where there is no origin;
  else, on main itself, the last commit that is a day older than the newest: on main a change is
  all that came in lately, because one submission holds many commits.
What is not committed yet belongs to it. For a header that changed, one source that includes it is
looked at: the one of its name, or the nearest.

Parsing gRPC takes seconds a file, so what has no time within --minutes is left out, and said.
"""

import argparse
import concurrent.futures
import json
import os
import re
import resource
import subprocess
import sys

DAY_S = 24 * 60 * 60
# What clang-tidy says of findings that it was told not to look for.
NOISE = re.compile(
    r"^(\d+ (warnings?|errors?)( and \d+ errors?)? generated\.|Suppressed \d+ warnings.*"
    r"|Use -header-filter.*)\n?",
    re.M,
)


def git(*arguments):
    return subprocess.run(
        ["git", *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


def commit_of(name):
    """Nothing where there is no such commit."""
    command = ["git", "rev-parse", "-q", "--verify", name + "^{commit}"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def find_base(wanted):
    """The commit that the change begins after; nothing where it is all that there is."""
    if wanted:
        if not commit_of(wanted):
            raise SystemExit(f"error: FLYWHEEL_CHECK_BASE: got '{wanted}', want a commit")
        return commit_of(wanted)
    head = commit_of("HEAD")
    for main in filter(commit_of, ("origin/main", "main")):
        fork = git("merge-base", main, head)
        if fork != head:
            return fork
    a_day_before = int(git("log", "-1", "--format=%ct", head)) - DAY_S
    return git("rev-list", "-1", f"--before={a_day_before}", head)


def changed_files(base):
    """What differs from `base`, what changed last first."""
    tracked = [path for path in git("ls-files").split("\n") if os.path.isfile(path)]
    if not base:
        return tracked
    changed = set(git("diff", "--name-only", base).split("\n"))
    newest = git("diff", "--name-only", "HEAD").split("\n")
    newest += git("log", "--format=", "--name-only", f"{base}..HEAD").split("\n")
    order = {path: number for number, path in reversed(list(enumerate(newest)))}
    return sorted(changed & set(tracked), key=lambda path: order.get(path, len(order)))


def include_graph():
    """Who includes each header."""
    includers = {}
    for path in git("ls-files", "*.h", "*.cc").split("\n"):
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                for name in re.findall(r'^#include "([^"]+)"', file.read(), re.M):
                    includers.setdefault(name, []).append(path)
    return includers


def source_of(header, includers):
    """The source of its name, or one with the fewest headers between."""
    own = os.path.splitext(header)[0] + ".cc"
    seen = [header]
    for name in seen:
        sources = [path for path in includers.get(name, []) if path.endswith(".cc")]
        if sources:
            return own if own in sources else min(sources)
        seen.extend(path for path in includers.get(name, []) if path not in seen)
    return None


def sources_of(paths):
    """The sources to look at for these files, each once, in their order."""
    includers = include_graph()
    sources = []
    for path in paths:
        source = source_of(path, includers) if path.endswith(".h") else path
        if source and source.endswith(".cc") and source not in sources:
            sources.append(source)
    return sources


def compiled(build):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        return {os.path.relpath(command["file"]) for command in json.load(file)}


def cpu_minutes():
    """Of the processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) / 60


def look_at(source, options, out):
    """False where it has findings, which are printed; None where there is no time left for it."""
    if options.minutes and cpu_minutes() >= options.minutes:
        return None
    command = [options.clang_tidy, "-p", options.build, "--quiet", "--warnings-as-errors=*", source]
    result = subprocess.run(command, capture_output=True, text=True)
    text = NOISE.sub("", result.stdout + result.stderr).strip()
    # Without a finding there is still what a broken configuration says.
    if text or result.returncode != 0:
        print(text or f"{source}: clang-tidy ended with {result.returncode}", file=out, flush=True)
    return result.returncode == 0


def run(sources, options, out):
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda source: look_at(source, options, out), sources))
    left_out = [source for source, good in zip(sources, results) if good is None]
    failed = results.count(False)
    print(
        f"{len(sources) - len(left_out)} sources, {failed} with findings, "
        f"{cpu_minutes():.1f} CPU minutes",
        file=out,
    )
    if left_out:
        print(
            f"Left out after {options.minutes} CPU minutes, see ./dev check --all:",
            *left_out,
            sep="\n  ",
            file=out,
        )
    return 1 if failed else 0


def main(arguments, out=sys.stderr):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build", required=True, help="the folder of compile_commands.json")
    parser.add_argument("--all", action="store_true", help="all sources, however long it takes")
    parser.add_argument("--minutes", type=float, default=10, help="of CPU time (10); 0: no bound")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="at once")
    parser.add_argument("--clang-tidy", default="clang-tidy-14", help="the program")
    options = parser.parse_args(arguments)
    if options.all:
        options.minutes = 0
    base = "" if options.all else find_base(os.environ.get("FLYWHEEL_CHECK_BASE"))
    sources = sources_of(changed_files(base))
    known = compiled(options.build)
    for source in filter(lambda source: source not in known, sources):
        print(f"{source}: no target of this build has it, left out", file=out)
    what = f"all that changed since {git('log', '-1', '--format=%h %s', base)}" if base else "all"
    print(f"{what}: {len(sources)} sources", file=out, flush=True)
    return run([source for source in sources if source in known], options, out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
