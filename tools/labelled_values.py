"""Values that fill the templates of the labelled set: invented persons, addresses, numbers, ids.

Faker (the Python package) makes names, streets, towns and companies; what it makes badly is made
here. Everything comes from the seed that a person of the set is made with.
"""

import base64
import random
import string
import unicodedata

from faker import Faker

from labelled_numbers import Numbers

FAKERS = {}
LATIN = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ß": "ss",
    "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "đ": "d"})
# Streets that say by no word that they are one.
BARE_STREETS = ["Embarcadero", "The Strand", "Piccadilly", "Kingsmead", "Old Orchard",
                "Harbourside", "Cheapside", "Los Olivos", "Bellevue", "Riverside", "The Paddock",
                "Summerhill"]
ARABIC_STREETS = ["شارع الملك فهد", "شارع التحلية", "شارع الجامعة", "شارع النيل",
                  "شارع الأمير سلطان"]
ARABIC_TOWNS = ["الرياض", "جدة", "الدمام", "القاهرة", "عمان", "دبي", "مكة"]
SYLLABLES = ["ka", "mi", "ren", "sho", "wei", "lan", "to", "yu"]
PRODUCTS = ["desk lamp", "water bottle", "hiking boots", "coffee grinder", "tablet sleeve",
            "garden hose", "bluetooth speaker", "rain jacket", "office chair", "yoga mat"]
MONTHS = {
    "en": "January February March April May June July August September October November"
          " December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
          " diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
          " dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro"
          " dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"}


def ascii_of(text):
    latin = unicodedata.normalize("NFKD", text.lower().translate(LATIN))
    latin = "".join(c for c in latin if c.isascii() and c.isalnum())
    # Of a script that this cannot spell: syllables that differ from name to name.
    return latin or "".join(SYLLABLES[ord(c) % len(SYLLABLES)] for c in text)


