"""Contracts as lists: one line a message, field, enum, value, service and RPC of a package.

    message LogInteractionsRequest
    field LogInteractionsRequest 1 repeated Interaction interactions
    field Interaction 5 string text oneof=body
    reserved Interaction 4
    enum Actor
    value Actor 1 ACTOR_USER
    service IngestService
    rpc IngestService ReadFeed ReadFeedRequest -> stream ReadFeedResponse
"""

import os
import re
import subprocess


def parse_text(text):
    """The text form of a message: a dict of lists, {"name": ["Actor"], "value": [{...}, ...]}."""
    root = {}
    stack = [root]
    for line in text.split("\n"):
        if match := re.match(r"\s*(\w+) \{$", line):
            child = {}
            stack[-1].setdefault(match.group(1), []).append(child)
            stack.append(child)
        elif match := re.match(r"\s*(\w+): (.*)$", line):
            stack[-1].setdefault(match.group(1), []).append(match.group(2).strip('"'))
        elif line.strip() == "}":
            stack.pop()
    return root


def read_files(directory, paths):
    """The descriptors of these .proto files, in their order; their imports are left out."""
    compiled = subprocess.run(
        ["protoc", f"-I{directory}", "--descriptor_set_out=/dev/stdout", *paths],
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    form = "google/protobuf/descriptor.proto"
    decoded = subprocess.run(
        ["protoc", "--decode=google.protobuf.FileDescriptorSet", form],
        input=compiled,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    return parse_text(decoded.decode("utf-8")).get("file", [])


def first(node, key, default=""):
    return node.get(key, [default])[0]


def type_of(field, package):
    """string, Actor of the same package, or google.protobuf.Timestamp."""
    if "type_name" in field:
        return first(field, "type_name").lstrip(".").removeprefix(package + ".")
    return first(field, "type").removeprefix("TYPE_").lower()


def describe_field(field, owner, maps, oneofs, package):
    words = ["field", owner, first(field, "number")]
    type_name = type_of(field, package)
    if type_name in maps:
        words.append(maps[type_name])
    else:
        if first(field, "label") == "LABEL_REPEATED":
            words.append("repeated")
        elif "proto3_optional" in field:
            words.append("optional")
        words.append(type_name)
    words.append(first(field, "name"))
    if "oneof_index" in field and "proto3_optional" not in field:
        words.append("oneof=" + oneofs[int(first(field, "oneof_index"))])
    camel = re.sub(r"_(\w)", lambda match: match.group(1).upper(), first(field, "name"))
    if first(field, "json_name", camel) != camel:
        words.append("json=" + first(field, "json_name"))
    return " ".join(words)


def describe_message(message, prefix, package):
    owner = prefix + first(message, "name")
    yield f"message {owner}"
    # A map is a repeated message of its own, which nobody wrote.
    maps = {}
    nested = []
    for child in message.get("nested_type", []):
        if first(first(child, "options", {}), "map_entry") == "true":
            key, value = (type_of(field, package) for field in child["field"])
            maps[f"{owner}.{first(child, 'name')}"] = f"map<{key},{value}>"
        else:
            nested.append(child)
    oneofs = [first(oneof, "name") for oneof in message.get("oneof_decl", [])]
    for field in message.get("field", []):
        yield describe_field(field, owner, maps, oneofs, package)
    yield from describe_reserved(message, owner, 1)
    for child in nested:
        yield from describe_message(child, owner + ".", package)
    for enum in message.get("enum_type", []):
        yield from describe_enum(enum, owner + ".")


def describe_reserved(node, owner, past_end):
    """`past_end`: the ranges of messages say one past their last number, those of enums do not."""
    for reserved in node.get("reserved_range", []):
        start, end = int(first(reserved, "start", "0")), int(first(reserved, "end", "0")) - past_end
        yield f"reserved {owner} {start}" if start == end else f"reserved {owner} {start}-{end}"
    for name in node.get("reserved_name", []):
        yield f"reserved {owner} {name}"


def describe_enum(enum, prefix):
    owner = prefix + first(enum, "name")
    yield f"enum {owner}"
    for value in enum.get("value", []):
        yield f"value {owner} {first(value, 'number')} {first(value, 'name')}"
    yield from describe_reserved(enum, owner, 0)


def describe_service(service, package):
    name = first(service, "name")
    yield f"service {name}"
    for method in service.get("method", []):
        request = first(method, "input_type").lstrip(".").removeprefix(package + ".")
        response = first(method, "output_type").lstrip(".").removeprefix(package + ".")
        sends = "stream " if "client_streaming" in method else ""
        answers = "stream " if "server_streaming" in method else ""
        yield f"rpc {name} {first(method, 'name')} {sends}{request} -> {answers}{response}"


def read_contracts(directory, paths):
    """The list of each package: {"flywheel.ingest.v1": ["message ...", ...]}."""
    packages = {}
    for file in read_files(directory, sorted(paths)):
        package = first(file, "package")
        lines = packages.setdefault(package, [])
        for message in file.get("message_type", []):
            lines.extend(describe_message(message, "", package))
        for enum in file.get("enum_type", []):
            lines.extend(describe_enum(enum, ""))
        for service in file.get("service", []):
            lines.extend(describe_service(service, package))
    return packages


def ours(directory):
    """The contracts of this project below `directory`, by their paths from there."""
    return [
        os.path.relpath(os.path.join(folder, name), directory)
        for folder, _, names in os.walk(os.path.join(directory, "flywheel"))
        for name in names
        if name.endswith(".proto")
    ]
