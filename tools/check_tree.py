#!/usr/bin/env python3
"""Checks what no compiler does: lines, files, contracts, and links in the documents.

Prints one line a finding, "path:line: what, want", and exits 1 if there is any.
"""

import os
import re
import subprocess
import sys

MAX_COLUMNS = 100
MAX_LINES = {".h": 250, ".cc": 400, ".proto": 500}
BANNED = {
    r"\bTODO\b|\bFIXME\b": "finish it, or write it down in an issue",
    r"\busing namespace std\b": "name what is used",
    r"\bsleep_for\b|\busleep\(": "wait for a condition with a bound",
    r"\bstd::cout\b": "fmt::print",
}


def tracked(*suffixes):
    output = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout
    return [p for p in output.split("\n") if p.endswith(suffixes) and os.path.isfile(p)]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def check_sources():
    for path in tracked(".h", ".cc", ".proto", ".py", "dev"):
        lines = read(path).split("\n")
        limit = MAX_LINES.get(os.path.splitext(path)[1])
        if limit and len(lines) > limit and not path.startswith("tests/"):
            yield f"{path}:{len(lines)}: {len(lines)} lines, want at most {limit}: split it by noun"
        for number, line in enumerate(lines, 1):
            if len(line) > MAX_COLUMNS + (5 if path.endswith(".proto") else 0):
                yield f"{path}:{number}: {len(line)} columns, want at most {MAX_COLUMNS}"
            if path.startswith("tools/"):
                continue
            for pattern, want in BANNED.items():
                if re.search(pattern, line):
                    yield f"{path}:{number}: '{re.search(pattern, line).group()}', want: {want}"


def check_guards():
    for path in tracked(".h"):
        guard = "FLYWHEEL_" + re.sub(r"[^A-Za-z0-9]", "_", path).upper() + "_"
        if f"#ifndef {guard}\n" not in read(path):
            yield f"{path}:1: no include guard {guard}"


SERVICES = ["ingest_service", "curation_service", "eval_gate_service", "experiment_service"]
# Who calls services, or works on their files, and puts none together.
CLIENTS = ["cli", "examples", "store_tools"]

# The rooms of its own service that a room may include; ARCHITECTURE.md says the same in words.
ALLOWED = {
    "domain": [],
    "store": ["domain"],
    "payloads": ["domain"],
    "archive": ["domain", "store", "payloads"],
    "neighbour": ["domain"],
    "use case": ["domain", "store", "payloads", "archive", "neighbour"],
    "retention": ["domain", "store", "payloads", "archive", "use case"],
    "rpc": ["domain", "payloads", "use case"],
    "otlp": ["domain", "payloads", "use case", "rpc"],
    "http": ["use case", "otlp"],
}

# What it may not include of shared/.
FORBIDDEN = {
    "domain": ["shared/sql/", "shared/rpc/"],
    "store": ["shared/rpc/"],
    "payloads": ["shared/sql/", "shared/rpc/"],
    "otlp": ["shared/sql/"],
    "http": ["shared/sql/"],
}


def room_of(path):
    """The folder below a service, or use case; None for who puts a service together."""
    parts = path.split("/")
    if len(parts) == 3:
        return parts[1]
    if parts[-1] == "main.cc" or re.search(r"_server\.(h|cc)$", parts[-1]):
        return None
    return "use case"


def check_layers():
    """Services meet in protos/ alone; rooms depend one way; domain and store know no gRPC."""
    for path in tracked(".h", ".cc"):
        own = path.split("/")[0]
        for number, line in enumerate(read(path).split("\n"), 1):
            include = re.match(r'#include [<"]([^>"]+)', line)
            if not include:
                continue
            name = include.group(1)
            other = name.split("/")[0]
            if own in SERVICES and other in SERVICES and other != own:
                yield f"{path}:{number}: includes another service, want its stub"
            if own == "shared" and other in SERVICES:
                yield f"{path}:{number}: shared code includes a service"
            may_read_stores = own == "store_tools" and room_of(name) == "store"
            if own in CLIENTS and other in SERVICES and not may_read_stores:
                yield f"{path}:{number}: {own} includes {name}, want its stub"
            room = room_of(path)
            if own not in SERVICES or room is None:
                continue
            if room not in ALLOWED:
                yield f"{path}:{number}: no rule for the room {room}, want one in ALLOWED"
                continue
            if room in ("domain", "store") and (
                name.startswith("grpcpp/") or name.endswith(".pb.h")
            ):
                yield f"{path}:{number}: domain and store know no RPC"
            if other == own and room_of(name) not in [room, *ALLOWED[room]]:
                yield f"{path}:{number}: {room} includes {name}, want {' or '.join(ALLOWED[room])}"
            if name.startswith(tuple(FORBIDDEN.get(room, []))):
                yield f"{path}:{number}: {room} includes {name}"


def check_protos():
    for path in tracked(".proto"):
        lines = read(path).split("\n")
        # The wire form of others has their names.
        ours = path.startswith("protos/flywheel/")
        package = next((l[8:-1] for l in lines if l.startswith("package ")), "")
        if os.path.dirname(path) != "protos/" + package.replace(".", "/"):
            yield f"{path}:1: package {package} does not match its folder"
        enum = None
        for number, line in enumerate(lines, 1):
            previous = lines[number - 2].strip() if number > 1 else ""
            text = line.strip()
            if match := re.match(r"enum (\w+) \{", text):
                enum = re.sub(r"(?<!^)(?=[A-Z])", "_", match.group(1)).upper() + "_"
            if value := re.match(r"([A-Z][A-Z0-9_]*) = (\d+);", text):
                if ours and enum and not value.group(1).startswith(enum):
                    yield f"{path}:{number}: {value.group(1)}, want the prefix {enum}"
                if ours and value.group(2) == "0" and not value.group(1).endswith("_UNSPECIFIED"):
                    yield f"{path}:{number}: the zero value, want {enum}UNSPECIFIED"
            rpc = r"rpc (\w+)\((?:stream )?(\w+)\) returns \((?:stream )?(\w+)\)"
            if ours and (match := re.match(rpc, text)):
                name, request, response = match.groups()
                if request != name + "Request" or response != name + "Response":
                    yield f"{path}:{number}: rpc {name}, want {name}Request and {name}Response"
            documented = re.match(r"(rpc |message |enum |service |oneof )|.*= \d+;$", text)
            wire = re.match(r"message \w+(Request|Response) \{", text)
            if documented and not wire and not previous.startswith("//"):
                yield f"{path}:{number}: no comment above '{text}'"


def check_links():
    for path in tracked(".md"):
        for number, line in enumerate(read(path).split("\n"), 1):
            for target in re.findall(r"\]\(([^)#\s]+)", line):
                if re.match(r"[a-z]+:", target):
                    continue
                if not os.path.exists(os.path.join(os.path.dirname(path), target)):
                    yield f"{path}:{number}: broken link to {target}"


def main():
    findings = []
    for check in (check_sources, check_guards, check_layers, check_protos, check_links):
        findings.extend(check())
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
