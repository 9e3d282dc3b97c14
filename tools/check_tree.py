#!/usr/bin/env python3
"""Checks what no compiler does: files, lines, layers, contracts and links.

Prints one line a finding, "path:line: what, want", and exits 1 if there is any. The rules are in
tree/, and check_tree_test.py shows for each what it finds.
"""

import sys

from tree import dead_files, layers, protos, sources
from tree.repository import Repository

RULES = sources.RULES + layers.RULES + protos.RULES + dead_files.RULES


def findings(repository):
    return [finding for rule in RULES for finding in rule(repository)]


def main():
    found = findings(Repository())
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
