// Names, addresses, days, telephone numbers and addresses of machines.
#include <fmt/format.h>

#include <string>

#include "redaction/checks.h"
#include "tests/redaction/sample_makers.h"

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
std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
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

}  // namespace

MakerMap PersonMakers() {
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
      {"EMAIL", Email},
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
      {"PHONE_EXTENSION",
       Shapes({"+1-604-6##-52#2x5##", "(898)6##-3#21x0##", "415-555-01## ext. 12",
               "001-7##-555-01##x##", "030 90182#### Durchwahl 1#", "1-4##-555-01## #12"})},
      {"PHONE_TRUNK", Shapes({"027 601 8# ##", "0319 487 5# ##", "08-909 96# ##", "0471 12 3# ##",
                              "04379 7543# 3##", "0460.308.2##"})},
      {"PHONE_BRACKETS",
       Shapes({"(0161) 496 0###", "(03).6018.15##", "(0543)-2319##", "(26)/018-15##",
               "(351) 9683016##", "(02951) 81909 3##", "8 (495) 123-4#-##", "1 (926) 218-15##"})},
      {"PHONE_GROUPS", Shapes({"792 601 8##", "50 75 29 1#", "246 281 94##", "412 34 5##"})},
      {"PHONE_ARABIC", Shapes({"٠٥٠١٢٣٤٥٦٧", "٠٥٥ ٧٦٥ ٤٣٢١"})},
      {"PHONE_WIDE", Shapes({"０９０－１２３４－５６７８", "０３－１２３４－５６７８"})},
      {"EMAIL_ASCII", Shapes({"chen~~~@example.cn", "li.~~~~#@mail.example.com"})},
      {"EMAIL_SPELLED",
       Shapes({"ann~~ (at) example dot com", "bob~~ at example dot com", "eva~[at]example.org",
               "tim dot ~~~~ at mail dot example dot org"})},
      {"POSTCODE", Shapes({"2###", "75534-0##", "92###", "9####-1234"})},
      {"POSTCODE_FIVE", Shapes({"1####", "75###"})},
      {"IPV4",
       [](Random& random) {
         return fmt::format("{}.{}.{}.{}", 11 + random.Below(90), random.Below(256),
                            random.Below(256), 1 + random.Below(254));
       }},
      {"IPV6", Shapes({"2001:db8:85a3::8a2e:370:73##", "fe80::1ff:fe23:4567:89%#",
                       "2a02:810d:3##:1c00::2"})},
      {"MAC", Shapes({"%#:1B:44:11:3A:B7", "0#-1%-2b-3c-4d-5e", "ac:de:48:00:1#:22",
                      "AC-DE-48-0#-11-22"})},
  };
}

}  // namespace flywheel::redaction
