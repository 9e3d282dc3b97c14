// The check digits, against numbers that their authorities and standards publish as examples.
#include "redaction/checks.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace flywheel::redaction {
namespace {

struct Example {
  Check check;
  std::string_view number;
};

// Without a digit or letter that belongs to it, a number is another one.
std::string WithOtherLastCharacter(std::string_view number) {
  std::string other(number);
  char& last = other.back();
  if (last == '9' || last == 'Z') {
    last = static_cast<char>(last - 1);
  } else {
    last = static_cast<char>(last + 1);
  }
  return other;
}

TEST(Checks, TakePublishedNumbersAndRefuseThemWithAnotherCheckDigit) {
  const Example examples[] = {
      {CardCheck, "4111 1111 1111 1111"},
      {CardCheck, "378282246310005"},
      {CardCheck, "30569309025904"},
      {CardCheck, "3530111333300000"},
      {CardCheck, "6011-1111-1111-1117"},
      {CardCheck, "2223003122003222"},
      {CardCheck, "676770000005"},
      {CardCheck, "213100000000001"},
      {CardCheck, "6759649826438453"},
      {IbanCheck, "GB82 WEST 1234 5698 7654 32"},
      {IbanCheck, "DE89370400440532013000"},
      {UkNhsCheck, "943 476 5919"},
      {DeTaxIdCheck, "86095742719"},
      {DeSocialSecurityCheck, "15070649C103"},
      {EsDniCheck, "12345678Z"},
      {EsDniCheck, "X1234567L"},
      {ItFiscalCodeCheck, "RSSMRA85T10A562S"},
      {NlBsnCheck, "111222333"},
      {PlPeselCheck, "44051401359"},
      {SePersonalNumberCheck, "811218-9876"},
      {BrCpfCheck, "111.444.777-35"},
      {BrCnpjCheck, "11.222.333/0001-81"},
      {MxCurpCheck, "HEGG560427MVZRRL04"},
      {InAadhaarCheck, "2341 2341 2346"},
      {JpMyNumberCheck, "123456789018"},
      {AuTfnCheck, "123 456 782"},
      {LuhnCheck, "046 454 286"},
  };
  for (const Example& example : examples) {
    EXPECT_EQ(example.check(example.number), example.number.size()) << example.number;
    EXPECT_EQ(example.check(WithOtherLastCharacter(example.number)), 0u) << example.number;
  }
  EXPECT_GT(CnResidentCheck("11010519491231002X"), 0u);
  EXPECT_EQ(CnResidentCheck("110105194912310021"), 0u);
  EXPECT_GT(BeNationalNumberCheck("93.05.18-223.61"), 0u);
  EXPECT_EQ(BeNationalNumberCheck("93.05.18-223.62"), 0u);
  EXPECT_GT(FrNirCheck("2 55 08 14 168 025 38"), 0u);
  EXPECT_EQ(FrNirCheck("2 55 08 14 168 025 39"), 0u);
  EXPECT_GT(AuMedicareCheck("2123 45670 1"), 0u);
  EXPECT_EQ(AuMedicareCheck("2123 45671 1"), 0u);
}

TEST(Checks, RefuseNumbersThatAreNeverGiven) {
  EXPECT_EQ(UsSsnCheck("000-12-3456"), 0u);
  EXPECT_EQ(UsSsnCheck("666-12-3456"), 0u);
  EXPECT_EQ(UsSsnCheck("123-00-4567"), 0u);
  EXPECT_EQ(UsSsnCheck("123-45-0000"), 0u);
  EXPECT_EQ(UsSsnCheck("912-49-3456"), 0u) << "an ITIN has other middle digits";
  EXPECT_GT(UsSsnCheck("912-70-3456"), 0u);
  EXPECT_EQ(UkNinoCheck("GB 12 34 56 C"), 0u);
  EXPECT_EQ(BrCpfCheck("111.111.111-11"), 0u);
  EXPECT_EQ(CardCheck("0000 0000 0000 0000"), 0u);
  EXPECT_EQ(CardCheck("9999999999999995"), 0u) << "no issuer begins with 99";
  EXPECT_EQ(IbanCheck("ZZ89370400440532013000"), 0u);
  EXPECT_EQ(Ipv4Check("127.0.0.1"), 0u);
  EXPECT_EQ(Ipv4Check("300.1.1.1"), 0u);
  EXPECT_EQ(Ipv6Check("::1"), 0u);
}

TEST(Checks, CutWhatFollowsANumber) {
  EXPECT_EQ(CardCheck("4111 1111 1111 1111 12"), 19u);
  EXPECT_EQ(IbanCheck("DE89370400440532013000 bitt"), 22u);
  EXPECT_EQ(InternationalPhoneCheck("+1 503 555 0172 12345"), 15u);
  EXPECT_EQ(PasswordCheck("s3cret99,"), 8u);
}

TEST(Checks, TakeExtensionsWithThePhoneAndNoSeriesOrYearsForOne) {
  for (const std::string_view phone :
       {"604-696-5272x565", "(0161) 496 0601", "030 901820 Durchwahl 12", "027 601 81 59"}) {
    EXPECT_EQ(NationalPhoneCheck(phone), phone.size()) << phone;
  }
  for (const std::string_view none :
       {"11 2019-2024", "05 17 23 38 44", "0100 0200 0300", "2024-05-12 1030"}) {
    EXPECT_EQ(NationalPhoneCheck(none), 0u) << none;
  }
  EXPECT_GT(InternationalPhoneCheck("011 44 20 7946 0958"), 0u);
  EXPECT_EQ(InternationalPhoneCheck("0020 0030 0040 0050"), 0u) << "a dump";
}

TEST(Checks, KnowHowAddressesAndLicencesAreWritten) {
  EXPECT_EQ(EmailCheck("ann@example.cn谢谢"), 14u);
  EXPECT_GT(SpelledEmailCheck("ann at example dot com"), 0u);
  EXPECT_EQ(SpelledEmailCheck("look at example dot com"), 0u);
  EXPECT_GT(LicenceCheck("D1234567"), 0u);
  EXPECT_EQ(LicenceCheck("12"), 0u);
  EXPECT_EQ(PostcodeCheck("00000"), 0u);
}

TEST(Checks, KnowTheCalendar) {
  EXPECT_TRUE(IsDate(2024, 2, 29));
  EXPECT_FALSE(IsDate(2023, 2, 29));
  EXPECT_FALSE(IsDate(1900, 2, 29));
  EXPECT_TRUE(IsDate(2000, 2, 29));
  EXPECT_FALSE(IsDate(2024, 13, 1));
  EXPECT_FALSE(IsDate(2024, 4, 31));
}

TEST(Checks, AreTotalOverAnyText) {
  const std::string_view names[] = {
      "luhn",   "card",           "iban",    "us_ssn",      "de_tax_id",   "fr_nir",
      "es_dni", "it_fiscal_code", "mx_curp", "cn_resident", "kr_resident", "de_social_security"};
  const std::string_view texts[] = {
      "",
      "a",
      "ß",
      "123456789012345678",
      "AAAAAAAAAAAAAAAAAA",
      "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
      "XAAAAAAAA",
      "000000000000000"};
  for (const std::string_view name : names) {
    const Check check = FindCheck(name);
    ASSERT_NE(check, nullptr) << name;
    for (const std::string_view text : texts) EXPECT_LE(check(text), text.size()) << name;
  }
  EXPECT_EQ(FindCheck("no_such"), nullptr);
}

}  // namespace
}  // namespace flywheel::redaction
