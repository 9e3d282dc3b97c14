#include "redaction/given_names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string>

namespace flywheel::redaction {
namespace {

// Common in Europe, the Americas, India, East Asia, Africa and the Arab world. Left out is what is
// another word as well, where "I am" or "this is" may stand before it: Mark, Will, Christian,
// Paris. Sorted by bytes.
constexpr std::string_view kGivenNames[] = {
    "aaron",      "abby",        "abena",     "abigail",   "adam",       "adebayo",    "aditya",
    "adrian",     "adrián",      "agnieszka", "ahmad",     "ahmed",      "aisha",      "akinyi",
    "akira",      "alain",       "alan",      "albert",    "alberto",    "alejandra",  "alejandro",
    "alessandro", "alessia",     "alex",      "alexander", "alexei",     "alexis",     "alfie",
    "ali",        "alice",       "alvaro",    "amanda",    "amelia",     "amelie",     "amina",
    "amit",       "amy",         "amélie",    "ana",       "ananya",     "anders",     "andrea",
    "andreas",    "andrei",      "andres",    "andrew",    "andrzej",    "andré",      "andrés",
    "andy",       "angela",      "angus",     "anh",       "anil",       "anita",      "anja",
    "anjali",     "anke",        "ann",       "anna",      "anne",       "annika",     "anouk",
    "anthony",    "antje",       "antoine",   "antonio",   "aoife",      "archie",     "arjun",
    "arnaud",     "arthur",      "arun",      "ashley",    "ashok",      "astrid",     "aurelie",
    "aurélie",    "ava",         "ayse",      "ayumi",     "barbara",    "bas",        "beatrice",
    "beatriz",    "becky",       "begoña",    "ben",       "benjamin",   "benoit",     "benoît",
    "bernard",    "bernd",       "beth",      "betty",     "beverly",    "billy",      "birgit",
    "bjorn",      "björn",       "bob",       "bobby",     "boris",      "bradley",    "bram",
    "brandon",    "brenda",      "brett",     "brian",     "bruce",      "bruna",      "bruno",
    "bryan",      "burak",       "caio",      "callum",    "camila",     "camille",    "carl",
    "carla",      "carlos",      "carmen",    "carol",     "carolyn",    "catherine",  "cecilia",
    "cedric",     "celine",      "cem",       "charles",   "charlie",    "charlotte",  "cheryl",
    "chiara",     "chinedu",     "chioma",    "chloe",     "chloé",      "chris",      "christina",
    "christine",  "christopher", "ciara",     "claire",    "clara",      "claudia",    "claudio",
    "clive",      "connor",      "craig",     "cristina",  "cynthia",    "cédric",     "céline",
    "daan",       "daisuke",     "damien",    "daniel",    "daniela",    "danielle",   "darren",
    "dave",       "david",       "davide",    "debbie",    "deborah",    "debra",      "declan",
    "deepak",     "denise",      "deniz",     "dennis",    "derek",      "detlef",     "diana",
    "diane",      "didier",      "diego",     "dieter",    "dimitri",    "divya",      "dmitri",
    "dmitry",     "donna",       "doris",     "dorothy",   "douglas",    "dylan",      "edoardo",
    "eduardo",    "edward",      "eileen",    "elena",     "elias",      "elif",       "elisa",
    "elizabeth",  "ella",        "ellen",     "ellie",     "elodie",     "emanuele",   "emeka",
    "emilia",     "emilio",      "emily",     "emma",      "emre",       "enrico",     "enrique",
    "eoin",       "eric",        "erik",      "erika",     "esther",     "ethan",      "eugene",
    "eva",        "evelyn",      "ewa",       "ewan",      "fabian",     "fabio",      "fabrice",
    "fatima",     "fatma",       "federica",  "federico",  "felipe",     "felix",      "femke",
    "fergus",     "fernanda",    "fernando",  "filippo",   "finn",       "fiona",      "fleur",
    "florent",    "florian",     "frances",   "francesca", "francesco",  "francisco",  "francois",
    "franz",      "franziska",   "françois",  "françoise", "fred",       "freya",      "frieda",
    "friedrich",  "fritz",       "gabriel",   "gabriela",  "gabriele",   "gareth",     "gary",
    "gaurav",     "geert",       "gemma",     "georg",     "george",     "gerald",     "gerhard",
    "giacomo",    "giorgia",     "giorgio",   "giovanna",  "giovanni",   "gisela",     "giulia",
    "giuseppe",   "gonzalo",     "graham",    "greg",      "gregory",    "greta",      "guenter",
    "guillaume",  "guillermo",   "gustavo",   "günter",    "günther",    "hakan",      "hamish",
    "hanna",      "hannah",      "hans",      "harish",    "harriet",    "harry",      "haruto",
    "hassan",     "heather",     "heike",     "heinz",     "helen",      "helena",     "helene",
    "helmut",     "hendrik",     "henrik",    "henrique",  "henry",      "hiroshi",    "holger",
    "horst",      "hugo",        "hussein",   "hélène",    "ian",        "ibrahim",    "ignacio",
    "igor",       "iker",        "ilaria",    "imogen",    "ines",       "ingeborg",   "ingrid",
    "inès",       "inés",        "inês",      "irene",     "irina",      "isabel",     "isabella",
    "isabelle",   "ivan",        "jacek",     "jack",      "jacob",      "jacqueline", "jacques",
    "jake",       "jakub",       "james",     "jana",      "jane",       "janet",      "janice",
    "jason",      "javier",      "jean",      "jeff",      "jeffrey",    "jennifer",   "jens",
    "jeremy",     "jeroen",      "jerome",    "jesse",     "jessica",    "jiho",       "jill",
    "jim",        "jing",        "jiri",      "jiwoo",     "jiří",       "joan",       "joana",
    "joanna",     "joanne",      "joao",      "joe",       "joerg",      "johan",      "johanna",
    "johannes",   "john",        "johnny",    "jonas",     "jonathan",   "jonathon",   "joost",
    "jorge",      "joris",       "jose",      "josef",     "joseph",     "josh",       "joshua",
    "josé",       "joão",        "juan",      "judith",    "judy",       "juergen",    "jules",
    "julia",      "juliana",     "julie",     "julien",    "juliette",   "jurgen",     "jérôme",
    "jörg",       "jürgen",      "kacper",    "kai",       "kamau",      "karen",      "kari",
    "karin",      "karl",        "karla",     "karolina",  "karthik",    "katarzyna",  "kate",
    "katerina",   "katharina",   "katherine", "kathleen",  "kathryn",    "katie",      "katja",
    "kavita",     "kayla",       "keiko",     "keith",     "kelly",      "kemal",      "ken",
    "kenji",      "kenneth",     "kenta",     "kerstin",   "kevin",      "khalid",     "kim",
    "kimberly",   "kiran",       "kirsten",   "klaus",     "koen",       "kofi",       "krishna",
    "krzysztof",  "kwame",       "kyle",      "lakshmi",   "larissa",    "larry",      "lars",
    "laura",      "lauren",      "laurent",   "lawrence",  "layla",      "lea",        "leah",
    "leila",      "lena",        "lennart",   "leo",       "leon",       "leonie",     "lerato",
    "leticia",    "letícia",     "liam",      "lieke",     "lina",       "linda",      "linh",
    "lisa",       "loic",        "lorenzo",   "lori",      "lotte",      "louis",      "louise",
    "loïc",       "luca",        "lucas",     "lucia",     "lucie",      "lucy",       "lucía",
    "ludovica",   "luigi",       "luis",      "luka",      "lukas",      "lukasz",     "luke",
    "lydia",      "léa",         "maarten",   "magdalena", "mahesh",     "malgorzata", "malte",
    "manfred",    "manish",      "manon",     "manuel",    "marcel",     "marcin",     "marco",
    "marek",      "margaret",    "margaux",   "maria",     "mariana",    "marianne",   "marie",
    "marilyn",    "mario",       "marion",    "marko",     "markus",     "marlene",    "marloes",
    "marta",      "martha",      "martin",    "martina",   "martín",     "mary",       "maría",
    "mateo",      "mateus",      "mateusz",   "mathias",   "mathieu",    "mathilde",   "matt",
    "matteo",     "matthew",     "matthias",  "maxime",    "małgorzata", "meera",      "megan",
    "mehmet",     "mei",         "melanie",   "melissa",   "meryem",     "mette",      "mia",
    "michael",    "michal",      "michał",    "michel",    "michele",    "michelle",   "miguel",
    "mikael",     "mike",        "mikhail",   "mikkel",    "mila",       "minh",       "minjun",
    "miriam",     "mohamed",     "mohammad",  "mohammed",  "molly",      "monica",     "monika",
    "monique",    "moritz",      "muhammad",  "mukesh",    "murat",      "mustafa",    "mónica",
    "nadia",      "nadine",      "nancy",     "naoko",     "naomi",      "natalia",    "natalie",
    "natasha",    "nathalie",    "nathan",    "naveen",    "neha",       "neil",       "ngozi",
    "nguyen",     "niamh",       "nicholas",  "nick",      "nicola",     "nicolas",    "nicole",
    "nicolás",    "nigel",       "nikhil",    "niklas",    "nikolai",    "nils",       "nina",
    "nisha",      "noah",        "noelia",    "nomsa",     "noémie",     "nuria",      "oksana",
    "olav",       "oleg",        "olga",      "oliver",    "olivia",     "olivier",    "omar",
    "oscar",      "osman",       "pablo",     "pamela",    "pankaj",     "paola",      "paolo",
    "patricia",   "patrick",     "paul",      "paula",     "paulina",    "paulo",      "pavel",
    "pawel",      "paweł",       "pedro",     "pete",      "peter",      "petr",       "petra",
    "phil",       "philip",      "philipp",   "philippe",  "phoebe",     "phuong",     "pierre",
    "pieter",     "pietro",      "pilar",     "piotr",     "pooja",      "pradeep",    "prakash",
    "priya",      "quentin",     "rachel",    "rafael",    "rahul",      "rainer",     "raj",
    "rajesh",     "rakesh",      "ralf",      "ralph",     "ramesh",     "ramon",      "ramón",
    "randy",      "raquel",      "raul",      "ravi",      "raúl",       "rebecca",    "renate",
    "rene",       "rené",        "rhys",      "ricardo",   "riccardo",   "richard",    "robert",
    "roberta",    "roberto",     "rodrigo",   "roger",     "rohan",      "ronald",     "roy",
    "ruben",      "rubén",       "russell",   "ruth",      "ryan",       "ryszard",    "sabine",
    "sachin",     "sally",       "salvatore", "sam",       "samantha",   "samuel",     "sandeep",
    "sandra",     "sanjay",      "sanne",     "sara",      "sarah",      "satoshi",    "scott",
    "sean",       "sebastian",   "sebastien", "seojun",    "sergei",     "sergey",     "sergio",
    "serkan",     "shane",       "sharon",    "shaun",     "shirley",    "shreya",     "silke",
    "silvia",     "simon",       "simona",    "simone",    "siobhan",    "sipho",      "sjoerd",
    "sofia",      "sofía",       "sonia",     "sophia",    "sophie",     "soren",      "stefan",
    "stefania",   "stefanie",    "stefano",   "stephan",   "stephane",   "stephanie",  "stephen",
    "steve",      "steven",      "stuart",    "stéphane",  "sumit",      "sunil",      "sunita",
    "suresh",     "susan",       "susana",    "susanne",   "svenja",     "svetlana",   "swati",
    "sylvia",     "sylvie",      "sébastien", "søren",     "tadeusz",    "takashi",    "takumi",
    "tamara",     "tanja",       "tatiana",   "terence",   "teresa",     "terry",      "thabo",
    "thanh",      "theo",        "theodor",   "theresa",   "thiago",     "thierry",    "thijs",
    "thomas",     "thorsten",    "théo",      "tiago",     "tim",        "timo",       "timothy",
    "tobias",     "tom",         "tomas",     "tomasz",    "tommaso",    "tomás",      "tomáš",
    "tony",       "torsten",     "tracy",     "trevor",    "tuan",       "tunde",      "tyler",
    "ulrike",     "ursula",      "uwe",       "valentina", "valeria",    "vanessa",    "varun",
    "veronica",   "verónica",    "vicente",   "victor",    "vijay",      "vikram",     "vincent",
    "vincenzo",   "vivek",       "vladimir",  "víctor",    "walter",     "wanjiru",    "wayne",
    "wei",        "wendy",       "werner",    "wiktor",    "willem",     "william",    "wojciech",
    "wolfgang",   "wouter",      "xavier",    "ximena",    "yann",       "yasmin",     "yasmine",
    "yoko",       "yolanda",     "youssef",   "yui",       "yuki",       "yuri",       "yves",
    "zach",       "zachary",     "zainab",    "zeynep",    "zoe",        "zofia",      "zoé",
    "álvaro",     "åsa",         "élodie",    "óscar",     "łukasz"};
static_assert(std::is_sorted(std::begin(kGivenNames), std::end(kGivenNames)));

// None of them is longer.
constexpr size_t kMaxBytes = 16;

// Which words may be one of them, by their first three bytes: most words are none, and one look
// says so. Folds case as the bytes of "é" and "É" need it too, and some other bytes onto each
// other.
class Beginnings {
 public:
  constexpr Beginnings() {
    for (const std::string_view name : kGivenNames) bits_[Hash(name) / 64] |= Bit(name);
  }
  // `word` has three bytes at least.
  constexpr bool MayBegin(std::string_view word) const {
    return (bits_[Hash(word) / 64] & Bit(word)) != 0;
  }