class Values(Numbers):
    """The values of one document: the same field is the same value in all of it."""

    def __init__(self, seed, language, locale):
        self.language = language
        self.random = random.Random(seed)
        self.latin = locale.endswith("_latin")
        self.locale = locale.removesuffix("_latin")
        self.faker = FAKERS.setdefault(self.locale, Faker(self.locale))
        self.faker.seed_instance(self.random.getrandbits(60))
        self.known = {}

    def get(self, field):
        """The value of "zip" or "zip2": its number tells people and places of a text apart."""
        if field not in self.known:
            kind = field if hasattr(self, field) else field.rstrip("0123456789")
            number = field[len(kind):]
            for suffix, change in (("_upper", str.upper), ("_lower", str.lower)):
                if kind.endswith(suffix):
                    self.known[field] = change(self.get(kind.removesuffix(suffix) + number))
                    return self.known[field]
            made = getattr(self, kind)(number)
            self.known[field] = " ".join(made.split(" ")).strip()
        return self.known[field]

    def either(self, *choices):
        return self.random.choice(choices)

    # People.
    def first(self, _):
        if self.latin and self.locale == "ja_JP":
            return self.faker.first_romanized_name()
        return self._latin(self.faker.first_name())

    def last(self, _):
        if self.latin and self.locale == "ja_JP":
            return self.faker.last_romanized_name()
        return self._latin(self.faker.last_name())

    def _latin(self, text):
        return text.lower().translate(LATIN).title() if self.latin else text

    def name(self, number):
        first, last = self.get("first" + number), self.get("last" + number)
        if self.locale == "zh_CN":
            return last + first
        if self.locale == "ja_JP" and not self.latin:
            return last + self.either("", " ", "　") + first
        if self.locale == "ru_RU" and not self.latin and self.random.random() < 0.4:
            return self.either(f"{last} {first}", self.faker.name())
        middle = ""
        if self.language == "en" and self.random.random() < 0.12:
            middle = self.either(self.random.choice(string.ascii_uppercase) + ". ",
                                 self._latin(self.faker.first_name()) + " ")
        return f"{first} {middle}{last}"

    def email(self, number):
        first, last = (ascii_of(self.get(part + number)) for part in ("first", "last"))
        local = self.either(f"{first}.{last}", f"{first[0]}{last}", f"{last}{self.digits(2)}",
                            f"{first}_{last}{self.digits(1)}", f"{first}+shop", f"{last}.{first}")
        return local + "@" + self.either(self.faker.free_email_domain(), self.faker.domain_name())

    def spokenemail(self, number):
        local, domain = self.email(number).split("@")
        return self.either(f"{local} at {domain.replace('.', ' dot ')}", f"{local} (at) {domain}",
                           f"{local}[at]{domain.replace('.', '[dot]')}")

    def userid(self, number):
        first, last = (ascii_of(self.get(part + number)) for part in ("first", "last"))
        return self.either(f"{first}_{last}_{self.digits(4)}", f"{first}_{last}_{self.digits(4)}",
                           f"{first[0]}{last}{self.digits(2)}", f"{last}{self.digits(3)}")

    def company(self, _):
        return self.faker.company()

    # Places.
    def street(self, _):
        if self.locale == "ar_SA":
            return f"{self.random.choice(ARABIC_STREETS)} {self.random.randint(1, 200)}"
        if self.locale.startswith("en_") and self.locale != "en_IN":
            house = str(self.random.randint(1, 9999 if self.locale == "en_US" else 240))
            name = self.faker.street_name()
            if self.random.random() < 0.15:
                name = self.random.choice(BARE_STREETS)
            return f"{house} {name}"
        return self.faker.street_address().replace("\n", ", ")

    def unit(self, _):
        number = self.random.randint(1, 999)
        return self.either(f"Apt. {number}", f"Suite {number}", f"Unit {number % 40 + 1}B",
                           f"Apt {number}", f"Flat {number % 30 + 1}", f"Floor {number % 9 + 1}")

    def city(self, _):
        return self.random.choice(ARABIC_TOWNS) if self.locale == "ar_SA" else self.faker.city()

    town = city

    def zip(self, _):
        return self.faker.postcode()

    def country(self, _):
        return self.faker.country()

    def region(self, _):
        for maker in ("state", "administrative_unit", "county", "region", "department_name"):
            if hasattr(self.faker, maker):
                return getattr(self.faker, maker)()
        return self.faker.country()

    def _lines(self, number):
        street, town, code = (self.get(part + number) for part in ("street", "town", "zip"))
        lines = [street]
        if self.locale in ("en_US", "en_CA", "en_AU"):
            if self.random.random() < 0.4:
                lines.append(self.get("unit" + number))
            region = getattr(self.faker, "state_abbr", getattr(self.faker, "province_abbr", str))()
            lines.append(self.either(f"{town}, {region} {code}", f"{town} {region} {code}"))
        elif self.locale in ("en_GB", "en_IE", "en_IN"):
            lines += [town, code]
        else:
            lines.append(f"{code} {town}")
        if self.random.random() < 0.25:
            lines.append(self.faker.current_country() if self.locale != "ar_SA" else "السعودية")
        return lines

    def block(self, number):
        return "\n".join(self._lines(number))

    def address(self, number):
        if self.locale in ("zh_CN", "ja_JP", "ru_RU") and not self.latin:
            address = self.faker.address().replace("\n", " ")
            return address.rsplit(" ", 1)[0] if self.locale == "zh_CN" else address
        return ", ".join(self._lines(number))

    def geo(self, _):
        latitude, longitude = self.random.uniform(-60, 65), self.random.uniform(-170, 170)
        return f"{latitude:.5f}, {longitude:.5f}"

    # Times.
    def _date(self, earliest, latest):
        day, month = self.random.randint(1, 28), self.random.randint(1, 12)
        year = self.random.randint(earliest, latest)
        if self.language in ("zh", "ja"):
            return f"{year}年{month}月{day}日"
        if self.language == "ar":
            return f"{day}/{month}/{year}"
        name = MONTHS[self.language].split(" ")[month - 1]
        forms = [f"{day:02}.{month:02}.{year}"] if self.language in ("de", "ru") else [
            f"{day:02}/{month:02}/{year}"]
        of = " de " if self.language in ("es", "pt") else ". " if self.language == "de" else " "
        forms.append(f"{day}{of}{name}{of if of == ' de ' else ' '}{year}")
        if self.language == "en":
            forms += [f"{name} {day}, {year}", f"{year}-{month:02}-{day:02}",
                      f"{name[:3]} {day} {year}", f"{month}/{day}/{year}"]
        return self.random.choice(forms)

    def dob(self, _):
        return self._date(1938, 2008)

    def date(self, _):
        return self._date(2018, 2026)

    def age(self, _):
        return str(self.random.randint(4, 96))

    # What is no personal data.
    def product(self, _):
        return self.random.choice(PRODUCTS)

    def token(self, _):
        return base64.urlsafe_b64encode(self.random.randbytes(18)).decode()
