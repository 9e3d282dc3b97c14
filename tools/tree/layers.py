"""What may include what. ARCHITECTURE.md has the same table, and check_table compares the two."""

import re

SERVICES = ["ingest_service", "curation_service", "eval_gate_service", "experiment_service"]
# Who may look into everything.
FREE = ["tests"]

# What a room of a service may include besides itself: rooms of its own service, and folders outside
# of it. Generated code and gRPC have rules of their own, below.
ROOMS = {
    "domain": (
        [],
        "assign/core statistics shared/feedback shared/hashing shared/lists shared/status"
        " shared/text shared/time",
    ),
    "store": (["domain"], "shared/audit shared/hashing shared/sql shared/status shared/time"),
    "upstream": (["domain"], "redaction shared/feed shared/rpc shared/status shared/time"),
    "use case": (
        ["domain", "evaluators", "store", "upstream"],
        "shared/audit shared/feed shared/hashing shared/lists shared/privacy shared/rpc shared/sql"
        " shared/status shared/text shared/time",
    ),
    # Ingest's use cases stand in rooms by what they do.
    "payloads": (
        ["domain", "store"],
        "shared/files shared/hashing shared/ids shared/rpc shared/sql shared/status shared/time",
    ),
    "record": (
        ["domain", "store", "payloads"],
        "shared/files shared/ids shared/privacy shared/rpc shared/sql shared/status shared/text"
        " shared/time",
    ),
    "privacy": (
        ["domain", "store", "payloads", "record", "upstream"],
        "redaction shared/audit shared/privacy shared/rpc shared/sql shared/status shared/text"
        " shared/time",
    ),
    "retention": (
        ["domain", "store", "payloads"],
        "shared/privacy shared/rpc shared/sql shared/status shared/time",
    ),
    "rpc": (
        ["domain", "payloads", "record", "privacy", "use case"],
        "redaction shared/hashing shared/ids shared/privacy shared/rpc shared/status shared/text",
    ),
    "otlp": (
        ["domain", "store", "payloads", "record", "upstream", "privacy"],
        "redaction shared/hashing shared/ids shared/rpc shared/sql shared/status shared/text"
        " shared/time",
    ),
    "http": (["otlp"], "shared/rpc shared/status shared/text"),
    "evaluators": ([], "shared/hashing shared/status shared/text"),
}

# What every other folder may include of ours besides itself. STORES is every service's store/.
STORES = "*/store"
FOLDERS = {
    "assign/core": "",
    "assign/client": "assign/core shared/time",
    "redaction": "shared/files shared/status shared/text",
    "statistics": "",
    "shared/status": "",
    "shared/text": "",
    "shared/feedback": "",
    "shared/lists": "shared/status",
    "shared/ids": "",
    "shared/version": "",
    "shared/time": "shared/status",
    "shared/files": "shared/status",
    "shared/hashing": "",
    "shared/privacy": "redaction shared/files shared/hashing shared/rpc shared/status shared/text",
    "shared/sql": "shared/hashing shared/lists shared/status shared/time",
    "shared/rpc": (
        "shared/files shared/hashing shared/ids shared/lists shared/status shared/text shared/time"
        " shared/version"
    ),
    "shared/audit": "shared/rpc shared/sql shared/status shared/text shared/time",
    "shared/feed": "shared/rpc shared/sql shared/status shared/time",
    "shared/testing": "shared/rpc shared/sql shared/status",
    "store_tools": f"{STORES} shared/files shared/hashing shared/sql shared/status shared/time",
    "cli": (
        "store_tools redaction shared/files shared/hashing shared/ids shared/rpc shared/status"
        " shared/text shared/time shared/version"
    ),
    "examples": "cli shared/rpc shared/status shared/text shared/time",
    "bench": "assign/client cli tests shared/rpc shared/sql shared/status shared/time",
}

# Who knows the contracts (generated messages), and who speaks gRPC (its headers and the stubs).
NO_MESSAGES = [
    "domain",
    "evaluators",
    "store",
    "assign/core",
    "redaction",
    "statistics",
    "store_tools",
]
WITH_MESSAGES_OF_SHARED = [
    "shared/status",
    "shared/rpc",
    "shared/audit",
    "shared/feed",
    "shared/privacy",
]
WITH_GRPC = [
    "rpc",
    "upstream",
    "otlp",
    "assign/client",
    "shared/audit",
    "shared/feed",
    "shared/rpc",
    "shared/testing",
    "cli",
    "examples",
    "bench",
]


def room_of(path):
    """The folder below a service, or use case; None for who puts a service together."""
    parts = path.split("/")
    if len(parts) == 3:
        return parts[1]
    if parts[-1] == "main.cc" or re.search(r"_server\.(h|cc)$", parts[-1]):
        return None
    return "use case"


