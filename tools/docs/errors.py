"""docs/reference/errors.md: every reason, from error_reason.proto and the named constructors."""

import re

from docs.contract import Incomplete
from docs.markdown import codes, table

CONSTRUCTORS = "shared/status/errors.cc"

# No error of ours has it.
NEVER_MADE = "UNSPECIFIED"

# The constructor that takes its reason from its caller.
GENERAL = "FailedPrecondition"


def constructors(source):
    """Of each reason its code, whether it carries RetryInfo, and its keys of metadata:
    {"NOT_FOUND": ("NOT_FOUND", "no", ["what", "id"])}."""
    found = {}
    for body in re.findall(r"^absl::Status \w+\(.*?^\}", source, re.DOTALL | re.MULTILINE):
        made = re.search(r"absl::StatusCode::k(\w+),\s*(?:Reason::k(\w+)|reason)", body)
        if not made:
            continue
        delay = re.search(r"absl::(Milliseconds|Seconds)\((\d+)\)\);", body)
        if delay:
            unit = "ms" if delay.group(1) == "Milliseconds" else "s"
            retry = f"yes, after {delay.group(2)} {unit}"
        else:
            always = "WithRetry" in body and "std::optional" not in body
            retry = "yes" if always else "where it says so" if "WithRetry" in body else "no"
        keys = re.findall(r'\{"(\w+)", ', body)
        reason = _upper(made.group(2)) if made.group(2) else GENERAL
        found[reason] = (_upper(made.group(1)), retry, keys)
    return found


def _upper(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper()


def meaning(comment):
    """The comment without the keys of metadata that it names in parentheses, and these."""
    keys = []

    def take(match):
        keys.extend(key.strip() for key in match.group(1).split(","))
        return ""

    text = re.sub(r" \(((?:\w+(?:, )?)+)\)(?=[.:;]|$)", take, comment)
    return text, [key for key in keys if key != "RetryInfo"]


def general_reasons(sources):
    """The reasons that callers give the general constructor, in any of these texts."""
    found = set()
    for source in sources:
        names = re.findall(GENERAL + r"\(\s*Reason::k(\w+)", source)
        found.update(_upper(name) for name in names)
    return found


def render(contract, source, callers):
    """`callers`: the texts of all sources that make errors."""
    made = constructors(source)
    for reason in general_reasons(callers):
        made.setdefault(reason, made[GENERAL])
    rows = []
    for name, comment in contract.enums["ErrorReason"]:
        reason = name.removeprefix("ERROR_REASON_")
        if reason == NEVER_MADE:
            continue
        if reason not in made:
            raise Incomplete(f"{name}: no constructor of {CONSTRUCTORS} makes it")
        text, keys = meaning(comment)
        code, retry, sent = made[reason]
        if sorted(keys) != sorted(sent):
            raise Incomplete(f"{name}: its comment names {keys}, {CONSTRUCTORS} sends {sent}")
        rows.append((f"`{reason}`", code, retry, text, codes(keys)))
    return table(("Reason", "gRPC code", "RetryInfo", "Meaning", "Metadata"), rows)
