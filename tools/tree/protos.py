"""How contracts are written: folders, names and comments."""

import os
import re


def check_folders(repository):
    for path in repository.named(".proto"):
        package = next(
            (line[8:-1] for line in repository.lines(path) if line.startswith("package ")), ""
        )
        if os.path.dirname(path) != "protos/" + package.replace(".", "/"):
            yield f"{path}:1: package {package} does not match its folder"


def ours(repository):
    """The lines of our contracts: those of others have their names."""
    for path in repository.named(".proto"):
        if path.startswith("protos/flywheel/"):
            yield path, [line.strip() for line in repository.lines(path)]


def check_enums(repository):
    for path, lines in ours(repository):
        prefix = ""
        for number, line in enumerate(lines, 1):
            if match := re.match(r"enum (\w+) \{", line):
                prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", match.group(1)).upper() + "_"
            if value := re.match(r"([A-Z][A-Z0-9_]*) = (\d+);", line):
                if not value.group(1).startswith(prefix):
                    yield f"{path}:{number}: {value.group(1)}, want the prefix {prefix}"
                elif value.group(2) == "0" and not value.group(1).endswith("_UNSPECIFIED"):
                    yield f"{path}:{number}: the zero value, want {prefix}UNSPECIFIED"


def check_rpcs(repository):
    rpc = r"rpc (\w+)\((?:stream )?(\w+)\) returns \((?:stream )?(\w+)\)"
    for path, lines in ours(repository):
        for number, line in enumerate(lines, 1):
            if match := re.match(rpc, line):
                name, request, response = match.groups()
                if request != name + "Request" or response != name + "Response":
                    yield f"{path}:{number}: rpc {name}, want {name}Request and {name}Response"


def check_comments(repository):
    for path in repository.named(".proto"):
        lines = [line.strip() for line in repository.lines(path)]
        for number, line in enumerate(lines, 1):
            previous = lines[number - 2] if number > 1 else ""
            documented = re.match(r"(rpc |message |enum |service |oneof )|.*= \d+;$", line)
            wire = re.match(r"message \w+(Request|Response) \{", line)
            if documented and not wire and not previous.startswith("//"):
                yield f"{path}:{number}: no comment above '{line}'"


RULES = (check_folders, check_enums, check_rpcs, check_comments)