def place_of(path):
    """What a path is to the rules: a room for a service, else a folder of FOLDERS."""
    parts = path.split("/")
    if parts[0] in SERVICES:
        return room_of(path)
    return "/".join(parts[:2]) if parts[0] in ("assign", "shared") else parts[0]


def wanted(path):
    """The rooms of its own service, and the folders, that `path` may include besides its own."""
    own = path.split("/")[0]
    place = place_of(path)
    rooms, folders = ROOMS[place] if own in SERVICES else ([], FOLDERS[place])
    return [*rooms, *folders.split()]


def may_include(path, name):
    own, other = path.split("/")[0], name.split("/")[0]
    if own == other and own in SERVICES:
        return room_of(name) in [room_of(path), *ROOMS[room_of(path)][0]]
    if place_of(path) == place_of(name) and own not in SERVICES:
        return True
    if other in SERVICES:
        return STORES in wanted(path) and room_of(name) == "store"
    return place_of(name) in wanted(path)


def check_includes(repository):
    """Services meet in protos/ alone; rooms and folders depend one way."""
    ours = {path.split("/")[0] for path in repository.paths}
    for path, number, name in includes(repository):
        own, other = path.split("/")[0], name.split("/")[0]
        if other not in ours or name.endswith(".pb.h"):
            continue
        if own in SERVICES and other in SERVICES and other != own:
            yield f"{path}:{number}: includes another service, want its stub"
        elif not may_include(path, name):
            want = " or ".join(wanted(path)) or "nothing of ours"
            yield f"{path}:{number}: {place_of(path)} includes {name}, want {want}"


def check_contracts(repository):
    """Messages and gRPC stay where calls come in or go out."""
    for path, number, name in includes(repository):
        place = place_of(path)
        shared = path.startswith("shared/") and place not in WITH_MESSAGES_OF_SHARED
        if name.endswith(".pb.h") and (place in NO_MESSAGES or shared):
            yield f"{path}:{number}: {place} knows no message, got {name}"
        elif name.startswith("grpcpp/") or name.endswith(".grpc.pb.h"):
            if place not in WITH_GRPC:
                yield f"{path}:{number}: {place} knows no gRPC, got {name}"


def includes(repository):
    """Every include that a rule is there for: the path, the line, and what is included."""
    for path in repository.named(".h", ".cc"):
        own = path.split("/")[0]
        place = place_of(path)
        # A benchmark beside a library compares it with whatever it likes.
        if own in FREE or place is None or "/bench/" in path:
            continue
        if place not in (ROOMS if own in SERVICES else FOLDERS):
            continue
        for number, line in enumerate(repository.lines(path), 1):
            if include := re.match(r'#include [<"]([^>"]+)', line):
                yield path, number, include.group(1)


def check_rooms(repository):
    """A room or folder without a rule would be held to none."""
    seen = set()
    for path in repository.named(".h", ".cc"):
        own = path.split("/")[0]
        place = place_of(path)
        rules = ROOMS if own in SERVICES else FOLDERS
        if own in FREE or place is None or place in rules or (own, place) in seen:
            continue
        seen.add((own, place))
        name = "ROOMS" if own in SERVICES else "FOLDERS"
        yield f"{path}:1: no rule for {place}, want one in {name} of tools/tree/layers.py"


def in_words(folders):
    """shared/{a,b} for shared/a and shared/b."""
    rooms = [name[len("shared/"):] for name in folders if name.startswith("shared/")]
    words = [
        "every `store/`" if name == STORES else f"`{name}/`"
        for name in folders
        if not name.startswith("shared/")
    ]
    if rooms:
        words.append(f"`shared/{rooms[0] if len(rooms) == 1 else '{' + ','.join(rooms) + '}'}`")
    return ", ".join(words) or "nothing of ours"


def table():
    """The rows that ARCHITECTURE.md has to have."""
    for room, (rooms, folders) in ROOMS.items():
        name = "use cases" if room == "use case" else f"`{room}/`"
        own = ", ".join("use cases" if other == "use case" else other for other in rooms)
        yield f"| {name} | {own or 'none'} | {in_words(folders.split())} |"
    for folder, folders in FOLDERS.items():
        yield f"| `{folder}/` | {in_words(folders.split())} |"


def check_table(repository):
    path = "ARCHITECTURE.md"
    if path in repository.paths:
        lines = repository.lines(path)
        for row in table():
            if row not in lines:
                yield f"{path}:1: its table of includes, want the row {row}"


RULES = (check_includes, check_contracts, check_rooms, check_table)
