"""Reads our .proto files: services with their RPCs, enums, and the comments above them.

Not a parser of the language, but of the style that tools/check_tree.py holds our files to: one
declaration a line, its comment directly above it.
"""

import re
from dataclasses import dataclass, field


class Incomplete(Exception):
    """A comment does not say what it has to say, or says other than the code."""


@dataclass
class Rpc:
    name: str
    request: str
    response: str
    # Its paragraphs joined: effect, role, idempotency, errors.
    comment: str


@dataclass
class Service:
    package: str
    name: str
    path: str
    comment: str
    rpcs: list = field(default_factory=list)


@dataclass
class Contract:
    services: list = field(default_factory=list)
    # Of each message of a package its fields in order: {"flywheel.x.v1.Name": ["field", ...]}.
    messages: dict = field(default_factory=dict)
    # Of each enum its values in order, with their comments: {"Name": [(value, comment), ...]}.
    enums: dict = field(default_factory=dict)


RPC = re.compile(r"rpc (\w+)\((?:stream )?(\w+)\) returns \((?:stream )?(\w+)\)")
FIELD = re.compile(r"[\w.<>, ]*[\w>] (\w+) = \d+")
VALUE = re.compile(r"([A-Z][A-Z0-9_]*) = \d+;")


def read_contract(paths):
    contract = Contract()
    for path in paths:
        with open(path, encoding="utf-8") as file:
            _read_file(path, file.read().split("\n"), contract)
    return contract


def _read_file(path, lines, contract):
    package, comment, open_blocks = "", [], []
    for line in lines:
        text = line.strip()
        if text.startswith("//"):
            comment.append(text[2:].strip())
            continue
        said, comment = " ".join(filter(None, comment)), []
        if match := re.match(r"package ([\w.]+);", text):
            package = match.group(1)
        elif match := re.match(r"(service|message|enum|oneof) (\w+) \{(\}?)", text):
            kind, name, closed = match.groups()
            if kind == "service":
                contract.services.append(Service(package, name, path, said))
            elif kind == "message":
                contract.messages[f"{package}.{name}"] = []
            elif kind == "enum":
                contract.enums[name] = []
            if not closed:
                open_blocks.append((kind, name))
        elif text == "}":
            open_blocks.pop()
        elif match := RPC.match(text):
            contract.services[-1].rpcs.append(Rpc(*match.groups(), said))
        elif open_blocks and open_blocks[-1][0] == "enum" and (match := VALUE.match(text)):
            contract.enums[open_blocks[-1][1]].append((match.group(1), said))
        elif match := FIELD.match(text):
            message = next((n for k, n in reversed(open_blocks) if k == "message"), None)
            if message:
                contract.messages[f"{package}.{message}"].append(match.group(1))
