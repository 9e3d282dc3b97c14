// Numbers that a state gives to a person. Those whose digits alone prove little (one check digit,
// no separators of their own) need a word beside them.
#include "redaction/checks.h"
#include "redaction/recogniser.h"

namespace flywheel::redaction {
namespace {

Recogniser Number(const char* name, int min_digits, int max_digits, const char* pattern,
                  Check check, const char* context = "", const char* keys = nullptr) {
  return {
      .name = name,
      .type = DataType::kNationalId,
      .trigger = {.kind = TriggerKind::kDigits, .min_digits = min_digits, .max_digits = max_digits},
      .pattern = pattern,
      .check = check,
      .context = context,
      .keys = keys != nullptr ? keys : context,
      .after = 32};
}

// A token that begins with so many letters.
Recogniser Token(const char* name, int min_letters, int max_letters, const char* pattern,
                 Check check, const char* context = "") {
  return {.name = name,
          .type = DataType::kNationalId,
          .trigger = {.kind = TriggerKind::kToken,
                      .min_letters = min_letters,
                      .max_letters = max_letters},
          .pattern = pattern,
          .check = check,
          .context = context,
          .keys = context,
          .after = 32};
}

// The form of an article's number as well: "SKU 12345678Z", "part no. 123-45-6789".
Recogniser NotOfThing(Recogniser recogniser) {
  recogniser.not_after =
      "order|invoice|tracking|ticket|reference|ref|case|sku|serial|booking|reservation|part|item|"
      "product|article|model|batch|build|commit|hash";
  return recogniser;
}

constexpr char kUsWords[] =
    "ssn|social security|my social|her social|his social|social is|social number|social:|itin|"
    "taxpayer|tax id|tin";
constexpr char kGermanTaxWords[] = "steuer|idnr|tin|tax id|tax identification";
constexpr char kPassportTrigger[] =
    "passport|reisepass|passeport|pasaporte|passaporto|paspoort|passaporte|passnummer|pass-nr|pass "
    "nr|"
    "paszport|pašaport|útlevél|passi |pas nr|pasnummer|pasport";

}  // namespace

std::vector<Recogniser> NationalIdRecognisers() {
  return {
      NotOfThing(Number("us_ssn", 9, 20, R"(\d{3}-\d{2}-\d{4})", UsSsnCheck)),
      // Without dashes it is any number, or three: "512 64 1024".
      Number("us_ssn_plain", 9, 20, R"(\d{9}|\d{3}[ .]\d{2}[ .]\d{4})", UsSsnCheck, kUsWords),
      // The two letters may stand apart from the digits.
      {.name = "uk_nino",
       .type = DataType::kNationalId,
       .trigger = {.kind = TriggerKind::kDigits, .min_digits = 6, .max_digits = 12},
       .pattern = R"(\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d{2} ?\d{2} ?\d{2} ?[A-D])",
       .check = UkNinoCheck,
       .before = 3,
       .after = 16},
      NotOfThing(Token("uk_nino_compact", 2, 2,
                       R"([A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{2} ?\d{2} ?\d{2} ?[A-D])",
                       UkNinoCheck)),
      // In lower case it could be a short hash.
      Token("uk_nino_in_context", 2, 2,
            R"((?i)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{2} ?\d{2} ?\d{2} ?[A-D])", UkNinoCheck,
            "national insurance|nino|ni number|ni no"),
      Number("uk_nhs", 10, 20, R"(\d{3}[ -]?\d{3}[ -]?\d{4})", UkNhsCheck, "nhs"),
      Number("de_tax_id", 11, 20, R"(\d{2} ?\d{3} ?\d{3} ?\d{3})", DeTaxIdCheck, kGermanTaxWords),
      Number("de_social_security", 8, 20, R"(\d{2} ?\d{6} ?[A-Z] ?\d{3})", DeSocialSecurityCheck),
      Number("fr_nir", 7, 20,
             R"([12] \d{2} (?:0[1-9]|1[0-2]|[2-9]\d) (?:\d{2}|2[ABab]) \d{3} \d{3} \d{2})",
             FrNirCheck),
      Number("fr_nir_plain", 7, 20,
             R"([12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[ABab]) ?\d{3} ?\d{3} ?\d{2})",
             FrNirCheck, "sécu|secu|sécurité sociale|securite sociale|nir|insee|assuré"),
      NotOfThing(Number("es_dni", 8, 8, R"(\d{2}\.?\d{3}\.?\d{3}-?[A-HJ-NP-TV-Z])", EsDniCheck)),
      NotOfThing(Token("es_nie", 1, 1, R"([X-Z]-?\d{7}-?[A-HJ-NP-TV-Z])", EsDniCheck)),
      Number("es_dni_in_context", 8, 8, R"(\d{2}\.?\d{3}\.?\d{3}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z])",
             EsDniCheck, "dni|nif|documento nacional"),
      Token("es_nie_in_context", 1, 1, R"([X-Zx-z][ -]?\d{7}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z])",
            EsDniCheck, "nie|nif|extranjero"),
      Token("it_fiscal_code", 6, 8,
            R"((?i)[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPRST][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z])",
            ItFiscalCodeCheck),
      Number("nl_bsn", 9, 12, R"(\d{4}[ .]?\d{2}[ .]?\d{3}|\d{3}[ .]\d{3}[ .]\d{3})", NlBsnCheck,
             "bsn|burgerservice|sofinummer|sofi"),
      Number("be_national_number", 11, 20, R"(\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2})",
             BeNationalNumberCheck),
      Number("be_national_number_plain", 11, 20, R"(\d{6}[ -]?\d{3}[ -.]?\d{2})",
             BeNationalNumberCheck, "rijksregister|registre national|national number|niss|insz"),
      Number("pl_pesel", 11, 20, R"(\d{11})", PlPeselCheck, "pesel"),
      // A day, a dash and four digits is how builds and invoices are numbered, too.
      Number("se_personal_number", 10, 20, R"((?:19|20)?\d{6}[-+]?\d{4})", SePersonalNumberCheck,
             "personnummer|samordningsnummer|personal identity|personnr|pnr"),
      Number("br_cpf", 11, 20, R"(\d{3}\.\d{3}\.\d{3}-\d{2})", BrCpfCheck),
      Number("br_cpf_plain", 11, 20, R"(\d{11})", BrCpfCheck, "cpf"),
      Number("br_cnpj", 14, 24, R"(\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2})", BrCnpjCheck),
      Number("br_cnpj_plain", 14, 24, R"(\d{14})", BrCnpjCheck, "cnpj"),
      Token("mx_curp", 4, 4, R"((?i)[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d)",
            MxCurpCheck),
      Number("in_aadhaar", 12, 20, R"(\d{4}[ -]?\d{4}[ -]?\d{4})", InAadhaarCheck,
             "aadhaar|aadhar|uidai|आधार"),
      Token("in_pan", 5, 5, R"((?i)[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z])", nullptr,
            "pan|permanent account"),
      Number("cn_resident", 17, 24, R"(\d{17}[\dXx])", CnResidentCheck),
      Number("jp_my_number", 12, 20, R"(\d{4}[ -]?\d{4}[ -]?\d{4})", JpMyNumberCheck,
             "my number|mynumber|マイナンバー|個人番号"),
      Number("kr_resident", 13, 20, R"(\d{6}-\d{7})", KrResidentCheck),
      Number("kr_resident_in_context", 13, 20, R"(\d{6}[- ]?\d{7})", KrResidentDateCheck,
             "resident registration|rrn|주민등록번호|주민번호"),
      Number("au_tfn", 9, 12, R"(\d{3}[ -]?\d{3}[ -]?\d{3})", AuTfnCheck, "tfn|tax file"),
      Number("au_medicare", 10, 14, R"(\d{4}[ -]?\d{5}[ -]?\d(?:[ /-]?\d)?)", AuMedicareCheck,
             "medicare"),
      // "sin" and "nas" alone are a sine, "without" in Spanish, and a disk.
      Number("ca_sin", 9, 12, R"(\d{3}[ -]?\d{3}[ -]?\d{3})", LuhnCheck,
             "sin #|sin:|sin no|sin number|sin is|my sin|social insurance|assurance sociale|nas:|"
             "mon nas|no nas",
             "sin|social insurance|nas|assurance sociale"),
      {.name = "passport",
       .type = DataType::kPassport,
       .trigger = {.words = kPassportTrigger},
       .pattern = R"((?i)[a-z-]+(?:_?(?:no|nr|number|num|id))?["']?)"
                  R"((?:: ?\{ ?"(?:number|no|id|value)["])?[^\n\d"{}\[\]]{0,48}?["']?\b)"
                  R"(([A-Z]{1,2}\d{6,8}[A-Z]?|\d{8,9}|\d{2}[A-Z]{2}\d{5}|)"
                  R"([A-Z]{2} ?\d{7}|\d{2} \d{7}|\d{2} ?\d{2} ?\d{6}|\d{7}|[A-Z]{2}[A-Z0-9]{6}\d|)"
                  R"([CFGHJKLMNPRTVWXYZ][A-Z0-9]{8}|[A-Z]{3}\d{6}[A-Z]?|[A-Z]\d{2}[A-Z]\d{5})\b)",
       .check = PassportCheck},
  };
}

}  // namespace flywheel::redaction
