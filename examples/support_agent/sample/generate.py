#!/usr/bin/env python3
"""Writes train.csv and test.csv, the sample of customer queries, from grammar.txt.

    python3 generate.py [--out DIRECTORY]

The same grammar gives the same bytes on every machine and Python 3: nothing but Random.random(),
whose sequence the language guarantees, decides anything.
"""

import argparse
import csv
import pathlib
import random
import re

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20240607
TRAIN_ROWS = 4500
TEST_ROWS = 400

# How evenly the templates of an intent are used: as in real traffic, the first are the commonest.
FLATNESS = 1.5

# The share of queries that ...
OPENING_SHARE = 0.18  # greet or hesitate first
ASIDE_SHARE = 0.04  # tell something that has nothing to do with the intent
CLOSING_SHARE = 0.12  # end with thanks or impatience
LOWER_CASE_SHARE = 0.55  # are typed without capitals
BARE_END_SHARE = 0.45  # lack the final full stop
TYPO_SHARE = 0.06  # have one word mistyped


class Dice:
    """Random decisions, all made of Random.random()."""

    def __init__(self, seed):
        self._random = random.Random(seed).random

    def below(self, n):
        return int(self._random() * n)

    def chance(self, share):
        return self._random() < share

    def choose(self, items):
        return items[self.below(len(items))]

    def choose_early(self, items):
        """An item; the one at rank r, from 0, with a share of 1 / (r + FLATNESS)."""
        shares = [1 / (rank + FLATNESS) for rank in range(len(items))]
        left = self._random() * sum(shares)
        for item, share in zip(items, shares):
            left -= share
            if left < 0:
                return item
        return items[-1]

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]


class Grammar:
    """The symbols and intents of grammar.txt, whose head explains the notation."""

    def __init__(self, text):
        self.symbols = {}  # name -> alternatives
        self.templates = {}  # intent -> templates
        self.weights = {}  # intent -> relative number of rows
        intent = None
        for line in text.splitlines():
            line = line.rstrip()
            if not line or line.startswith("#"):
                continue
            symbol = re.fullmatch(r"<(\w+)> = (.*)", line)
            section = re.fullmatch(r"\[(\w+)\] (\d+)", line)
            if symbol:
                self.symbols[symbol[1]] = symbol[2].split("|")
            elif section:
                intent = section[1]
                self.weights[intent] = int(section[2])
                self.templates[intent] = []
            else:
                self.templates[intent].append(line)

    def expand(self, template, dice):
        """A text of the template: its innermost choices first, until none is left."""
        while True:
            choice = re.search(r"\(([^()]*)\)|<(\w+)>", template)
            if not choice:
                return re.sub(r" ([?,.])", r"\1", " ".join(template.split()))
            options = self.symbols[choice[2]] if choice[2] else choice[1].split("|")
            template = template[: choice.start()] + dice.choose(options) + template[choice.end() :]


def mistype(text, dice):
    """The text with one longer word mistyped: a letter dropped, doubled or swapped."""
    words = text.split(" ")
    places = [i for i, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not places:
        return text
    place = dice.choose(places)
    word = words[place]
    i = 1 + dice.below(len(word) - 2)
    words[place] = dice.choose(
        [
            word[:i] + word[i + 1 :],
            word[:i] + word[i] + word[i:],
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
        ]
    )
    return " ".join(words)


def write_query(grammar, intent, dice):
    """One query of a customer with this intent."""
    text = grammar.expand(dice.choose_early(grammar.templates[intent]), dice)
    ends_open = text[-1] not in "?!."
    if dice.chance(ASIDE_SHARE):
        aside = grammar.expand("<aside>", dice)
        if dice.chance(0.5):
            text = aside + " " + text[0].upper() + text[1:]
        else:
            text = text + ("." if ends_open else "") + " " + aside
    if dice.chance(OPENING_SHARE):
        text = grammar.expand("<opening>", dice) + " " + text
    if dice.chance(CLOSING_SHARE):
        separator = ", " if text[-1] not in "?!." else " "
        text += separator + grammar.expand("<closing>", dice)
    text = text[0].upper() + text[1:]
    if text[-1] not in "?!." and not dice.chance(BARE_END_SHARE):
        text += "."
    if dice.chance(LOWER_CASE_SHARE):
        text = text.lower()
    if dice.chance(TYPO_SHARE):
        text = mistype(text, dice)
    return text


def comparison_key(text):
    """Equal for texts that differ in case, spaces and punctuation only."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def make_rows(grammar, dice):
    """TRAIN_ROWS + TEST_ROWS shuffled (text, intent), no two with the same comparison key."""
    intents = [intent for intent, weight in grammar.weights.items() for _ in range(weight)]
    rows = []
    seen = set()
    while len(rows) < TRAIN_ROWS + TEST_ROWS:
        intent = dice.choose(intents)
        text = write_query(grammar, intent, dice)
        key = comparison_key(text)
        if key not in seen:
            seen.add(key)
            rows.append((text, intent))
    dice.shuffle(rows)
    return rows


def write_csv(path, rows):
    """Quoted as RFC 4180 has it, where needed only; lines end in LF."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "category"])
        writer.writerows(rows)


def main():
    parser = argparse.ArgumentParser(description="Write train.csv and test.csv from grammar.txt.")
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="default: this folder")
    out = parser.parse_args().out

    grammar = Grammar((HERE / "grammar.txt").read_text(encoding="utf-8"))
    rows = make_rows(grammar, Dice(SEED))
    write_csv(out / "train.csv", rows[:TRAIN_ROWS])
    write_csv(out / "test.csv", rows[TRAIN_ROWS:])


if __name__ == "__main__":
    main()
