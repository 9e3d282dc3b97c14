// Addresses of several parts: a street that no word announces counts where a town with its postcode
// is behind it.
#include <string>
#include <utility>

#include "redaction/address_patterns.h"
#include "redaction/checks.h"
#include "redaction/recogniser.h"
#include "redaction/scans.h"

namespace flywheel::redaction {
namespace {

// A comma or an end of line, and what stands with it.
const std::string kBreak = R"((?:[ \t]*,?[ \t]*(?:\r?\n|\\n){1,2}[ \t]*|[ \t]*[,|][ \t]*))";
// "Lipowa 12/3", "Rua Xavier, 45", "Contrada Rossi 3 Appartamento 4": the number is behind.
const std::string kNumberLast =
    R"((?:(?:[a-z]{1,4}\.|[\pL]{3,12}|c/|C\.) )?(?:(?:de|del|della|da|do|dos|di|la|van|)"
    R"(der) ){0,2}\p{Lu}[\pL'’.-]+)"
    R"((?: (?:(?:de|del|della|da|do|dos|di|la|van|der|)"
    R"(y) ){0,2}\p{Lu}[\pL'’.-]*){0,3},? (?:n[.º°]* ?)?\d{1,4}(?:/\d{1,4})?[A-Za-z]?)";
const std::string kStreetLine = "(?:" + kWeakStreet + "|" + kNumberLast + ")";
const std::string kMiddle = "(?:" + kBreak + "(?:" + kUnit + "|" + kTown + ")|[ ]" + kUnit + ")";

Recogniser Address(const char* name, Trigger trigger, const std::string& pattern,
                   Check check = nullptr) {
  Recogniser row;
  row.name = name;
  row.type = DataType::kAddress;
  row.trigger = std::move(trigger);
  row.pattern = pattern;
  row.check = check;
  row.after = 160;
  return row;
}

}  // namespace

std::vector<Recogniser> BlockRecognisers() {
  std::vector<Recogniser> rows;
  // The postcode is the trigger: 6450 Elm Knolls Apt. 30\nLake Joyceview, TX 75534
  Recogniser lines =
      Address("address_lines", {.kind = TriggerKind::kDigits, .min_digits = 4, .max_digits = 12},
              "(?:^|[^\\pL\\pN])(" + kStreetLine + kMiddle + "{0,2}" + kBreak +
                  "(?:" + kTownAndPostcode + "|" + kPostcodeAndTown + "))(?:[^\\pL\\pN]|$)",
              BlockCheck);
  lines.before = 110;
  lines.after = 64;
  rows.push_back(lines);
  // London SW1A 1AA, Port Anna, ON K1A 0B1 behind a street or a unit.
  Recogniser letters = Address(
      "address_lines_with_letters", {.kind = TriggerKind::kToken},
      "(?:^|[^\\pL\\pN])((?:" + kStreetLine + "|" + kUnit +
          R"((?:[ ,]+|\n)\p{Lu}[\pL'’-]+(?: [\pL'’-]+){0,3}))" + kMiddle + "{0,2}" +
          "(?:" + kBreak + "(?:" + kTown + "(?:,? |" + kBreak + "))?(?:" + kRegion + "(?:,? |" +
          kBreak + "))?)(?:" + kUkPostcode + "|" + kCaPostcode + "))(?:[^\\pL\\pN]|$)",
      BlockCheck);
  letters.before = 110;
  letters.after = 16;
  rows.push_back(letters);
  Recogniser canada =
      Address("canadian_town", {.kind = TriggerKind::kToken},
              kTown + R"(,? (?:AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT),? )" + kCaPostcode);
  canada.before = 48;
  canada.after = 16;
  rows.push_back(canada);
  rows.push_back(Address("post_box",
                         {.words = "po box|p.o. box|p.o.box|p. o. box|post office box|postfach |"
                                   "boîte postale|apartado |caixa postal|casella postale|postbus |"
                                   "gpo box|locked bag|private bag|psc |cmr "},
                         kBox));
  rows.push_back(Address("military_post", {.words = "apo |fpo |dpo |apo,|fpo,|dpo,"},
                         R"([AFD]PO,? A[AEP],? \d{5}(?:-\d{4})?)"));
  rows.push_back(Address("military_unit", {.words = "unit |usns |uss |uscgc |usnv |usnumn "},
                         R"((?:U[A-Z]{2,5} \p{Lu}[\pL.'-]+|Unit \d{1,5},? Box \d{1,5}))"
                         R"([ ,\n]{1,3}[AFD]PO,? A[AEP],? \d{5}(?:-\d{4})?)"));
  // "I live at 763 Broadway", "address1": "763 Broadway"
  rows.push_back(Address(
      "street_behind_word",
      {.words = "address|adress|live at|lives at|lived at|living at|live on|reside|residing|"
                "located at|ship to|ship it to|shipped to|deliver to|deliver it to|delivered to|"
                "deliver |moved to|move to|street|addr|mail to|mail it to|send it to|sent to|"
                "home is|home at|house at|house is|flat at|adresse|dirección|direccion|indirizzo|"
                "endereço|wohne|domicil"},
      R"((?i:(?:street[ _-]?|shipping |billing |home |mailing |new |)"
      R"(delivery )?address(?:[_ ]?(?:line[_ ]?)?[12])?|)"
      R"(street(?:[_ ]?line)?[_ ]?[12]?|addr(?:ess)?[12]?|(?:live[sd]?|living) (?:at|on)|)"
      R"(resid(?:e|es|ing) (?:at|on)|)"
      R"(located at|ship(?:ped)?(?: it| them)? to|deliver(?:ed)?(?: it| them)? to|moved? to|)"
      R"((?:mail|send)(?: it)? to|sent to|ho(?:me|use) (?:is|at)|flat at|adresse|direcci[oó]n|)"
      R"(indirizzo|endereço))"
      R"((?:["']?[ \t]*(?:[:=]|=>|\bis\b|\bto\b|\bat\b|->)[ \t\n]*["']?(?:is |now |to |at )?|)"
      R"([ \t]+))"
      "(" +
          kWeakStreet + "(?:[ ,]{1,2}" + kUnit + ")?)",
      StreetBehindWordCheck));
  rows.push_back({.name = "address_in_other_script",
                  .type = DataType::kAddress,
                  .scan = ScanAddressesInOtherScripts});
  return rows;
}

}  // namespace flywheel::redaction