 private:
  static constexpr uint32_t Hash(std::string_view word) {
    uint32_t key = 0;
    for (size_t i = 0; i < 3; ++i) key = key << 8 | static_cast<uint8_t>(word[i] | 0x20);
    return key * 0x9E3779B1u >> 20;
  }
  static constexpr uint64_t Bit(std::string_view word) { return uint64_t{1} << (Hash(word) % 64); }

  std::array<uint64_t, 64> bits_{};
};
constexpr Beginnings kBeginnings;

// Letters of ASCII and Latin-1, in UTF-8; others stay.
std::string LowerLatin(std::string_view word) {
  std::string lower(word);
  for (size_t i = 0; i < lower.size(); ++i) {
    const auto byte = static_cast<unsigned char>(lower[i]);
    const bool after_c3 = i > 0 && static_cast<unsigned char>(lower[i - 1]) == 0xC3;
    if ((byte >= 'A' && byte <= 'Z') || (after_c3 && byte >= 0x80 && byte <= 0x9E)) {
      lower[i] = static_cast<char>(byte + 0x20);
    }
  }
  return lower;
}

}  // namespace

bool IsGivenName(std::string_view word) {
  if (word.size() < 3 || word.size() > kMaxBytes || !kBeginnings.MayBegin(word)) return false;
  return std::binary_search(std::begin(kGivenNames), std::end(kGivenNames), LowerLatin(word));
}

bool BeginsWithGivenName(std::string_view text) {
  if (text.size() < 3 || !kBeginnings.MayBegin(text)) return false;
  size_t size = 0;
  for (; size < text.size() && size <= kMaxBytes; ++size) {
    const auto byte = static_cast<unsigned char>(text[size]);
    // The apostrophe of printers begins with 0xE2, as no letter of these names does.
    const bool letter =
        static_cast<unsigned char>((byte | 0x20) - 'a') < 26 || (byte >= 0x80 && byte != 0xE2);
    if (!letter) break;
  }
  return IsGivenName(text.substr(0, size));
}

}  // namespace flywheel::redaction
