// Addresses of several parts: a street that no word announces counts where a town with its postcode
// is behind it.
#include <string>
#include <utility>

#include "redaction/address_block.h"
#include "redaction/address_patterns.h"
#include "redaction/checks.h"
#include "redaction/recogniser.h"
#include "redaction/scans.h"

namespace flywheel::redaction {
namespace {

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
  // The postcode is the trigger: "6450 Elm Knolls Apt. 30\nLake Joyceview, TX 75534", "12 High
  // Hill, London SW1A 1AA".
  rows.push_back({.name = "address_lines",
                  .type = DataType::kAddress,
                  .trigger = {.kind = TriggerKind::kDigits, .min_digits = 4, .max_digits = 12},
                  .finder = FindAddressAtPostcode});
  rows.push_back({.name = "address_lines_with_letters",
                  .type = DataType::kAddress,
                  .trigger = {.kind = TriggerKind::kToken, .max_letters = 2},
                  .finder = FindAddressAtPostcode});
  rows.push_back({.name = "street_at_number",
                  .type = DataType::kAddress,
                  .trigger = {.kind = TriggerKind::kDigits, .max_digits = 24},
                  .finder = FindStreetAtNumber});
  // "rue de Guillaume", "chemin Olivier Neveu": no number, in the small letters of French.
  rows.push_back(Address(
      "street_without_number",
      {.words = "rue d|chemin d|boulevard d|impasse d|allée d|rue de|chemin de"},
      R"((?:rue|chemin|boulevard|impasse|allée) (?:de la |de l['’]|des |du |de |d['’])\p{Lu})"
      R"([\pL'’-]+(?:[ -]\p{Lu}[\pL'’-]+){0,2})"));
  // A field of a form that has an address: "City: New Christopherside".
  Recogniser town = Address(
      "town_in_field",
      {.words = "city|town|ville|ciudad|ort|wohnort|stadt|cidade|città|woonplaats|miasto|comune|"
                "localidad|plaats"},
      R"((?i:city|town|ville|ciudad|ort|wohnort|stadt|cidade|città|woonplaats|miasto|comune|)"
      R"(localidad|plaats)[ \t]?[:=][ \t]*(\p{Lu}[\pL'’.-]+(?:[ -][\pL'’.-]+){0,4}))");
  town.context =
      "address|street|zip|postal|postcode|adresse|straße|strasse|rue|plz|postleitzahl|code postal|"
      "calle|dirección|domicilio|código postal|cep|endereço|indirizzo|cap|adres|straat|ulica|adres";
  rows.push_back(town);
  // "Apt. 991", "Suite 787"
  rows.push_back(
      Address("unit_alone", {.words = "apt. |apt |apt #|apartment |suite |ste. "},
              R"((?:(?i:apt\.?|apartment) ?#? ?\d{1,4}[A-Za-z]?|Suite \d{3}|Ste\. \d{3}))"));
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
