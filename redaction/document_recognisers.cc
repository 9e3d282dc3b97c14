// Postcodes and driving licences: numbers that any row of digits could be, behind their word.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

// What may stand between a word and its number: "zip code of my new address is now 2200".
const std::string kLink =
    R"((?:[ \t:=#"'(>,-]|n[°º] ?|)"
    R"((?:number|code|no|nr|num|nummer|is|was|ist|lautet|est|es|è|é|to|now|)"
    R"(here|it's|its|of|for|my|the|our|your|new|old|billing|shipping|home|address|area|called|)"
    R"(und ort|numéro|número|numero|actual|mio|meu|de|di|le|la|il|el|n[°º])\b\.?)*)";
// The forms of postcodes, the longer first.
constexpr char kPostcodes[] =
    R"((\d{5}-\d{3,4}|\d{3}-\d{4}|\d{2}-\d{3}|\d{5}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|\d{6,7}|\d{4}|)"
    R"([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z][ -]?\d[A-Z]\d|[A-Z]\d{2} ?[A-Z\d]{4}|)"
    R"([A-Z]{1,2}-\d{4,5})\b)";

Recogniser Behind(const char* name, DataType type, const char* words, const std::string& pattern) {
  return {
      .name = name, .type = type, .trigger = {.words = words}, .pattern = pattern, .after = 112};
}

}  // namespace

