#!/usr/bin/env python3
"""Writes the labelled set of tests/redaction/labelled from the templates beside it.

    python3 -m venv build/labelled && build/labelled/bin/pip install faker==40.63.0
    build/labelled/bin/python tools/labelled_set.py

Everything is split by template, which its hash puts into tune or test: whoever improves a
recogniser may look into tune*.jsonl, and test*.jsonl is only measured. The same templates and the
same version of Faker make the same files.
"""

import hashlib
import json
import os
import pathlib
import re
import sys

from labelled_values import Values

SET = pathlib.Path(__file__).parent.parent / "tests/redaction/labelled"
TEMPLATES = SET / "templates"
DOCUMENTS = ("english_talk.txt", "english_work.txt", "english_data.txt", "english_numbers.txt",
             "europe.txt", "world.txt")
CLEAN, CLEAN_MADE = "clean.txt", "clean_made.txt"
ANSWERS, DIALOGUES = "answers.txt", "dialogues.txt"
COPIES = 6

TYPES = {
    "NAME": "first last name", "EMAIL": "email spokenemail", "PHONE": "phone barephone arphone",
    "ADDRESS": "street unit town zip block address", "PLACE": "city country region",
    "ORGANISATION": "company", "DATE": "date", "AGE": "age", "BIRTH_DATE": "dob",
    "CARD": "card last4", "IBAN": "iban", "PASSPORT": "passport", "DRIVER_LICENSE": "licence",
    "NATIONAL_ID": "ssn bareid steuerid nir dni cf cpf bsn cnid", "USER_ID": "userid",
    "IP_ADDRESS": "ip ip6", "MAC": "mac", "PASSWORD": "password", "API_KEY": "apikey", "JWT": "jwt",
    "PRIVATE_KEY": "pem", "URL_CREDENTIALS": "urlcred", "LOCATION": "geo"}
TYPE_OF = {field: name for name, fields in TYPES.items() for field in fields.split()}
FIELD = re.compile(r"\{([a-z_]+[0-9]*)(!?)\}")


def type_of(field):
    kind = re.sub(r"_(upper|lower)", "", field)
    return TYPE_OF.get(kind) or TYPE_OF.get(kind.rstrip("0123456789"))


def half(template):
    return "test" if hashlib.sha256(template.encode()).digest()[0] % 2 else "tune"


def values(template, copy, language, locales):
    locales = locales.split(",")
    seed = hashlib.sha256(f"{template} {copy}".encode()).hexdigest()
    return Values(seed, language, locales[int(seed[:8], 16) % len(locales)])


def filled(template, known):
    """The text, and [begin, end, type] of each value that is personal data, in bytes."""
    text, spans, done = b"", [], 0
    for field in FIELD.finditer(template):
        text += template[done:field.start()].encode()
        value = known.get(field.group(1)).encode()
        begin, name = len(text), type_of(field.group(1))
        # Credentials end in front of the host, which is not theirs.
        text += b"postgres://" + value + b"@db:5432/shop" if name == "URL_CREDENTIALS" else value
        if name == "URL_CREDENTIALS":
            begin += len(b"postgres://")
        if name == "NAME" and spans and spans[-1][2] == name and text[spans[-1][1]:begin] == b" ":
            spans[-1][1] = begin + len(value)
        elif name:
            spans.append([begin, begin + len(value), name])
        done = field.end()
    return (text + template[done:].encode()).decode(), spans


def lines(name):
    """Each line with the words of the heading that it stands under."""
    heading = []
    for line in (TEMPLATES / name).read_text().splitlines():
        if line.startswith("# "):
            heading = line[2:].split()
        elif line:
            yield heading, line.replace("\\n", "\n")


def documents():
    for name in DOCUMENTS + (CLEAN_MADE,):
        for (register, language, locales), template in lines(name):
            for copy in range(COPIES):
                text, spans = filled(template, values(template, copy, language, locales))
                yield template, {"register": register, "language": language, "text": text,
                                 "spans": spans}
    for (language,), text in lines(CLEAN):
        yield text, {"register": "clean", "language": language, "text": text, "spans": []}


def questions():
    """Each kind of answer in a language: its questions, and what stands around the answer."""
    wraps = []
    for (language, locales), line in lines(ANSWERS):
        kind, *parts = line.split(" | ")
        if kind == "wrap":
            wraps = parts
        else:
            kind, *field = kind.split()
            yield (language, locales), kind, (field or [kind])[0], parts, wraps


LEFT = {"count": "2;3;4;12", "yesno": "Yes please;Sounds good;No, leave it;ok",
        "size": "Medium;Navy blue"}


def answers():
    """Two turns each: what the agent asks, and what the user answers with little around it."""
    for number, ((language, locales), kind, field, asked, wraps) in enumerate(questions()):
        for index, question in enumerate(asked):
            template = f"{language} {question}"
            for copy in range(2):
                known = values(template, copy, language, locales)
                choices = LEFT.get(field)
                value = known.either(*choices.split(";")) if choices else known.get(field)
                said = wraps[(number + index + copy * 2) % len(wraps)].replace("{v}", value)
                is_left = kind == "left"
                yield template, {
                    "kind": kind, "language": language,
                    "turns": [["agent", question], ["user", said]],
                    "gone": [] if is_left else [[value, type_of(field)]],
                    "kept": [value] if is_left else []}


def dialogues():
    texts = re.split(r"^# (\w+)\n", (TEMPLATES / DIALOGUES).read_text(), flags=re.M)[1:]
    for name, text in zip(texts[::2], texts[1::2]):
        for copy in range(COPIES * 2):
            known = values(name, copy, "en", "en_US,en_GB,en_CA,es_ES,de_DE,it_IT")
            turns, gone, kept = [], {}, set()
            for line in text.splitlines():
                role, _, said = line.partition(": ")
                turns.append([role, FIELD.sub(lambda f: known.get(f.group(1)), said)])
                for field, is_kept in FIELD.findall(said):
                    if is_kept:
                        kept.add(known.get(field))
                    elif field.startswith("name"):
                        for part in ("first", "last"):
                            gone[known.get(part + field[4:])] = "NAME"
                    # What a town is called is no secret of somebody who lives there.
                    elif type_of(field) and not field.startswith(("town", "city")):
                        gone[known.get(field)] = type_of(field)
            yield text, {"kind": "dialogue", "register": name, "turns": turns,
                         "gone": sorted(map(list, gone.items())), "kept": sorted(kept)}


def write(name, records):
    halves = {"tune": [], "test": []}
    for template, record in records:
        halves[half(template)].append(record)
    for which, made in halves.items():
        text = "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
                       for record in made)
        path = SET / f"{which}{name}.jsonl"
        path.write_text(text)
        print(f"{path.name}: {len(made)} records, {len(text.encode())} bytes")


if __name__ == "__main__":
    # Faker draws from sets, whose order is another one with every start of Python but for this.
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    write("", documents())
    write("_conversations", (*answers(), *dialogues()))
