#!/usr/bin/env python3
"""Holds the contracts in protos/ against their lists in tools/contracts, one file a package.

A change that breaks callers fails and says whom it breaks. So does an addition that is not in the
list yet: only what is listed is guarded. --accept writes the lists anew.
"""

import argparse
import os
import sys

import breaking
import descriptors

HEAD = "# Written by ./dev check --accept-contracts; tools/breaking.py says what they guard.\n"
ACCEPT = "./dev check --accept-contracts"


def read_lists(directory):
    lists = {}
    for name in sorted(os.listdir(directory)) if os.path.isdir(directory) else []:
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            lines = [line for line in file.read().split("\n") if line and not line.startswith("#")]
        lists[name.removesuffix(".txt")] = lines
    return lists


def write_lists(directory, contracts):
    os.makedirs(directory, exist_ok=True)
    for name in os.listdir(directory):
        os.remove(os.path.join(directory, name))
    for package, lines in contracts.items():
        with open(os.path.join(directory, package + ".txt"), "w", encoding="utf-8") as file:
            file.write(HEAD + "\n".join(lines) + "\n")


def findings(lists, contracts):
    """What breaks, and what is not listed yet."""
    breaks = []
    unlisted = []
    for package in sorted(lists.keys() | contracts.keys()):
        old, new = lists.get(package, []), contracts.get(package, [])
        breaks.extend(f"{package}: {broken}" for broken in breaking.compare(old, new))
        unlisted.extend(f"{package}: {line}" for line in new if line not in set(old))
    return breaks, unlisted


def report(breaks, unlisted, out):
    if breaks:
        print("These changes of contracts break others:", *breaks, sep="\n  ", file=out)
        print(
            "Want: the old contract, and something new beside it. Before 1.0 a contract may break\n"
            f"where that is what the change is for: accept it with {ACCEPT},\n"
            "and say in CHANGELOG.md whom it breaks and what they have to do.",
            file=out,
        )
    elif unlisted:
        print("New in the contracts, and not guarded yet:", *unlisted, sep="\n  ", file=out)
        print(f"Nothing breaks. List it with {ACCEPT}", file=out)


def main(arguments, out=sys.stderr):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--protos", default="protos", help="the folder that imports begin at")
    parser.add_argument("--lists", default="tools/contracts", help="the folder of the lists")
    parser.add_argument("--accept", action="store_true", help="write the lists anew")
    options = parser.parse_args(arguments)
    contracts = descriptors.read_contracts(options.protos, descriptors.ours(options.protos))
    lists = read_lists(options.lists)
    breaks, unlisted = findings(lists, contracts)
    report(breaks, unlisted, out)
    if options.accept:
        write_lists(options.lists, contracts)
        print("Accepted: see git diff", options.lists, file=out)
        return 0
    # An order that changed breaks nobody, but git would show it with the next change.
    if not breaks and not unlisted and lists != contracts:
        print(f"The lists have another order than the contracts: {ACCEPT}", file=out)
    return 0 if lists == contracts else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
