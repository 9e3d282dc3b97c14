"""Sentences of documents: ordinary text, cleared of what may be a person's name."""

import glob
import html
import os
import re
import zlib

# What is read of each package (unpacked under --corpus), its language, and its split. Licences are
# in ../README.md.
SOURCES = [
    ("python3.11-doc/usr/share/doc/python3.11/html/_sources/**/*.txt", "en", None),
    ("fortunes/usr/share/games/fortunes/*.u8", "en", None),
    ("fortunes-min/usr/share/games/fortunes/*.u8", "en", None),
    ("fortunes-de/usr/share/games/fortunes/de/*.u8", "de", None),
    # Never trained on.
    ("developers-reference/**/*.html", "en", "test"),
    ("maint-guide/**/*.en.html", "en", "test"),
    ("debmake-doc/**/*.en.html", "en", "test"),
]


def plain(text):
    if "<html" in text[:2000] or "<!DOCTYPE" in text[:200]:
        text = re.sub(r"(?s)<(script|style|pre)\b.*?</\1>", " ", text)
        text = re.sub(r"<(p|li|h\d|td|dd|dt|div|br)\b[^>]*>", "\n\n", text)
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    else:
        text = re.sub(r":[\w:+-]+:`~?!?([^`<]*)[^`]*`", r"\1", text)
        text = re.sub(r"``([^`]*)``", r"\1", text)
        text = re.sub(r"\*\*?([^*\n]+)\*\*?", r"\1", text)
    return text


def sentences_of(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        text = plain(file.read())
    for block in re.split(r"\n\s*\n|\n%\n", text):
        block = " ".join(block.split())
        if ".. " in block or "::" in block or len(block) < 12:
            continue
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ\"'(])", block):
            letters = sum(c.isalpha() or c == " " for c in sentence)
            if 12 < len(sentence) < 400 and letters > 0.75 * len(sentence) and "--" not in sentence:
                yield sentence


def read(folder, may_be_name):
    """Sentences by language and split. `may_be_name(words, i)` tells words that name somebody."""
    found = {}
    for pattern, language, fixed in SOURCES:
        for path in sorted(glob.glob(os.path.join(folder, pattern), recursive=True)):
            if path.endswith(".gz") or "cookie" in path or "people" in path:
                continue
            bucket = zlib.crc32(os.path.basename(path).encode()) % 100
            split = fixed or ("train" if bucket < 80 else "calibrate" if bucket < 90 else "test")
            for sentence in sentences_of(path):
                words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", sentence)
                if not any(may_be_name(words, i) for i in range(len(words))):
                    found.setdefault((language, split), {})[sentence] = True
    return {key: list(value) for key, value in found.items()}
