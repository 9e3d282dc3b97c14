"""Tables of Markdown."""


def cell(text):
    """Text as it may stand in a cell: '|' would end it."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def codes(names):
    return ", ".join(f"`{name}`" for name in names)
