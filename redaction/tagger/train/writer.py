"""Fills templates, and puts names into the sentences of documents."""

import re

import gazetteers
from addresses import split_of

SYLLABLES = "za lu mo ri ven tra xo neo vi qua syn ter ka bol dra fy no pex li gro sta ".split()


# What a name, or that of a product, can stand for.
POSSESSIVE = {"his", "their", "our", "my", "your", "its"}
PRONOUNS = {
    "en": r"\b([Hh]e|[Ss]he|him|[Ss]omeone|[Ss]omebody|I(?= \w+ed| had| could| would"
    r"| did| went| was"
    r"| can| will)|[Yy]ou(?= can| may| should| could| would| will| must| might)|them|us|me"
    r"|[Tt]hey(?= can| may| had| did| could| will)|[Ww]e(?= can| had| will| could)"
    r"|[Ii]t(?= is| was| has| will| can)|[Hh]is|[Tt]heir|[Oo]ur|[Mm]y|[Yy]our|[Ii]ts)\b(?!['’])",
    "de": r"\b(er|sie|ihm|ihn|wir|ich|Er|Wir|Ich|jemand|man)\b(?= )",
    "fr": r"\b(il|elle|lui|nous|vous|Il|Elle|Nous|Vous|on)\b(?! y)(?= )",
    "es": r"\b([Uu]sted|él|ella|ellos|alguien)\b(?= )",
    "it": r"\b(lui|lei|noi|loro|qualcuno|utente)\b(?= )",
    "pt": r"\b([Vv]ocê|ele|ela|nós|alguém)\b(?= )",
}


def title_case(text):
    small = {"a", "an", "the", "of", "in", "on", "to", "for", "and", "or", "with", "by", "is"}
    words = text.split()
    return " ".join(w if w in small and i else w[:1].upper() + w[1:] for i, w in enumerate(words))


