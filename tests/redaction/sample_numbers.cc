// Numbers of states and banks: SSN, IBAN, cards and their kin.
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "redaction/checks.h"
#include "tests/redaction/sample_makers.h"

namespace flywheel::redaction {
namespace {

constexpr const char* kIbanCountries[] = {"DE##################", "GB##^^^^##############"};

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

}  // namespace

MakerMap NumberMakers() {
  return {
      {"CARD", Card},
      {"CARD_RARE",
       Checked({"5038########", "6304#########", "6759 #### #### ####", "2131###########",
                "1800###########", "3512############", "3852##########", "6521 #### #### ####",
                "2201############", "8171############"},
               CardCheck)},
      {"CARD_EXPIRY", Shapes({"09/2#", "12/2#", "03/203#"})},
      {"CVV", Shapes({"###"})},
      {"FOUR_DIGITS", Shapes({"####"})},
      {"LICENCE", Shapes({"D#######", "^###-###-##-###-#", "#########", "^^######", "^############",
                          "MORGA6##0##SM9IJ"})},
      {"LICENCE_DE", Shapes({"B0#2RRE2I5#", "J#30026OPX#"})},
      {"LICENCE_FR", Shapes({"############"})},
      {"IBAN", Iban},
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
  };
}

}  // namespace flywheel::redaction
