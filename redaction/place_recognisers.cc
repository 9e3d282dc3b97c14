// Where somebody lives or is.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

constexpr char kStreetTypes[] =
    R"((?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Terrace|)"
    R"(Square|Sq|Way|Parkway|Pkwy|Highway|Hwy|Crescent|Close|Circle|Cir|)"
    R"(Trail|Gardens|Grove|Mews|Row))";
constexpr char kLowerStreetTypes[] =
    R"((?:street|avenue|ave|road|lane|drive|boulevard|blvd|terrace|parkway|crescent))";
// "Apt 4B", and the town behind the street: "Springfield, IL 62704", "London SW1A 1AA".
constexpr char kUnit[] = R"((?:,? (?i:apt|apartment|unit|suite|flat|#)\.? ?#?\w{1,5})?)";
constexpr char kTown[] =
    R"((?:,? \p{Lu}[\pL.'-]+(?: \p{Lu}[\pL.'-]+){0,2},? (?:[A-Z]{2},? \d{5}(?:-\d{4})?|)"
    R"([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{2,3} \d{4}))?)";
constexpr char kTownAfterPostcode[] =
    R"((?:,? (?:[A-Z]{1,2}-)?\d{4,5}(?: [A-Z]{2})? \p{Lu}[\pL-]+)?)";
constexpr char kAddressWords[] =
    "address|live|lives|living|reside|ship|shipping|deliver|delivery|moved|moving|postcode|zip|"
    "postal|mail|home|adresse|wohne|wohnt|wohnhaft|anschrift|plz|umgezogen|ziehe|schick|sende|"
    "lieferung|habite|"
    "domicile|livraison|code postal|vivo|dirección|direccion|domicilio|código postal|enviar|envío|"
    "abito|indirizzo|residente|cap|spedire|woon|adres|verhuisd|bezorg|endereço|moro|located";

Recogniser Street(const char* name, Trigger trigger, const std::string& pattern, size_t before = 0,
                  const char* context = "") {
  return {.name = name,
          .type = DataType::kAddress,
          .trigger = std::move(trigger),
          .pattern = pattern,
          .check = StreetCheck,
          .context = context,
          .before = before,
          .after = 160};
}

}  // namespace

