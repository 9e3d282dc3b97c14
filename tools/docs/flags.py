"""docs/reference/flags.md: every flag of the services and of the command, from their --help."""

import re
import subprocess
from dataclasses import dataclass, field

from docs.markdown import table

SERVICES = ["ingest", "curation", "eval-gate", "experiment"]
COLUMNS = ("Flag", "Environment", "Default", "Meaning")
# Every program has them.
LEFT_OUT = ("--help", "--version")
# What so many commands take with the same words stands once.
MANY = 5


@dataclass
class Flag:
    """An option, a positional argument or a subcommand."""

    name: str
    # What it takes, where that is one of a few words: "tau-bench|openai-chat".
    choices: str = ""
    required: bool = False
    default: str = ""
    variable: str = ""
    meaning: str = ""

    def row(self):
        name = f"{self.name} {self.choices}".strip()
        default = "required" if self.required else _code(self.default)
        return (_code(name), _code(self.variable), default, self.meaning)


@dataclass
class Help:
    """What --help prints, as CLI11 does: a description, then sections of flags."""

    description: str
    sections: dict = field(default_factory=dict)

    def flags(self):
        every = self.sections.get("Positionals", []) + self.sections.get("Options", [])
        return [flag for flag in every if flag.name not in LEFT_OUT]


def parse(text):
    description, _, rest = text.partition("Usage:")
    help_text = Help(_prose(description))
    section = None
    for line in rest.split("\n"):
        if re.fullmatch(r"[A-Z]\w*:", line):
            section = help_text.sections.setdefault(line[:-1], [])
        elif not line.strip():
            section = None
        elif section is None:
            continue
        elif line.startswith(" " * 10):
            # More of what the flag above means.
            section[-1].meaning = f"{section[-1].meaning} {line.strip()}".strip()
        else:
            section.append(_flag(line))
    return help_text


def _flag(line):
    """A line such as '  --listen TEXT=127.0.0.1:4317 (Env:FLYWHEEL_LISTEN)', or with what it means
    behind at least two spaces."""
    signature, _, meaning = line.strip().partition("  ")
    names, _, rest = signature.partition(" ")
    flag = Flag(names.split(",")[-1], meaning=meaning.strip())
    if choices := re.match(r"[a-z|-]+(?=$| |=)", rest):
        flag.choices = choices.group()
    if variable := re.search(r"\(Env:(\w+)\)", rest):
        flag.variable = variable.group(1)
    if default := re.search(r"=(\S*)", rest):
        flag.default = default.group(1).strip("[]")
    flag.required = " REQUIRED" in rest
    return flag


def _prose(description):
    """Lines that are set in by two columns are items of a list."""
    text = ""
    for line in description.split("\n"):
        if item := re.match(r"  (\S+)  +(.*)", line):
            text += f"\n\n- `{item.group(1)}`: {item.group(2)}"
        else:
            text += " " + line.strip()
    return text.strip()


def _code(text):
    return f"`{text}`" if text else ""


def _shared_row(flags):
    """A flag of every service, whose defaults may differ."""
    row = list(flags[0].row())
    if len({flag.default for flag in flags}) > 1:
        row[2] = ", ".join(f"{name} `{flag.default}`" for name, flag in zip(SERVICES, flags))
    return row


def _commands(help_of, *path):
    """The help of each command below one, and of those below it, by what is typed for it."""
    found = {}
    for command in parse(help_of("flywheel", *path)).sections.get("Subcommands", []):
        below = (*path, command.name)
        found[" ".join(below)] = parse(help_of("flywheel", *below))
        found |= _commands(help_of, *below)
    return found


def render(help_of):
    """`help_of(program, *subcommand)` is the text that it prints with --help."""
    helps = {name: parse(help_of(f"flywheel-{name}")) for name in SERVICES}
    flags = {name: {flag.name: flag for flag in helps[name].flags()} for name in SERVICES}
    shared = [flag for flag in flags["ingest"] if all(flag in flags[name] for name in SERVICES)]
    parts = ["## Every service\n"]
    rows = [_shared_row([flags[name][flag] for name in SERVICES]) for flag in shared]
    parts.append(table(COLUMNS, rows))
    for name in SERVICES:
        own = [flag for flag in helps[name].flags() if flag.name not in shared]
        parts += _section(f"flywheel-{name}", helps[name].description, own)
    commands = _commands(help_of)
    takers = {}
    for name, command in commands.items():
        for flag in command.flags():
            takers.setdefault(flag.row(), []).append(name)
    many = {row: ", ".join(names) for row, names in takers.items() if len(names) >= MANY}
    parts.append("## flywheel, most commands\n")
    parts.append(table(COLUMNS + ("Of",), [row + (names,) for row, names in many.items()]))
    for name, command in commands.items():
        own = [flag for flag in command.flags() if flag.row() not in many]
        parts += _section(f"flywheel {name}", command.description, own)
    return "\n".join(parts)


def _section(title, description, flags):
    section = [f"## {title}\n\n{description}\n"]
    return section + [table(COLUMNS, [flag.row() for flag in flags])] if flags else section


def runner(directory):
    """The --help of the programs in a directory."""

    def help_of(program, *subcommand):
        command = [f"{directory}/{program}", *subcommand, "--help"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    return help_of
