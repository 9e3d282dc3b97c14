"""What a change of a contract breaks, and for whom; works on the lists of descriptors.py.

Wire: peers of another version, in binary. JSON: those who speak or keep the JSON form, such as
grpcurl and files of users. Source: code that was written against the old contract.
"""

# Scalars of one group have the same form on the wire, so the other side still reads them.
SAME_ON_THE_WIRE = (
    {"int32", "uint32", "int64", "uint64", "bool"},
    {"sint32", "sint64"},
    {"fixed32", "sfixed32"},
    {"fixed64", "sfixed64"},
    {"string", "bytes"},
)

EVERYTHING = "wire, JSON and source"
LABELS = ("repeated", "optional")


def parse(line):
    """A key that stays the same while the element is the same, and what may change of it."""
    kind, name, *rest = line.split(" ")
    if kind in ("message", "enum", "service"):
        return (kind, name), {}
    if kind == "reserved":
        return (kind, name, rest[0]), {}
    if kind == "value":
        return (kind, name, rest[0]), {"name": rest[1]}
    if kind == "rpc":
        request, response = " ".join(rest[1:]).split(" -> ")
        return (kind, name, rest[0]), {"request": request, "response": response}
    number, *rest = rest
    label = rest.pop(0) if rest[0] in LABELS else "singular"
    options = dict(word.split("=") for word in rest[2:])
    return ("field", name, number), {
        "type": rest[0],
        "label": label,
        "name": rest[1],
        "oneof": options.get("oneof", "none"),
        "JSON name": options.get("json", "its own"),
    }


def type_breaks(old, new):
    if any({old, new} <= group for group in SAME_ON_THE_WIRE):
        return "JSON and source; on the wire what does not fit the new type is cut"
    return EVERYTHING


def label_breaks(old, new):
    if {old, new} == {"singular", "optional"}:
        return "source: has_x() comes or goes, and with it the difference of 0 and nothing"
    return EVERYTHING


def change_breaks(kind, what, old, new):
    if what == "type":
        return type_breaks(old, new)
    if what == "label":
        return label_breaks(old, new)
    if what == "oneof":
        return "source; setting one field of a oneof clears the others, on the wire too"
    if kind == "rpc":
        return "wire and source"
    return "JSON and source"


REMOVED = {
    "message": "source, and whoever still sends or reads it",
    "enum": "source, and whoever still sends or reads it",
    "service": "wire and source: its callers get UNIMPLEMENTED",
    "rpc": "wire and source: its callers get UNIMPLEMENTED",
    "field": f"{EVERYTHING}: what others send in it is lost; reserve its number and name",
    "value": f"{EVERYTHING}: others' values are no longer known; reserve its number and name",
    "reserved": "whoever kept old data: the number or name may come again and mean another thing",
}


def compare(old_lines, new_lines):
    """What the change breaks, a sentence each; additions break nothing."""
    new = dict(map(parse, new_lines))
    owners = {key[1] for key in new if key[0] in ("message", "enum", "service")}
    numbers = {
        (kind, owner, element["name"]): number
        for (kind, owner, *number), element in new.items()
        if "name" in element
    }
    for key, before in map(parse, old_lines):
        kind, owner, element = (*key, "")[:3]
        name = before.get("name", element)
        label = f"{kind} {owner}.{name}" if name else f"{kind} {owner}"
        if "name" in before:
            label += f" = {element}"
        if key in new:
            for what, was in before.items():
                now = new[key][what]
                if now != was:
                    breaks = change_breaks(kind, what, was, now)
                    yield f"{label}: its {what} was {was} and is {now}; breaks {breaks}"
        elif (kind, owner, name) in numbers:
            yield f"{label}: its number is now {numbers[(kind, owner, name)][0]}; breaks wire"
        # What went with its owner is said once.
        elif not element or owner in owners:
            yield f"{label}: is gone; breaks {REMOVED[kind]}"
