"""What may include what: ARCHITECTURE.md says it in words, and this holds it."""

import re

SERVICES = ["ingest_service", "curation_service", "eval_gate_service", "experiment_service"]
# Who calls services, or works on their files, and puts none together.
CLIENTS = ["cli", "examples", "store_tools"]

# Libraries of their own, and what each may include of ours besides itself.
LIBRARIES = {
    "redaction": ["shared/files/", "shared/status/", "shared/text/"],
    "statistics": ["shared/status/"],
}

# The rooms of its own service that a room may include; ARCHITECTURE.md says the same in words.
ALLOWED = {
    "domain": [],
    "store": ["domain"],
    "upstream": ["domain"],
    "use case": ["domain", "store", "upstream"],
    # Ingest's use cases stand in rooms by what they do.
    "payloads": ["domain", "store"],
    "record": ["domain", "store", "payloads"],
    "privacy": ["domain", "store", "payloads", "record"],
    "retention": ["domain", "store", "payloads"],
    "rpc": ["domain", "payloads", "record", "privacy", "use case"],
    "otlp": ["domain", "store", "payloads", "record", "privacy"],
    "http": ["otlp"],
}

# What it may not include of shared/.
FORBIDDEN = {
    "domain": ["shared/sql/", "shared/rpc/"],
    "store": ["shared/rpc/"],
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


def may_include(repository, library, name):
    """Itself, what LIBRARIES allows, and what is not ours."""
    folder = name.split("/")[0] + "/"
    ours = name.endswith(".pb.h") or any(path.startswith(folder) for path in repository.paths)
    return not ours or name.startswith((library + "/", *LIBRARIES[library]))


def check_layers(repository):
    """Services meet in protos/ alone; rooms depend one way; domain and store know no gRPC."""
    for path in repository.named(".h", ".cc"):
        own = path.split("/")[0]
        for number, line in enumerate(repository.lines(path), 1):
            include = re.match(r'#include [<"]([^>"]+)', line)
            if not include:
                continue
            name = include.group(1)
            other = name.split("/")[0]
            if own in SERVICES and other in SERVICES and other != own:
                yield f"{path}:{number}: includes another service, want its stub"
            if own == "shared" and other in [*SERVICES, *LIBRARIES]:
                yield f"{path}:{number}: shared code includes {other}"
            is_bench = path.split("/")[1] == "bench"
            if own in LIBRARIES and not is_bench and not may_include(repository, own, name):
                yield f"{path}:{number}: {own} includes {name}, want {' or '.join(LIBRARIES[own])}"
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


RULES = (check_layers,)
