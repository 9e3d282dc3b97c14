"""Numbers, ids and secrets of the labelled set, with the check digits that they have in life."""

import base64
import json
import string
import uuid

# Of a state's driving licences: "@" is a letter and "#" a digit.
LICENCES = ["@#######", "@###-####-####", "#########", "@@######", "@#############", "@##-##-####"]
# Of a country's accounts, behind the check digits.
IBANS = {"AT": "#" * 16, "BE": "#" * 12, "DE": "#" * 18, "ES": "#" * 20, "FR": "#" * 23,
         "GB": "@@@@" + "#" * 14, "IT": "@" + "#" * 22, "NL": "@@@@" + "#" * 10, "PL": "#" * 24}
PASSPORTS = ["@########", "#########", "@@#######", "@@######"]


class Numbers:
    """A part of Values: `random`, `faker` and `either` are there."""

    def fill(self, form):
        return "".join(self.random.choice(string.ascii_uppercase) if c == "@" else
                       self.random.choice(string.digits) if c == "#" else c for c in form)

    def digits(self, count):
        return self.fill("#" * count)

    def letters(self, count, alphabet=string.ascii_letters + string.digits):
        return "".join(self.random.choice(alphabet) for _ in range(count))

    # Ways to reach somebody.
    def phone(self, _):
        if self.locale.startswith("en_") or self.locale == "ar_SA":
            area = f"{self.random.randint(2, 9)}{self.digits(2)}"
            exchange = f"{self.random.randint(2, 9)}{self.digits(2)}"
            american = f"{area}-{exchange}-{self.digits(4)}"
            return self.either(american, f"({area}) {exchange}-{self.digits(4)}",
                               f"+1 {american}", american.replace("-", "."),
                               f"{american}x{self.digits(3)}",
                               f"+1-{american} ext. {self.digits(4)}",
                               f"+44 20 {self.digits(4)} {self.digits(4)}",
                               f"07{self.digits(3)} {self.digits(6)}", f"+61 4{self.digits(8)}",
                               self.faker.phone_number())
        return self.faker.phone_number()

    def barephone(self, _):
        return {"en": "4155######", "de": "0171#######", "fr": "06########", "es": "6########",
                "it": "333#######", "pt": "119########"}[self.language].replace(
                    "#", "{}").format(*self.digits(12))

    def arphone(self, _):
        return ("05" + self.digits(8)).translate(str.maketrans(string.digits, "٠١٢٣٤٥٦٧٨٩"))

    def ip(self, _):
        return self.faker.ipv4_public()

    def ip6(self, _):
        return self.faker.ipv6()

    def mac(self, _):
        return self.faker.mac_address()

    # Money.
    def card(self, _):
        number = self.faker.credit_card_number()
        if len(number) == 16 and self.random.random() < 0.5:
            gap = self.either(" ", "-")
            return gap.join(number[i:i + 4] for i in range(0, 16, 4))
        return number

    def last4(self, _):
        return self.digits(4)

    def iban(self, _):
        country = self.random.choice(sorted(IBANS))
        account = self.fill(IBANS[country])
        as_number = "".join(str(int(c, 36)) for c in account + country + "00")
        iban = f"{country}{98 - int(as_number) % 97:02}{account}"
        if self.random.random() < 0.4:
            return " ".join(iban[i:i + 4] for i in range(0, len(iban), 4))
        return iban

    # Numbers of a state.
    def ssn(self, _):
        area = self.random.choice([n for n in range(1, 772) if n != 666])
        return f"{area:03}-{self.random.randint(1, 99):02}-{self.random.randint(1, 9999):04}"

    def bareid(self, number):
        if self.language == "de":
            return self.steuerid(number)
        if self.language == "fr":
            return self.nir(number)
        return self.ssn(number).replace("-", "")

    def steuerid(self, _):
        """Eleven digits: one of the first ten stands twice, and ISO 7064's modulo 11, 10 last."""
        digits = self.random.sample(range(10), 9)
        digits.append(digits[-1])
        while digits[0] == 0:
            self.random.shuffle(digits)
        product = 10
        for digit in digits:
            product = ((digit + product) % 10 or 10) * 2 % 11
        return "".join(map(str, digits)) + str((11 - product) % 10)

    def nir(self, _):
        number = (f"{self.either(1, 2)}{self.random.randint(40, 99)}"
                  f"{self.random.randint(1, 12):02}{self.random.randint(1, 95):02}"
                  f"{self.random.randint(1, 500):03}{self.random.randint(1, 500):03}")
        return number + f"{97 - int(number) % 97:02}"

    def dni(self, _):
        number = self.random.randint(10_000_000, 99_999_999)
        return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"

    def cf(self, _):
        return self.faker.ssn()

    def cpf(self, _):
        digits = [self.random.randrange(10) for _ in range(9)]
        for _ in range(2):
            rest = sum(d * w for d, w in zip(digits, range(len(digits) + 1, 1, -1))) * 10 % 11
            digits.append(rest % 10)
        text = "".join(map(str, digits))
        return self.either(text, f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}")

    def bsn(self, _):
        while True:
            digits = [self.random.randrange(10) for _ in range(9)]
            weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
            if digits[0] and sum(d * w for d, w in zip(digits, weights)) % 11 == 0:
                return "".join(map(str, digits))

    def cnid(self, _):
        number = (f"{self.either(110105, 310101, 440106, 330102)}{self.random.randint(1950, 2005)}"
                  f"{self.random.randint(1, 12):02}{self.random.randint(1, 28):02}{self.digits(3)}")
        weighed = sum(int(d) * 2 ** (17 - i) for i, d in enumerate(number))
        return number + "10X98765432"[weighed % 11]

    def passport(self, _):
        return self.fill(self.random.choice(PASSPORTS))

    def licence(self, _):
        return self.fill(self.random.choice(LICENCES))

    # Secrets.
    def password(self, _):
        return self.letters(7) + self.either("!", "#", "_", "9") + self.digits(2)

    def apikey(self, _):
        return self.either("sk-proj-" + self.letters(48), "ghp_" + self.letters(36),
                           "AKIA" + self.letters(16, string.ascii_uppercase + "234567"),
                           "glpat-" + self.letters(20),
                           "hf_" + self.letters(34, string.ascii_letters))

    def jwt(self, _):
        parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": self.digits(8), "iat": 1700000000}]
        coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
        return ".".join([part.rstrip("=") for part in coded] + [self.letters(43)])

    def pem(self, _):
        body = "\n".join(self.letters(64) for _ in range(4))
        return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----"

    def urlcred(self, _):
        return f"{self.either('app', 'deploy', 'svc')}:{self.letters(10)}{self.digits(2)}"

    # What is no personal data.
    def order(self, _):
        return self.either("#W", "ORD-", "", "A") + self.digits(7)

    def num(self, _):
        return str(self.random.randint(100, 99999))

    def amount(self, _):
        return f"${self.random.randint(5, 900)}.{self.digits(2)}"

    def price(self, _):
        return f"{self.random.randint(100, 900)}.{self.random.randint(10, 99)}"

    def flight(self, _):
        return self.either("LH", "UA", "BA", "HAT", "AF") + f"{self.random.randint(100, 999)}"

    def pnr(self, _):
        return self.fill("@@") + self.letters(4, string.ascii_uppercase + "23456789")

    def contract(self, _):
        return "C-" + self.digits(3) + "-" + self.digits(5)

    def tag(self, _):
        return self.either("TK", "BG") + self.digits(6)

    def itemid(self, _):
        return str(self.random.randint(1_000_000_000, 9_999_999_999))

    def paymentid(self, _):
        return self.either("credit_card_", "gift_card_", "paypal_") + self.digits(7)

    def sku(self, _):
        return self.fill("@@-####-@")

    def tracking(self, _):
        return "1Z" + self.letters(16, string.ascii_uppercase + string.digits)

    def ean(self, _):
        return self.faker.ean13()

    def isbn(self, _):
        return self.faker.isbn13()

    def uuid(self, _):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def hex16(self, _):
        return f"{self.random.getrandbits(64):016x}"

    def sha(self, _):
        return f"{self.random.getrandbits(160):040x}"

    def sha256(self, _):
        return f"{self.random.getrandbits(256):064x}"

    def version(self, _):
        return ".".join(str(self.random.randint(0, 30)) for _ in range(3))

    def time(self, _):
        return f"{self.random.randint(6, 22):02}:{self.random.randint(0, 59):02}"

    def isodate(self, _):
        return f"20{self.random.randint(19, 25)}-{self.random.randint(1, 12):02}-1{self.digits(1)}"

    def isotime(self, number):
        return f"{self.isodate(number)}T{self.time(number)}:07Z"

    def weekday(self, _):
        return self.either("Monday", "Tuesday", "Friday", "Sunday")