std::vector<Recogniser> PlaceRecognisers() {
  const std::string words = R"((?:(?:\d{1,3}(?:st|nd|rd|th)|\p{Lu}[\pL'’.-]*) ){1,4})";
  const std::string names = R"((?:(?:de la|de los|de las|del|de l['’]|des|du|de|d['’]|della|delle|)"
                            R"(dei|la|le|los|las|van|der|den) ?){0,2})";
  const std::string germanic =
      R"(\b(?:(?:Am|An der|Alte[rs]?|Neue[rs]?|Lange|Kleine|Große|Obere|Untere|Sankt|St\.|)"
      R"(\p{Lu}[\pL.]+-) ?){0,2})";
  const std::string germanic_endings =
      R"((?i:weg|platz|allee|gasse|[rngdlt]ring|damm|ufer|steig|markt|chaussee|plein|kade|dijk|)"
      R"(singel|hof),? )";
  const std::string number = R"(\d{1,4}(?: ?[a-zA-Z]\b)?)";
  const std::string germanic_town_wanted =
      R"((?:,? (?:[A-Z]{1,2}-)?(?:\d{5}|\d{4}(?: ?[A-Z]{2})?) \p{Lu}[\pL-]+)"
      R"((?: (?:am|an der|im) \p{Lu}\pL+)?))";
  const std::string germanic_town = germanic_town_wanted + "?";
  const Trigger germanic_places = {.kind = TriggerKind::kWordBeforeNumber,
                                   .words =
                                       "weg|platz|allee|gasse|ring|damm|ufer|steig|markt|"
                                       "chaussee|plein|kade|dijk|singel|hof"};
  // 12 Main Street, 221B Baker St., 742 Evergreen Terrace, Springfield, IL 62704
  const std::string english = R"(\d{1,5}(?:-\d{1,4})?[A-Za-z]?,? (?:[NSEW]\.? )?)" + words +
                              kStreetTypes + R"(\b\.?)" + kUnit + kTown;
  const std::string english_lower =
      R"(\d{1,5}[a-z]?,? [a-z][a-z'-]+ (?:[a-z]+ )?)" + std::string(kLowerStreetTypes) + R"(\b)";
  // 5 bis, rue de la Paix, 75002 Paris; 3 place Bellecour, but not "12 square inches"
  const std::string french =
      R"(\d{1,4}(?: ?(?:bis|ter|quater|[A-Z]\b))?,? (?:)"
      R"((?i:rue|avenue|av\.|boulevard|bd|chemin|allée|impasse|quai|faubourg) )" +
      names + R"(\pL[\pL'’-]+|(?i:place|route|square|cours|passage) )" + names +
      R"(\p{Lu}[\pL'’-]+)(?:[ -]\p{Lu}[\pL'’-]+){0,3})" + kTownAfterPostcode;
  return {
      // One row, for it is tried at every number.
      Street("street_after_number", {.kind = TriggerKind::kDigits, .max_digits = 12},
             "(?:" + english + "|" + english_lower + "|" + french + ")"),
      // Hauptstraße 12a, 10115 Berlin; Keizersgracht 123
      Street("street_german",
             {.kind = TriggerKind::kWordBeforeNumber,
              .words = "straße|strasse|str.|straat|laan|gracht"},
             germanic + R"([\pL-]*(?i:straße|strasse|str\.|straat|laan|gracht),? )" + number +
                 germanic_town,
             48),
      // Lange Gasse 3: "Sitzplatz 12" is none, so somebody must say so, or a town follow.
      Street("street_german_with_town", germanic_places,
             germanic + R"(\p{Lu}[\pL-]*)" + germanic_endings + number + germanic_town_wanted, 48),
      // Schönhauser Allee 45: a word of its own before it, in the form that streets have.
      Street("street_german_two_words", germanic_places,
             R"(\b\p{Lu}[\pL-]+(?:er|ische[rn]?|sche) (?:Allee|Weg|Platz|Damm|Ring|Ufer|Chaussee|)"
             R"(Markt|Gasse|Steig),? )" +
                 number + germanic_town,
             48),
      Street("street_german_in_context", germanic_places,
             germanic + R"(\p{Lu}[\pL-]*)" + germanic_endings + number, 48, kAddressWords),
      // Calle Mayor 15, 28013 Madrid; C/ Gran Vía, 28; Via Roma 10; Rua Augusta 1500
      Street(
          "street_romance",
          {.words = "calle |c/ |avenida |avda|plaza |paseo |carrer |ronda |camino |via |viale |"
                    "piazza |corso |vicolo |largo |rua |travessa |praça "},
          R"((?i:calle|c/|avenida|avda\.?|plaza|paseo|carrer|ronda|camino|via|viale|piazza|corso|)"
          R"(vicolo|largo|rua|travessa|praça) )" +
              names +
              R"(\p{Lu}[\pL'’.-]+(?: (?:de |del |la |da |)"
              R"(di |dos |das |y )*\p{Lu}[\pL'’.-]+){0,3})" +
              R"(,? (?:n[.º°]* ?|nº ?)?\d{1,4}(?:[A-Za-z]\b)?(?:,? \d{1,2}[º°ª]? ?[A-Z]?\b)?)" +
              kTownAfterPostcode),
      {.name = "us_town_and_zip",
       .type = DataType::kAddress,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 5, .max_digits = 12},
       // States that are a word as well have to have their own ZIP: "Customer, ID 48213".
       .pattern = R"(\p{Lu}[\pL.'-]+(?: \p{Lu}[\pL.'-]+){0,2}, (?:(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|)"
                  R"(I[AL]|K[SY]|LA|M[ADINOST]|N[CDEHJMVY]|OH|PA|RI|S[CD]|T[NX]|UT|V[AT]|)"
                  R"(W[AIVY]) \d{2}|ID 83|OK 7[34]|IN 4[67]|OR 97|HI 96|ME 0[34])\d{3}(?:-\d{4})?)",
       .before = 40,
       .after = 16},
      {.name = "postcode_and_town",
       .type = DataType::kAddress,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 4, .max_digits = 12},
       .pattern = R"((?:\d{5}|\d{4} ?[A-Z]{2}|\d{4}) \p{Lu}[\pL-]{2,})"
                  R"((?: (?:am|an der|im|sur|de) \p{Lu}\pL+)?)",
       .check = PostcodeTownCheck,
       .context = kAddressWords,
       .after = 64},
      {.name = "uk_postcode",
       .type = DataType::kAddress,
       .trigger = {.kind = TriggerKind::kToken},
       .pattern = R"((?i)[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})",
       .context = kAddressWords,
       .after = 16},
  };
}

}  // namespace flywheel::redaction
