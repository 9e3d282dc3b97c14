// Dates of birth, where somebody says that they are.
#include <string>

#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

const std::string kDate =
    R"((\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|)"
    R"(\d{1,2}(?:st|nd|rd|th|er|\.|º)? (?:of |de )?\pL{3,10}\.?,?(?: del?)? \d{4}|)"
    R"((?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\pL*)"
    R"(\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}))";

constexpr char kBirthWords[] =
    "born |born:|dob|d.o.b|date of birth|date_of_birth|dateofbirth|birth date|birthdate|birth_date|"
    "birthday|birth:|geboren|geb.-|geburtsdatum|geburtstag|geb. |geb.:|né le|née le|né(e)|nee "
    "le|ne le|"
    "date de naissance|naissance|nacido|nacida|nací|naci |fecha de nacimiento|nacimiento|nato il|"
    "nata il|data di nascita|nascita|geboortedatum|fødselsdato|data de nascimento|nascido|nascida";

}  // namespace

std::vector<Recogniser> BirthRecognisers() {
  return {
      {.name = "birth_date",
       .type = DataType::kBirthDate,
       .trigger = {.words = kBirthWords},
       // Up to the date no other field of JSON: {"dob": null, "created": "2024-05-12"}.
       .pattern = R"([\pL._()-]+["']?[^\d\n"{}\[\]]{0,40}?["']?)" + kDate},
      // "am 3.12.1984 in Graz geboren"
      {.name = "birth_date_before",
       .type = DataType::kBirthDate,
       .trigger = {.words = "geboren|nacido|nacida"},
       .pattern = R"(\b)" + kDate + R"([^\d\n]{0,24}?(?i:geboren|nacid))",
       .before = 56,
       .after = 16},
  };
}

}  // namespace flywheel::redaction