std::vector<Recogniser> DocumentRecognisers() {
  const std::string postcode_words =
      R"((?i:zip[ -]?code|post[ -]?code|postal[ -]code|plz|postleitzahl|code postal|)"
      R"(c[oó]digo postal|codice postale|pincode|pin code|postnummer|postcode|postkod|eircode|)"
      R"(kod pocztowy|irányítószám|zipcode|postal|cep|zip[ \t]*(?:[:="'(#]|is\b)))";
  Recogniser postcode = Behind(
      "postcode", DataType::kAddress,
      "zip|post code|postcode|postal|plz|postleitzahl|code postal|código postal|codigo postal|"
      "codice postale|pincode|pin code|postnummer|postkod|eircode|kod pocztowy|irányítószám|cep ",
      R"((?:)" + postcode_words + R"()["']?(?i))" + kLink + R"((?-i)["']?\b)" + kPostcodes);
  postcode.check = PostcodeCheck;
  // "market cap 12345" is none.
  // "zip 2024" is a file or a year.
  Recogniser zip =
      Behind("postcode_zip", DataType::kAddress, "zip ", R"((?i)zip (\d{5}(?:-\d{4})?)\b)");
  zip.context = "address|live|lives|living|moved|move|ship|street|city|state|home|billing|my zip";
  Recogniser italian = Behind("postcode_italian", DataType::kAddress, "cap ",
                              R"((?:CAP|cap (?:è|é|e'))(?:[ :]|è|é|e'|di|della \pL+)*\b(\d{5})\b)");
  Recogniser asian = {
      .name = "postcode_asian",
      .type = DataType::kAddress,
      .trigger = {.kind = TriggerKind::kDigits, .min_digits = 5, .max_digits = 12},
      .pattern = R"(\d{3}-\d{4}|\d{5,7})",
      .context = "邮编|郵遞區號|邮政编码|郵便番号|우편번호|〒|индекс|الرمز البريدي|पिन कोड"};
  // Letters and digits in the forms of the states of the US, the UK (16), Germany (11), France
  // (12), Italy, Canada, and others.
  const std::string licence =
      R"(([A-Z9]{2,5}[ -]?\d{6}[ -]?[A-Z9]{2}\d?[A-Z0-9]{2,4}|)"
      R"([A-Z]{1,3}\d{0,4}(?:[ -]\d{1,6}){1,4}|[A-Z]{3,7}\*{0,4}[A-Z0-9]{0,3}\d{3}[A-Z0-9]{2}|)"
      R"(\d{2,4}(?:[ -]\d{2,6}){1,4}|)"
      R"([A-Za-z0-9]{0,4}\d[A-Za-z0-9]{3,16})\b)";
  Recogniser driving = Behind(
      "driver_license", DataType::kDriverLicense,
      "driver|driving|licence|license|operator|dln|lic. no|lic no|lic #|"
      "führerschein|fuehrerschein|fahrerlaubnis|permis|carnet de conducir|"
      "permiso de conducir|licencia de conduc|licencia de manejo|patente|rijbewijs|"
      "carta de condução|carteira de motorista|cnh |dl |dl #|dl no|dl num|dl: |my license|my "
      "licence|"
      "prawo jazdy|körkort|førerkort|kørekort|ajokortti|řidičský|vodičský|jogosítv",
      R"((?i)(?:driv(?:er|ing)(?:'?s|’s|s’|s')?[ _-]?(?:licen[cs]es?|permit|lic\b)|)"
      R"(f(?:ü|ue)hrerschein|fahrerlaubnis|permis(?: de conduire)?|)"
      R"((?:carnet|permiso) de conducir|licencia de (?:conducir|conducci[óo]n|manejo)|)"
      R"(patente(?: di guida)?|)"
      R"(rijbewijs|carta de condução|carteira de motorista|cnh|dln?|)"
      R"((?:my|his|her|your|their|the|operator(?:'?s|’s)?) licen[cs]e|)"
      R"(licen[cs]e(?: ?(?:number|num\b|no\b\.?|nr\b\.?|#|:|is\b|was\b))|)"
      R"(lic(?:\.? no\.?|\.? ?#)|prawo jazdy|)"
      R"(körkort|førerkort|kørekort|ajokortti|řidičský průkaz|vodičský preukaz|jogosítvány?))"
      R"((?:[ _-]?(?:nummer|number|nr|no|num|id)\b\.?)?["']?)" +
          kLink + R"((?-i)["']?\b)" + licence);
  driving.check = LicenceCheck;
  // "driver's license (CA): Y8839201", "Driver license state: NY, number: ...", "licence on file,".
  Recogniser driving_of_state = Behind(
      "driver_license_of_state", DataType::kDriverLicense, "driver|driving|my licen|licen|cdl|dl ",
      R"((?i)(?:driv(?:er|ing)(?:'?s|’s|s’|s')? licen[cs]e|my licen[cs]e|)"
      R"(licen[cs]e (?:no\.?|number)|)"
      R"((?:c?dl|class [a-d] licen[cs]e))[ ,:]{1,2}(?:\([A-Z]{2}\)|state:? [A-Z]{2}|)"
      R"((?:is |was )?(?:from|in|of) [A-Z][a-z]+(?: [A-Z][a-z]+)?|on (?:file|record)|expired|)"
      R"(issued (?:in|by) [A-Z][a-z]+|[A-Z]{2}|number|no\.?|id|#)[ ,:]{0,2})"
      R"((?:it (?:is|was) |(?:and )?(?:the |its )?(?:number|no\.?|#)(?: is)?[ :]{0,2})?)"
      R"((?-i)([A-Z]{1,2}\d{5,13}|\d{3} \d{3} \d{3}|\d{7,9}|)"
      R"([A-Z]\d{3}(?:-\d{2,4}){2,4}(?:-\d)?)\b)");
  driving_of_state.check = LicenceCheck;
  // "licence B072RRE2I55": without a word for driving only in the forms of its issuers.
  Recogniser licence_alone = Behind(
      "driver_license_alone", DataType::kDriverLicense,
      "licence|license|lic |lic: |cdl |número de licencia|patente|driver id",
      R"((?i)(?:licen[cs]e|lic|cdl|número de licencia|patente(?: di guida)?|driver id))"
      R"((?:[ _]?(?:numbers?|no\b\.?|nr\b\.?|n\.|id\b|#))?[ :#,(]{1,3}(?-i))"
      R"(([A-Z]{1,2}\d{6,13}|[A-Z]\d{3}(?:-\d{2,4}){2,4}(?:-\d)?|)"
      R"([A-Z]{5}\d{6}[A-Z9]{2}\d?[A-Z]{2}|)"
      R"([A-Z]\d{2}[A-Z]{2,3}\d[A-Z]\d{2}|[A-Z]{2}\d[A-Z]\d{2}[A-Z]\d[A-Z]{2}\d|U1[A-Z0-9]{8})\b)");
  licence_alone.not_after = "plate|key|software|product";
  Recogniser asian_licence = {
      .name = "driver_license_asian",
      .type = DataType::kDriverLicense,
      .trigger = {.kind = TriggerKind::kDigits, .min_digits = 10, .max_digits = 24},
      .pattern = R"(\d{2}-\d{2}-\d{6}-\d{2}|\d{2} ?\d{2} \d{6}|\d{12}|\d{17}[\dXx]|\d{10})",
      .context =
          "免許証番号|運転免許|驾驶证|驾照|운전면허|водительск|водительское|водительского|"
          "رخصة القيادة|رخصة قيادة|ड्राइविंग लाइसेंस"};
  Recogniser passport = {.name = "passport_in_context",
                         .type = DataType::kPassport,
                         .trigger = {.kind = TriggerKind::kToken, .max_letters = 2},
                         .pattern = R"([A-Z]{1,2}\d{6,8})",
                         .context = "护照|護照|パスポート|旅券|여권|паспорт|جواز"};
  Recogniser passport_digits = {
      .name = "passport_digits_in_context",
      .type = DataType::kPassport,
      .trigger = {.kind = TriggerKind::kDigits, .min_digits = 8, .max_digits = 16},
      .pattern = R"(\d{2} ?\d{2} ?\d{6}|\d{2} \d{7}|\d{8,9})",
      .context = "护照|護照|パスポート|旅券|여권|паспорт|паспорта|загранпаспорт|جواز"};
  return {postcode,         zip,           italian,       asian,    driving,
          driving_of_state, licence_alone, asian_licence, passport, passport_digits};
}

}  // namespace flywheel::redaction
