"""The lexicon of the model: what is known of single words, in the bits of word.h."""

import gzip
import importlib.resources
import json
import re

from addresses import split_of
from gazetteers import DAYS, LOCAL_MONTHS, MONTHS, NATIONALITIES

GIVEN, SURNAME, TOWN, COUNTRY, STREET, COMPANY, CALENDAR, TITLE = (1 << i for i in range(8))
UNIT = 1 << 15
# In the order of kFirstLanguage.
FUNCTION_WORDS = {
    "en": "the of and to in is that it for was on are as with his they at be this have from or had "
    "by but what some we can out other were all there when up use your how said an each she "
    "which do their if will about many then them would so these her him has more my me you "
    "not no i he our us its who why where just been am did does could should any than too",
    "de": "der die das und ist nicht ich sie wir ein eine einen einem einer mit auf für von zu im "
    "den dem des es er auch als an nach bei aus noch nur über so wie wenn kann hat haben "
    "wird werden war sind mein meine ihr ihre oder aber bitte zum zur am durch vor kein",
    "fr": "le la les des une et est pas je vous nous il elle dans pour que qui sur avec au aux ce "
    "cette mon ma mes votre du ne plus par ou mais son sa ses sont été être on leur chez",
    "es": "el los las una y es no que en por con para su se lo al del mi como más pero sus está "
    "este esta son ha fue tengo puede si yo usted cuando muy sin sobre también hay donde",
    "it": "il lo gli una e è non che per con di del della nel alla sono ho mio mia ha si come "
    "più "
    "ma anche questo questa dal un ci mi le dei delle può se essere quando nella",
    "pt": "o os as uma e é não que em por com para do da no na se um meu minha seu sua mas como "
    "mais ao dos das foi está são eu você tem ou quando muito também já pelo",
    "nl": "de het een en is niet ik van dat die in op te zijn met voor aan er om maar ook als bij "
    "mijn uw wij je we naar heeft hebben kan door over wordt was nog dan deze geen",
}
STREET_WORDS = """street st road rd avenue ave lane ln drive dr boulevard blvd court ct square sq
place pl terrace way circle crescent close grove hill highway hwy parkway pkwy alley row walk mews
gardens trail loop plaza ridge view heights crossing straße strasse str gasse allee platz weg ring
ufer damm rue impasse chemin quai cours calle carrer avenida avda paseo plaza camino via viale
piazza corso vicolo rua travessa praça largo straat laan plein gracht kade steeg dreef vej gade
allé gatan vägen gata veien gate tie katu ulica ulice utca út sokak caddesi box cottage manor
harbor harbour field fields green meadow point canyon mill bridge station""".split()
COMPANY_ENDINGS = """inc ltd llc gmbh ag corp corporation plc group company co sarl sas spa bv nv
oy ab aps kg ohg ug srl lda ltda pty university hospital bank college school institute foundation
council ministry department agency clinic association union society museum committee partners
holdings sons logistics systems airlines insurance consulting""".split()
TITLES = """mr mrs ms miss dr prof professor sir madam herr frau monsieur madame mme mlle señor
señora sr sra signor signora senhor senhora mevrouw meneer heer judge senator president captain
nurse sergeant officer detective uncle aunt rev reverend dame lord lady hr fr""".split()
# Names of makers and products that everybody writes in any sentence, and no person has.
BRANDS = """mastercard visa paypal amex maestro revolut stripe venmo klarna bitcoin ethereum google
amazon microsoft facebook instagram whatsapp twitter youtube netflix spotify samsung sony nokia
huawei xiaomi lenovo intel nvidia toyota honda nissan volkswagen bmw audi renault peugeot fiat tesla
ikea adidas nike zalando ebay airbnb uber lyft android iphone ipad macbook windows linux ubuntu
debian fedora python javascript typescript java kotlin docker kubernetes jenkins gradle maven
github gitlab jira slack zoom oracle postgres mysql sqlite redis kafka hadoop spark numpy pandas
tensorflow pytorch opencv excel powerpoint outlook photoshop chrome firefox safari siri alexa
cortana playstation xbox nintendo coca cola pepsi nescafe nutella lego barbie starbucks mcdonald
express""".split()
# Written in lower case, and in no word list.
CHAT_WORDS = """thankyou thx pls plz hii hiya okay ok yep nope hmm btw asap fyi lol omg topup refund
login signup app apps email wifi online offline inbox username makefile config api url pdf gmail
euro euros pound pounds dollar dollars rupee ruble rubles yen franc peso krona zloty""".split()
UNITS = (
    "apt apartment suite ste unit flat floor room bldg building po postfach wohnung piso".split()
)


def entries(entities, whole):
    """Word -> bits. Training sees only words of its own split, and not all of those: what the model
    has never seen in the lexicon it must decide by what stands around it. What is shipped has the
    `whole` lexicon."""
    bits = {}

    def add(words, bit, always=False):
        for word in words:
            word = word.lower()
            if whole or always or split_of(word + "?") == "train":
                bits[word] = bits.get(word, 0) | bit

    def trained(words):
        return [w for w in words if whole or split_of(w) == "train"]

    def parts(words):
        return [p for w in words for p in re.findall(r"[^\W\d_][\w'’]+", w) if len(p) > 2]

    for names in entities.given.values():
        add([n for n in trained(names) if " " not in n], GIVEN)
    for names in entities.last.values():
        add(parts(trained(names)), SURNAME)
    add(parts(trained(entities.cities)), TOWN)
    add(parts(entities.countries), COUNTRY, True)
    add(NATIONALITIES, COUNTRY, True)
    add(STREET_WORDS, STREET, True)
    add(COMPANY_ENDINGS, COMPANY, True)
    add(BRANDS, COMPANY, True)
    add(MONTHS + DAYS, CALENDAR, True)
    add([m for months in LOCAL_MONTHS.values() for m in months.split()], CALENDAR, True)
    add(TITLES, TITLE, True)
    add(UNITS, UNIT, True)
    for i, words in enumerate(FUNCTION_WORDS.values()):
        add(words.split(), 1 << (8 + i), True)
    return bits


def ordinary(corpus, given):
    """Words written in lower case: a word list of English, frequent words of others."""
    with open(f"{corpus}/wamerican/usr/share/dict/american-english", encoding="utf-8") as file:
        english = {w for w in file.read().split() if w.islower() and "'" not in w}
    words = set(english) | set(CHAT_WORDS)
    folder = importlib.resources.files("spellchecker") / "resources"
    for language in ("de", "fr", "es", "it", "pt", "nl"):
        with (folder / f"{language}.json.gz").open("rb") as file:
            counts = json.loads(gzip.decompress(file.read()))
        known = sorted(counts, key=lambda w: (-counts[w], w))[:40000]
        words |= {w for w in known if w not in given and len(w) > 1}
    # Names that a dictionary has in lower case are rare words: a jack, a bill, to mark stay.
    return sorted(words)
