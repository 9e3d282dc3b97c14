"""The files of the repository, as its rules read them."""

import functools
import os
import subprocess


class Repository:
    """What git knows below `root`, without what was deleted since. Reads each file once."""

    def __init__(self, root="."):
        self.root = root
        output = subprocess.run(
            ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
        ).stdout
        self.paths = [p for p in output.split("\0") if p and os.path.isfile(self.at(p))]

    def at(self, path):
        return os.path.join(self.root, path)

    def named(self, *suffixes):
        return [path for path in self.paths if path.endswith(suffixes)]

    @functools.cache
    def text(self, path):
        """Nothing for a file that is no text, such as what a fuzzer found."""
        with open(self.at(path), "rb") as file:
            return file.read().decode("utf-8", errors="ignore")

    def lines(self, path):
        return self.text(path).split("\n")