class Writer:
    """Fills templates with the entities of one split."""

    def __init__(self, entities, split, sentences, words, seed):
        self.fill = entities.filler(split, seed)
        self.rng = self.fill.rng
        self.sentences, self.words = sentences, words
        self.nouns = sorted(
            {
                w
                for s in sentences.get("de", [])
                for w in re.findall(r"(?<=[a-zäöü,] )[A-ZÄÖÜ][a-zäöüß]{3,}", s)
            }
        )

    def invented(self):
        r = self.rng
        word = "".join(r.choice(SYLLABLES) for _ in range(r.randint(2, 3)))
        return (
            word.capitalize()
            if r.random() < 0.8
            else word.capitalize() + r.choice(["Soft", "Hub", "ly", "OS", "DB", "X"])
        )

    def product(self):
        r, kind = self.rng, self.rng.random()
        if kind < 0.35:
            return self.invented() + r.choice(
                ["", "", " " + str(r.randint(2, 15)), " Pro", " Max", " Plus", " Mini"]
            )
        words = [w.capitalize() for w in r.sample(self.words, r.choice([1, 2, 2, 3]))]
        return " ".join(words) + r.choice(["", "", "", " Pro", " X2", " 3000", " Kit", " Set"])

    def headline(self):
        r = self.rng
        words = r.choice(self.sentences["en"]).strip(".!?").split()
        start = r.randrange(max(1, len(words) - 3))
        return title_case(" ".join(words[start : start + r.randint(2, 8)]).strip(',;:"()'))

    def function(self):
        words = self.rng.sample(self.words, 2)
        return words[0] + words[1].capitalize() if self.rng.random() < 0.5 else "_".join(words)

    def thing(self, name, language):
        r, f = self.rng, self.fill
        if r.random() < 0.25:
            names = [n for n in gazetteers.EPONYMS if split_of(n) == f.split] or gazetteers.EPONYMS
            return r.choice(names)
        language = language if r.random() < 0.5 else "en"
        for _ in range(20):
            word = f.first(language) if name == "f" else f.surname(language)
            if word.isascii() or language != "en":
                break
        return word

    def slot(self, name, language):
        r, f = self.rng, self.fill
        mark = lambda letter, text: f"\1{letter}{text}\2"
        if name == "N":
            return mark("N", f.name(language))
        if name == "F":
            return mark("N", f.first(language))
        if name == "L":
            return mark("N", f.surname(language))
        if name == "TL":
            titles = "Mr. |Mrs. |Ms. |Dr. |Mr |Ms |Dr |Miss |Prof. |Mr.  ".split("|")
            who = (
                f.surname(language)
                if r.random() < 0.8
                else f.first(language) + " " + f.surname(language)
            )
            return r.choice(titles) + mark("N", who)
        if name in ("A", "AB"):
            return mark("A", f.address(language, name == "AB"))
        if name == "S":
            return mark("A", f.street(language))
        if name == "T":
            return (
                mark("P", f.town(language)) if r.random() < 0.7 else mark("P", f.place(language))
            )
        if name == "C":
            return mark("P", r.choice(f.countries))
        if name == "R":
            return mark("P", r.choice(gazetteers.NATIONALITIES))
        if name == "O":
            return mark("O", f.organisation(language))
        if name == "D":
            return mark("D", f.date(language))
        # Things, places and makers that are called like persons.
        if name in ("f", "l", "n"):
            first, last = self.thing("f", language), self.thing("l", language)
            return {"f": first, "l": last, "n": f"{first} {last}"}[name]
        if name in ("pf", "pl", "of", "ol"):
            return mark(name[0].upper(), self.thing(name[1], language))
        if name == "G":
            return mark("G", str(r.randint(1, 97)))
        upper = lambda n: "".join(r.choice("ABCDEFGHIJKLMNOPRSTUVWXYZ") for _ in range(n))
        fillers = {
            "J": lambda: r.choice(gazetteers.JOBS),
            "W": lambda: r.choice(self.words),
            "X": self.product,
            "HL": self.headline,
            "num": lambda: str(
                r.choice([r.randint(1, 20), r.randint(20, 999), r.randint(1000, 99999999)])
            ),
            "money": lambda: r.choice(
                ["${}", "{} EUR", "€{}", "£{}", "{} dollars", "USD {}"]
            ).format(
                r.choice(
                    [
                        r.randint(1, 99),
                        r.randint(100, 9999),
                        f"{r.randint(1, 99)}.{r.randint(10, 99)}",
                        f"{r.randint(1, 99)},{r.randint(100, 999)}",
                    ]
                )
            ),
            "time": lambda: r.choice(["{}:{:02}", "{} am", "{}:{:02}:17", "{} o'clock"]).format(
                r.randint(1, 12), r.randint(0, 59)
            ),
            "id": lambda: r.choice(
                [
                    upper(6),
                    "#W" + str(r.randint(10**6, 10**7)),
                    upper(2) + str(r.randint(1000, 99999)),
                ]
            ),
            "fl": lambda: r.choice(["HAT", "UA", "LH", "BA", ""]) + str(r.randint(10, 999)),
            "ap": lambda: upper(3),
            "fn": self.function,
            "FN": lambda: "".join(w.capitalize() for w in r.sample(self.words, 2)),
            "EX": lambda: r.choice(
                [
                    "ValueError",
                    "TimeoutException",
                    "Null Pointer",
                    "Segmentation Fault",
                    "KeyError",
                    "None",
                    "True",
                ]
            ),
            "dec": lambda: r.choice(
                [
                    f"{r.random():.3f}",
                    f"{r.random() * 100:.3f}",
                    f"{r.random() * 9999:.2f}",
                    f"{r.random():.4f}",
                    f"-{r.random():.2f}",
                    f"{r.randint(1, 99)}.{r.randint(1, 9)} %",
                ]
            ),
            "AB": lambda: r.choice(
                [
                    upper(3),
                    upper(4),
                    upper(2),
                    "Elo",
                    "Kc",
                    "Acc",
                    "mAP",
                    "GBP",
                    "USD",
                    "EUR",
                    "BTC",
                ]
            ),
            "DE": lambda: r.choice(self.nouns),
        }
        return fillers[name]()

    def write(self, language, template):
        r = self.rng
        text = template.replace("\\n", "\n")
        while True:
            chosen = re.sub(
                r"\[([^\[\]]*\|[^\[\]]*)\]", lambda m: r.choice(m.group(1).split("|")), text
            )
            if chosen == text:
                break
            text = chosen
        return re.sub(r"\{(\w+)\}", lambda m: self.slot(m.group(1), language), text)

    def with_names(self, language, sentence):
        """A sentence about him, you or me becomes one about somebody, or about some product."""
        r, pattern = self.rng, PRONOUNS.get(language)
        found = list(re.finditer(pattern, sentence)) if pattern else []
        if not found:
            return None
        product = r.random() < 0.35
        chosen = r.sample(found, min(len(found), r.choice([1, 1, 2])))
        name = self.fill.name(language) if r.random() < 0.5 else self.fill.first(language)
        for match in sorted(chosen, key=lambda m: -m.start()):
            if r.random() < 0.3:
                name = self.fill.name(language)
            who = self.product() if product else f"\1N{name}\2"
            if language == "en" and match.group().lower() in POSSESSIVE:
                who += r.choice(["'s", "'s", "’s"])
            sentence = sentence[: match.start()] + who + sentence[match.end() :]
        return sentence

    def with_subject(self, sentence):
        """The user, a man, the author, ...: somebody with a name."""
        r = self.rng
        changed = re.sub(
            r"\b([Tt]he|[Aa]|[Yy]our) (user|man|woman|author|maintainer|developer|girl|boy|lawyer"
            r"|doctor|programmer|boss|friend|wife|husband|professor|guy|teacher|administrator"
            r"|reader|lady|student|person)\b(?! \w+(name|id)\b)(?![-/])",
            lambda m: f"\1N{self.fill.name('en')}\2",
            sentence,
            count=1,
        )
        return changed if changed != sentence else None
