#include "redaction/checks.h"

#include <iterator>

namespace flywheel::redaction {
namespace {

struct NamedCheck {
  std::string_view name;
  Check check;
};

// Those that are about digits and letters alone; what checks a name or a street leans on the
// pattern that it belongs to, and is no use to others.
constexpr NamedCheck kChecks[] = {
    {"luhn", LuhnCheck},
    {"card", CardCheck},
    {"iban", IbanCheck},
    {"us_ssn", UsSsnCheck},
    {"uk_nino", UkNinoCheck},
    {"uk_nhs", UkNhsCheck},
    {"de_tax_id", DeTaxIdCheck},
    {"de_social_security", DeSocialSecurityCheck},
    {"fr_nir", FrNirCheck},
    {"es_dni", EsDniCheck},
    {"it_fiscal_code", ItFiscalCodeCheck},
    {"nl_bsn", NlBsnCheck},
    {"be_national_number", BeNationalNumberCheck},
    {"pl_pesel", PlPeselCheck},
    {"se_personal_number", SePersonalNumberCheck},
    {"br_cpf", BrCpfCheck},
    {"br_cnpj", BrCnpjCheck},
    {"mx_curp", MxCurpCheck},
    {"in_aadhaar", InAadhaarCheck},
    {"cn_resident", CnResidentCheck},
    {"jp_my_number", JpMyNumberCheck},
    {"kr_resident", KrResidentCheck},
    {"au_tfn", AuTfnCheck},
    {"au_medicare", AuMedicareCheck},
    {"high_entropy", HighEntropyCheck},
};

}  // namespace

Check FindCheck(std::string_view name) {
  for (const NamedCheck& entry : kChecks) {
    if (entry.name == name) return entry.check;
  }
  return nullptr;
}

// For the message that answers a name that is not here.
std::string CheckNames() {
  std::string names;
  for (const NamedCheck& entry : kChecks) {
    names.append(names.empty() ? "" : ", ").append(entry.name);
  }
  return names;
}

}  // namespace flywheel::redaction
