"""Addresses of many countries, in one line or as a block."""

import re
import zlib

STREET_ENDS = ["Street", "Road", "St", "Ave", "Avenue", "Blvd", "Lane", "Way"]


def split_of(text):
    """train (four fifths), calibrate or test: decided by the text alone."""
    bucket = zlib.crc32(text.lower().encode()) % 100
    return "train" if bucket < 80 else "calibrate" if bucket < 88 else "test"


class Addresses:
    """The part of Filler that makes addresses of its cities, names and random numbers."""

    def street(self, language):
        return self.address_parts(language)[0]

    def address_parts(self, language):
        r = self.rng
        for _ in range(20):
            locale = self.locale(language)
            if locale == "far":
                locale = "en_US"
            fake = self.e.fakers[locale]
            try:
                street = fake.street_address() if r.random() < 0.85 else fake.street_name()
            except AttributeError:
                continue
            street = " ".join(street.split())
            words = re.findall(r"[^\W\d_]{4,}", street)
            if not words or split_of(words[0]) != self.split:
                continue
            # A street without a number is anybody's.
            if not re.search(r"\d", street):
                continue
            if locale.startswith("en") and r.random() < 0.2:
                street = self.plain_street()
            town = r.choice(self.cities) if r.random() < 0.5 else self.word(fake, "city", "Newton")
            if split_of(town) != self.split:
                town = r.choice(self.cities)
            code = self.word(fake, "postcode", "12345")
            state = self.word(fake, r.choice(["state_abbr", "state"]), "")
            if not state and r.random() < 0.2:
                state = self.word(fake, "administrative_unit", "")
            country = self.word(fake, "current_country", "") or r.choice(self.countries)
            return street, town, code, state, country, locale
        return self.plain_street(), r.choice(self.cities), "12345", "", "France", "en_US"

    def plain_street(self):
        """Streets without a street word, and with a number in words or letters."""
        r = self.rng
        name = r.choice(self.last["en_US"])
        kind = r.random()
        number = r.choice(
            [r.randint(1, 99), r.randint(100, 9999), f"{r.randint(1, 300)}{r.choice('ABCab')}"]
        )
        if kind < 0.35:
            return f"{number} {name}"
        if kind < 0.5:
            side = r.choice(["Old", "North", "East", "Upper", "W", "S", "NE"])
            return f"{number} {side} {name} {r.choice(STREET_ENDS)}"
        if kind < 0.65:
            road = r.choice(["Highway", "Route", "County Road", "State Route"])
            return f"{number} {road} {r.randint(1, 400)}"
        if kind < 0.8:
            ordinal = f"{r.randint(2, 120)}{r.choice(['th', 'nd', 'rd'])}"
            return f"{number} {ordinal} {r.choice(STREET_ENDS)}"
        return (
            f"P.O. Box {r.randint(10, 9999)}"
            if kind < 0.9
            else f"{name} {r.choice(['House', 'Court'])}, {number} {name} {r.choice(STREET_ENDS)}"
        )

    @staticmethod
    def word(fake, method, otherwise):
        try:
            return str(getattr(fake, method)())
        except AttributeError:
            return otherwise

    def unit(self):
        r = self.rng
        return r.choice(
            [
                "Apt {}",
                "Apt. {}",
                "Suite {}",
                "Unit {}",
                "Flat {}",
                "#{}",
                "Floor {}",
                "Room {}",
                "Ste {}",
            ]
        ).format(
            r.choice(
                [r.randint(1, 20), r.randint(100, 999), f"{r.randint(1, 30)}{r.choice('ABCD')}"]
            )
        )

    def address(self, language, block=False):
        r = self.rng
        street, town, code, state, country, locale = self.address_parts(language)
        lines = [street]
        if r.random() < 0.2:
            lines = [f"{street}, {self.unit()}"] if r.random() < 0.5 else [street, self.unit()]
            if r.random() < 0.2:
                lines = [self.unit(), street]
        if locale.startswith("en"):
            place = (
                r.choice(
                    [
                        f"{town}, {state} {code}",
                        f"{town}, {state}, {code}",
                        f"{town} {state} {code}",
                        f"{town} {code}",
                        f"{town}, {code}",
                        f"{town}",
                    ]
                )
                .replace(" ,", ",")
                .replace("  ", " ")
            )
        else:
            place = r.choice(
                [f"{code} {town}", f"{code} {town}", f"{town} {code}", f"{town}, {code}", town]
            )
        form = r.random()
        if form < 0.8 or block:
            lines.append(place)
        if form < 0.25:
            lines.append(country if r.random() < 0.8 else country.upper())
        return ("\n" if block else r.choice([", ", ", ", ", ", " ", ",\n", "\n"])).join(lines)
