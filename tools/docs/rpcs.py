"""docs/reference/rpcs.md: every RPC, from the comments of the contracts."""

import re

from docs.contract import Incomplete
from docs.markdown import codes, table

READS = ("BatchGet", "Get", "List", "Read", "Watch", "Export", "Check", "Analyze", "Find",
         "Compare", "Explain", "Replay", "ScanText", "Verify")


def effect(rpc):
    """The first sentence, which says what the call does."""
    return re.match(r'.*?[.?!]"?(?= [A-Z"]|$)', rpc.comment).group()


def role(rpc):
    """Who may call: what stands behind 'Role:', without the reason for it."""
    match = re.search(r"Role: (.+?)(?:\. |\.$|$)", rpc.comment)
    if not match:
        raise Incomplete(f"{rpc.name}: its comment says no 'Role: ...'")
    return match.group(1).split(":")[0]


def again(rpc, fields_of):
    """What sending the call again does."""
    by = re.search(r"Idempotent by (\w+)", rpc.comment)
    if by:
        return f"replay, by `{by.group(1)}`"
    if "Idempotent" in rpc.comment:
        return "idempotent"
    if "replayed" in fields_of(rpc.response):
        return f"replay, by `{fields_of(rpc.request)[0]}`"
    if rpc.name.startswith(READS):
        return "reads"
    raise Incomplete(f"{rpc.name}: its comment says no 'Idempotent', and no answer says 'replayed'")


def errors(rpc, reasons):
    """The reasons that its comment names behind 'Errors:', each once."""
    said = re.findall(r"\b[A-Z_]{4,}\b", rpc.comment.partition("Errors:")[2])
    return [name for name in dict.fromkeys(said) if name in reasons]


def render(contract):
    reasons = {name.removeprefix("ERROR_REASON_") for name, _ in contract.enums["ErrorReason"]}
    parts = []
    for service in contract.services:
        rows = [
            (
                f"`{rpc.name}`",
                effect(rpc),
                role(rpc),
                again(rpc, lambda name: contract.messages[f"{service.package}.{name}"]),
                codes(errors(rpc, reasons)),
            )
            for rpc in service.rpcs
        ]
        full_name = f"{service.package}.{service.name}"
        parts.append(f"## {service.name}\n\n[`{full_name}`](../../{service.path})\n")
        parts.append(table(("RPC", "What it does", "Role", "Sent again", "Errors"), rows))
    return "\n".join(parts)
