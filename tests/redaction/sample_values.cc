#include "tests/redaction/sample_values.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <vector>

#include "redaction/checks.h"

namespace flywheel::redaction {
namespace {

constexpr const char* kFirstNames[] = {"Anna",  "Sofia", "Miguel", "Priya", "Jonas", "Chloé",
                                       "Marek", "Yuki",  "Omar",   "Elena", "Lukas", "Fatima",
                                       "Björn", "Inês",  "Giulia", "Daan",  "Sarah", "Tomás"};
constexpr const char* kLastNames[] = {"Keller",    "O'Connor", "García",    "Lefèvre",   "Nowak",
                                      "Tanaka",    "Rossi",    "Jansen",    "Andersson", "Patel",
                                      "Whitfield", "Sørensen", "Almeida",   "Haddad",    "Novák",
                                      "Brandt",    "Moreau",   "Fitzgerald"};
constexpr const char* kStreets[] = {"Maple",    "Oak Hill",       "Washington", "Highfield",
                                    "Kingsley", "Cherry Blossom", "5th",        "St. James's"};
constexpr const char* kEnglishEndings[] = {"Street", "Avenue", "Road", "Lane", "Drive",
                                           "St",     "Ave",    "Blvd", "Court"};
constexpr const char* kGermanStreets[] = {"Lindenstraße", "Goethestr.",     "Bahnhofstrasse",
                                          "Königsallee",  "Schillerstraße", "Rosenweg"};
constexpr const char* kFrenchStreets[] = {"rue Victor Hugo",        "avenue de la République",
                                          "boulevard Saint-Michel", "rue des Lilas",
                                          "impasse du Moulin",      "place Bellecour"};
constexpr const char* kSpanishStreets[] = {"Calle de Alcalá", "Avenida Diagonal", "Calle Serrano",
                                           "Paseo del Prado"};
constexpr const char* kItalianStreets[] = {"Via Garibaldi", "Corso Buenos Aires", "Via della Spiga",
                                           "Piazza Navona"};
constexpr const char* kDutchStreets[] = {"Prinsengracht", "Beethovenstraat", "Amstelveenlaan"};
constexpr const char* kDomains[] = {
    "gmail.com",     "web.de",      "orange.fr", "mail.example.co.uk",
    "my-company.io", "uni-bonn.de", "hey.com",   "empresa.com.br"};
constexpr const char* kMonths[] = {"January", "March",   "April",   "June",
                                   "August",  "October", "December"};
constexpr const char* kIbanCountries[] = {"DE##################", "GB##^^^^##############"};

template <size_t N>
std::string Any(const char* const (&list)[N], Random& random) {
  return list[static_cast<size_t>(random.Below(N))];
}

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

// Fills `shape` again and again until the check, which is tested against published numbers, is
// content with all of it.
std::string Valid(std::string_view shape, Check check, Random& random) {
  while (true) {
    std::string value = Fill(shape, random);
    if (check(value) == value.size()) return value;
  }
}

// YYMMDD as it stands in many numbers.
std::string ShortDate(Random& random) {
  return fmt::format("{:02}{:02}{:02}", random.Below(100), 1 + random.Below(12),
                     1 + random.Below(28));
}

std::string ValidWithDate(std::string_view before, std::string_view after, Check check,
                          Random& random) {
  while (true) {
    std::string value = Fill(before, random) + ShortDate(random) + Fill(after, random);
    if (check(value) == value.size()) return value;
  }
}

std::string Card(Random& random) {
  constexpr const char* kShapes[] = {
      "4###############",    "4### #### #### ####", "4###-####-####-####", "51## #### #### ####",
      "55##############",    "37## ###### #####",   "34#############",     "6011############",
      "2221 #### #### ####", "3530 #### #### ####", "62##############",    "36############"};
  return Valid(Any(kShapes, random), CardCheck, random);
}

// ISO 13616 with the check digits worked out here, not by the code under test.
std::string Iban(Random& random) {
  std::string iban = Fill(Any(kIbanCountries, random), random);
  if (iban[0] == 'D') iban = "DE00" + Fill("##################", random);
  if (iban[0] == 'G') iban = "GB00" + Fill("^^^^##############", random);
  if (random.Below(3) == 0) iban = "NL00" + Fill("^^^^##########", random);
  if (random.Below(4) == 0)
    iban = "FR00" + Fill("###########################", random).substr(0, 23);
  int remainder = 0;
  for (const char c : iban.substr(4) + iban.substr(0, 4)) {
    const int value = c <= '9' ? c - '0' : c - 'A' + 10;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  iban.replace(2, 2, fmt::format("{:02}", 98 - remainder));
  if (random.Below(2) == 0) return iban;
  std::string grouped;
  for (size_t i = 0; i < iban.size(); i += 4) grouped += (i == 0 ? "" : " ") + iban.substr(i, 4);
  return grouped;
}

std::string Jwt(Random& random) {
  return "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ" + Fill("************************", random) +
         "." + Fill("*******************************************", random);
}

std::string PrivateKey(Random& random) {
  std::string body;
  for (int i = 0; i < 4; ++i) {
    body += Fill("****************************************************************", random) + "\n";
  }
  return "-----BEGIN RSA PRIVATE KEY-----\n" + body + "-----END RSA PRIVATE KEY-----";
}

using Maker = std::function<std::string(Random&)>;

Maker Shapes(std::vector<const char*> shapes) {
  return [shapes = std::move(shapes)](Random& random) { return Fill(random.Pick(shapes), random); };
}

Maker Checked(std::vector<const char*> shapes, Check check) {
  return [shapes = std::move(shapes), check](Random& random) {
    return Valid(random.Pick(shapes), check, random);
  };
}

std::string FullName(Random& random) {
  return Any(kFirstNames, random) + " " + Any(kLastNames, random);
}

std::string Email(Random& random) {
  const char* separators[] = {".", "_", "", "-"};
  const std::string local = Fill("~~~~~~", random) + Any(separators, random) + Fill("~~~~", random);
  const std::string number = random.Below(2) == 0 ? Fill("##", random) : "";
  const std::string tag = random.Below(5) == 0 ? "+shop" : "";
  std::string email = local + number + tag + "@" + Any(kDomains, random);
  if (random.Below(6) == 0) email[0] = static_cast<char>(email[0] - 32);
  return email;
}

std::string Street(const std::string& name, const char* numbers, Random& random) {
  return name + " " + Fill(numbers, random);
}

const std::map<std::string, Maker, std::less<>>& Makers();

}  // namespace

uint64_t Random::Next() {
  uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::string Fill(std::string_view shape, Random& random) {
  constexpr std::string_view kAny =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  for (const char c : shape) {
    if (c == '#') {
      text += static_cast<char>('0' + random.Below(10));
    } else if (c == '^') {
      text += static_cast<char>('A' + random.Below(26));
    } else if (c == '~') {
      text += static_cast<char>('a' + random.Below(26));
    } else if (c == '%') {
      text += "0123456789abcdef"[random.Below(16)];
    } else if (c == '*') {
      text += kAny[static_cast<size_t>(random.Below(static_cast<int>(kAny.size())))];
    } else {
      text += c;
    }
  }
  return text;
}

std::string SampleValue(std::string_view slot, Random& random) {
  const auto found = Makers().find(slot);
  if (found == Makers().end()) {
    std::fprintf(stderr, "no value for the slot %s\n", std::string(slot).c_str());
    std::abort();
  }
  return found->second(random);
}

namespace {

std::map<std::string, Maker, std::less<>> MakePlainMakers() {
  return {
      {"EMAIL", Email},
      {"CARD", Card},
      {"IBAN", Iban},
      {"JWT", Jwt},
      {"PRIVATE_KEY", PrivateKey},
      {"PHONE_US", Shapes({"(415) 5##-####", "212-5##-##4#", "646.5##.####", "+1 503 5##-#7##",
                           "1-800-3##-####", "+13125####34"})},
      {"PHONE_UK", Shapes({"+44 20 7946 0###", "020 7946 0###", "07700 900###", "+447700900###",
                           "+44 (0)161 496 0###"})},
      {"PHONE_DE",
       Shapes({"+49 30 90182####", "030 90182####", "0171/23#5#67", "+49 (0) 89 1234##56",
               "0151 2345####", "+4915123456###", "089/4567####"})},
      {"PHONE_FR",
       Shapes({"01 42 68 53 ##", "06.12.34.5#.##", "+33 6 12 34 5# ##", "+33612345###"})},
      {"PHONE_ES", Shapes({"+34 612 34 5# ##", "+34612345###", "+34 91 123 4# ##"})},
      {"PHONE_OTHER",
       Shapes({"+39 347 123 4###", "+31 6 1234 5###", "06-1234567#", "+55 11 91234-5###",
               "(11) 91234-5###", "+91 98765 43###", "98765 43##1", "03-1234-56##",
               "+81 3-1234-5###", "010-1234-5###", "+86 138 1234 5###", "0412 345 ###",
               "+61 412 345 ###", "+48 601 234 ###", "+971 50 123 4###"})},
      {"PHONE_BARE", Shapes({"41555501##", "07911123###", "0612345###", "5551##4", "612 345 7##",
                             "347 1234##5", "015123456###"})},
      {"US_SSN", Checked({"###-##-####", "### ## ####"}, UsSsnCheck)},
      {"US_SSN_PLAIN", Checked({"#########"}, UsSsnCheck)},
      {"US_ITIN", Checked({"9##-7#-####"}, UsSsnCheck)},
      {"UK_NINO", Shapes({"JG ## ## ## C", "PW######A", "TE ## ## ## B", "SX######D"})},
      {"UK_NHS", Checked({"### ### ####", "##########"}, UkNhsCheck)},
      {"DE_TAX", Checked({"###########", "## ### ### ###"}, DeTaxIdCheck)},
      {"ES_DNI", Checked({"########^"}, EsDniCheck)},
      {"ES_NIE", Checked({"X#######^", "Y-#######-^"}, EsDniCheck)},
      {"NL_BSN", Checked({"#########", "####.##.###"}, NlBsnCheck)},
      {"BE_NUMBER", Checked({"85.07.##-###.##", "92.11.##-###.##"}, BeNationalNumberCheck)},
      {"BR_CPF", Checked({"###.###.###-##"}, BrCpfCheck)},
      {"BR_CPF_PLAIN", Checked({"###########"}, BrCpfCheck)},
      {"BR_CNPJ", Checked({"##.###.###/0001-##"}, BrCnpjCheck)},
      {"IN_AADHAAR", Checked({"#### #### ####", "############"}, InAadhaarCheck)},
      {"IN_PAN", Shapes({"ABCPK####L", "BNZPM####Q"})},
      {"JP_NUMBER", Checked({"############", "#### #### ####"}, JpMyNumberCheck)},
      {"AU_TFN", Checked({"### ### ###", "#########"}, AuTfnCheck)},
      {"AU_MEDICARE", Checked({"2### ##### 1", "4### ##### #"}, AuMedicareCheck)},
      {"CA_SIN", Checked({"### ### ###", "###-###-###"}, LuhnCheck)},
      {"PASSPORT",
       Shapes({"X#######", "C01X00T47", "#########", "^^#######", "Y^#######", "12AB34567"})},
      {"PASSWORD", Shapes({"hunter#~~!", "Sommer20##", "p4ss#~~~~", "~~~^^^##$"})},
  };
}

std::map<std::string, Maker, std::less<>> MakeKeyMakers() {
  constexpr char kForty[] = "****************************************";
  const std::string forty = kForty;
  const auto filled = [](const std::string& shape) {
    return [shape](Random& random) {
      // A key's digits and letters are both there but for very rare ones.
      return Fill(shape, random);
    };
  };
  return {
      {"OPENAI", filled("sk-" + forty + "********")},
      {"OPENAI_PROJECT", filled("sk-proj-" + forty)},
      {"ANTHROPIC", filled("sk-ant-***03-" + forty + forty)},
      {"AWS_ID",
       [](Random& r) {
         std::string id = "AKIA";
         while (id.size() < 20) id += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[r.Below(32)];
         return id;
       }},
      {"AWS_SECRET", filled("wJalrXUtnFEMI/K7MDENG/" + std::string("bPxRfi************"))},
      {"GITHUB", filled("ghp_************************************")},
      {"GITHUB_PAT", filled("github_pat_11**********************_" + forty)},
      {"GITLAB", filled("glpat-********************")},
      {"SLACK", filled("xoxb-############-" + std::string("************************"))},
      {"STRIPE", filled("sk_live_************************")},
      {"GOOGLE", filled("AIzaSy*********************************")},
      {"NPM", filled("npm_************************************")},
      {"PYPI", filled("pypi-AgEIcHlwaS5vcmc" + forty)},
      {"HF", filled("hf_**********************************")},
      {"TWILIO", filled("SK%%%%4%%%%%%%%%%%%%%%%%%%%%%%%%%%")},
      {"SENDGRID", filled("SG.**********************." + forty)},
      {"GENERIC_KEY", filled("a7#f****************#3k")},
  };
}

std::map<std::string, Maker, std::less<>> MakePersonMakers() {
  return {
      {"NAME", FullName},
      {"FIRST", [](Random& random) { return Any(kFirstNames, random); }},
      {"LAST", [](Random& random) { return Any(kLastNames, random); }},
      {"NAME_LOWER", [](Random& random) { return Lower(FullName(random)); }},
      {"DATE_SLASH",
       [](Random& random) {
         return fmt::format("{}/{}/{}", 1 + random.Below(12), 1 + random.Below(28),
                            1940 + random.Below(65));
       }},
      {"DATE_DOT",
       [](Random& random) {
         return fmt::format("{:02}.{:02}.{}", 1 + random.Below(28), 1 + random.Below(12),
                            1940 + random.Below(65));
       }},
      {"DATE_ISO",
       [](Random& random) {
         return fmt::format("{}-{:02}-{:02}", 1940 + random.Below(65), 1 + random.Below(12),
                            1 + random.Below(28));
       }},
      {"DATE_LONG",
       [](Random& random) {
         const std::string month = Any(kMonths, random);
         const int day = 1 + random.Below(28), year = 1940 + random.Below(65);
         return random.Below(2) == 0 ? fmt::format("{} {}, {}", month, day, year)
                                     : fmt::format("{} {} {}", day, month, year);
       }},
      {"STREET_EN",
       [](Random& random) {
         return std::to_string(1 + random.Below(2000)) + " " + Any(kStreets, random) + " " +
                Any(kEnglishEndings, random);
       }},
      {"STREET_DE",
       [](Random& random) {
         return Street(Any(kGermanStreets, random), random.Below(2) ? "4#" : "1#b", random);
       }},
      {"STREET_FR",
       [](Random& random) {
         return Fill(random.Below(2) ? "3# " : "1# bis, ", random) + Any(kFrenchStreets, random);
       }},
      {"STREET_ES",
       [](Random& random) { return Street(Any(kSpanishStreets, random), "1##", random); }},
      {"STREET_IT",
       [](Random& random) { return Street(Any(kItalianStreets, random), "2#", random); }},
      {"STREET_NL",
       [](Random& random) { return Street(Any(kDutchStreets, random), "1##", random); }},
      {"US_TOWN", [](Random& random) { return Fill("Springfield, IL 627##", random); }},
      {"UK_POSTCODE", Shapes({"SW1A 2AA", "M1 1AE", "EH# 3BX", "B33 8TH"})},
      {"DE_TOWN", Shapes({"10## Wien", "201## Hamburg", "803## München"})},
      {"COORDINATES",
       [](Random& random) {
         return fmt::format("{}{}.{}, {}{}.{}", random.Below(2) ? "-" : "", random.Below(89),
                            Fill("1####", random), random.Below(2) ? "-" : "", random.Below(179),
                            Fill("4###", random));
       }},
  };
}

std::map<std::string, Maker, std::less<>> MakeOtherMakers() {
  return {
      {"DE_SOCIAL",
       [](Random& random) { return ValidWithDate("##", "^###", DeSocialSecurityCheck, random); }},
      {"FR_NIR",
       [](Random& random) {
         while (true) {
           std::string value = random.Below(2) == 0
                                   ? Fill("2 8# 07 75 ### ### ##", random)
                                   : Fill("19#0833######", random) + Fill("##", random);
           if (FrNirCheck(value) == value.size()) return value;
         }
       }},
      {"IT_CODE", Checked({"RSSMRA8#C1#H501^", "VRDGPP7#M4#F205^"}, ItFiscalCodeCheck)},
      {"PL_PESEL", [](Random& random) { return ValidWithDate("", "#####", PlPeselCheck, random); }},
      {"SE_NUMBER",
       [](Random& random) {
         return ValidWithDate(random.Below(2) ? "" : "19", "-####", SePersonalNumberCheck, random);
       }},
      {"MX_CURP",
       [](Random& random) { return ValidWithDate("GOMC", "HDFRRL0#", MxCurpCheck, random); }},
      {"CN_ID",
       [](Random& random) {
         while (true) {
           std::string value = "11010519" + ShortDate(random) + Fill("###", random) +
                               (random.Below(5) == 0 ? "X" : Fill("#", random));
           if (CnResidentCheck(value) == value.size()) return value;
         }
       }},
      {"KR_RRN",
       [](Random& random) { return ValidWithDate("", "-1######", KrResidentCheck, random); }},
      {"IPV4",
       [](Random& random) {
         return fmt::format("{}.{}.{}.{}", 11 + random.Below(90), random.Below(256),
                            random.Below(256), 1 + random.Below(254));
       }},
      {"IPV6", Shapes({"2001:db8:85a3::8a2e:370:73##", "fe80::1ff:fe23:4567:89%#",
                       "2a02:810d:3##:1c00::2"})},
      {"MAC", Shapes({"%#:1B:44:11:3A:B7", "0#-1%-2b-3c-4d-5e", "ac:de:48:00:1#:22",
                      "AC-DE-48-0#-11-22"})},
      {"CREDENTIALS", Shapes({"admin:s3cr#tPass", "root:~~~~####", "deploy:x-~~~~-##"})},
      // What is no personal data, but looks like it.
      {"ORDER",
       Shapes({"#######", "########", "##########", "114-#######-#######", "ORD-2024-######",
               "^######", "SO#######", "1Z999AA1##########", "PO-####-####"})},
      {"AMOUNT", Shapes({"$1,2##.50", "€#99", "12.###,00", "£3#.99", "1 2## 000", "2#00 EUR",
                         "0.0###", "###,###,###"})},
      {"VERSION", Shapes({"1.2#.3", "v2.#.1", "10.15.#", "3.11.#rc1", "4.18.0-#05", "2024.1.#"})},
      {"HASH", Shapes({"%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%", "%%%%%%%",
                       "sha256:%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%"})},
      {"UUID", Shapes({"%%%%%%%%-%%%%-4%%%-a%%%-%%%%%%%%%%%%"})},
      {"ULID", Shapes({"01ARZ3NDEKTSV4RRFFQ69G5F#V", "01HV8Z3K#PQ2W4X6Y8Z0A1B2C3"})},
      {"ANY_DATE", Shapes({"2024-0#-1#", "1#/05/2023", "2024-05-1# 14:3#:22", "1#.06.2024",
                           "20240#1#", "2024-05-1#T08:15:3#Z", "May 1#, 2024"})},
      {"TIME", Shapes({"1#:3#", "09:15:2#", "171######3", "171######3123"})},
      {"BAD_CARD",
       [](Random& random) {
         while (true) {
           std::string value = Fill("4### #### #### ####", random);
           if (!IsLuhn(Digits(value))) return value;
         }
       }},
      {"BAD_IBAN", Shapes({"DE00 1234 5678 9012 3456 7#", "FR99 3000 6000 0112 3456 7890 1#"})},
  };
}

const std::map<std::string, Maker, std::less<>>& Makers() {
  static const auto& makers = *[] {
    auto* all = new std::map<std::string, Maker, std::less<>>(MakePlainMakers());
    all->merge(MakeKeyMakers());
    all->merge(MakePersonMakers());
    all->merge(MakeOtherMakers());
    return all;
  }();
  return makers;
}

}  // namespace
}  // namespace flywheel::redaction
