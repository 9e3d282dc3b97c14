// Validators: checksums and other conditions that no pattern can say. Each takes what its pattern
// matched, with separators, and returns how many bytes of it are the value, 0 for none. Pure,
// total, linear in the match.
#ifndef FLYWHEEL_REDACTION_CHECKS_H_
#define FLYWHEEL_REDACTION_CHECKS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

// The digits of a text, at most 64 of them.
std::string Digits(std::string_view text);

// Is this the date of a day that exists? `year` in full.
bool IsDate(int year, int month, int day);

// Luhn's sum over decimal digits.
bool IsLuhn(std::string_view digits);

// The check with this name ("luhn", "card", "us_ssn"), for configurations; null for none.
Check FindCheck(std::string_view name);
// Their names, separated by ", ".
std::string CheckNames();

// Payment. A card: Luhn, and length and prefix of an issuer; the longest beginning that is one.
size_t CardCheck(std::string_view match);
// ISO 13616: the length of its country, and 1 modulo 97.
size_t IbanCheck(std::string_view match);
size_t LuhnCheck(std::string_view match);

// National numbers. Europe:
size_t UkNinoCheck(std::string_view match);
size_t UkNhsCheck(std::string_view match);
size_t DeTaxIdCheck(std::string_view match);
size_t DeSocialSecurityCheck(std::string_view match);
size_t FrNirCheck(std::string_view match);
size_t EsDniCheck(std::string_view match);
size_t ItFiscalCodeCheck(std::string_view match);
size_t NlBsnCheck(std::string_view match);
size_t BeNationalNumberCheck(std::string_view match);
size_t PlPeselCheck(std::string_view match);
size_t SePersonalNumberCheck(std::string_view match);
// The Americas:
size_t UsSsnCheck(std::string_view match);
size_t BrCpfCheck(std::string_view match);
size_t BrCnpjCheck(std::string_view match);
size_t MxCurpCheck(std::string_view match);
// Asia and Australia:
size_t InAadhaarCheck(std::string_view match);
size_t CnResidentCheck(std::string_view match);
size_t JpMyNumberCheck(std::string_view match);
size_t KrResidentCheck(std::string_view match);
// A day that exists in the first six digits; numbers given since 2020 have no check digit.
size_t KrResidentDateCheck(std::string_view match);
size_t AuTfnCheck(std::string_view match);
size_t AuMedicareCheck(std::string_view match);

// Contact.
size_t EmailCheck(std::string_view match);
// An address in words ("ann at example dot com") whose first word can be one's name.
size_t SpelledEmailCheck(std::string_view match);
// 9 to 15 digits with a calling code that exists, and an extension; cuts what does not belong to
// it. No decimal with a sign, no row of a dump.
size_t InternationalPhoneCheck(std::string_view match);
// 7 to 13 digits, and an extension. No round amount (the last six digits are zero), date, decimal,
// series, article number or time since 1970.
size_t NationalPhoneCheck(std::string_view match);
// An address that tells a host from others: no loopback, netmask, network, unspecified or
// broadcast.
size_t Ipv4Check(std::string_view match);
// One of four numbers below 32, which is a version more often.
size_t SmallIpv4Check(std::string_view match);
size_t Ipv6Check(std::string_view match);
size_t MacCheck(std::string_view match);

// Position. Each takes decimal degrees, latitude and longitude in either order. Two that are both
// between -1 and 1 are none: there is only sea, and that is where scores are.
// One pair in any precision, for forms of their own.
size_t PositionCheck(std::string_view match);
// One pair, and no third number with it; one of the two has four decimals and the other three.
size_t ExactPositionCheck(std::string_view match);
// One pair of which one has three decimals, or pairs in brackets (as GeoJSON has them); a third
// number of a pair is its height. No longer list of numbers.
size_t PositionsCheck(std::string_view match);

// Documents behind their word. No row of zeros.
size_t PostcodeCheck(std::string_view match);
// A number of a driving licence: four digits, and six of letters and digits, at least.
size_t LicenceCheck(std::string_view match);

// Secrets. The first part of a JWT decodes to an object with "alg".
size_t JwtCheck(std::string_view match);
// Letters and digits, and at least 3 bits a character: no word, no repetition.
size_t HighEntropyCheck(std::string_view match);
// A password that somebody wrote: not one word of a sentence. Cuts punctuation at the end.
size_t PasswordCheck(std::string_view match);
// What stands behind a prefix that issuers publish: no placeholder, no words, no repetition.
size_t PrefixedKeyCheck(std::string_view match);
// Base64 of "user:password".
size_t BasicCredentialsCheck(std::string_view match);
// Base64 of a JWT.
size_t EncodedJwtCheck(std::string_view match);
// A PEM block with something between its marks.
size_t PrivateKeyCheck(std::string_view match);
// "user:password", not "user:${PASSWORD}".
size_t UrlCredentialsCheck(std::string_view match);

// What these are made of. Shannon's entropy of the bytes, in bits a byte.
double EntropyBits(std::string_view text);
bool IsUuid(std::string_view text);
// "<your-key>", "${KEY}", "changeme", a path: what stands where a secret would.
bool IsPlaceholderValue(std::string_view value);
// "get_password(1", "config.db2.password", "/srv/app1/data": what a program has there.
bool IsCode(std::string_view value);
// Is it random text of at least this size? `least_borders` is how often it changes between letters
// and digits at least, or to capitals that begin no word.
bool LooksRandom(std::string_view value, size_t least_size, int least_borders);
// Letters and a digit or symbol, and neither placeholder nor code.
bool LooksLikePassword(std::string_view value, size_t least_size);

// At least five digits.
size_t PassportCheck(std::string_view match);

// People and places, against words that begin sentences, not names. In texts of capitals or small
// letters a name is one word, and two where a list of names knows one of them (name_lists.h).
size_t NameCheck(std::string_view match);
// As NameCheck, of two words or a given name; in capitals and small letters both.
size_t FullNameCheck(std::string_view match);
// As NameCheck, with a given name that is known, or a surname that is behind another word.
size_t KnownNameCheck(std::string_view match);
// As NameCheck, in small letters only of what the lists know.
size_t FieldNameCheck(std::string_view match);
// The same, but of small letters or capitals only what is known: "is preserved", "known as ISO".
size_t TellingNameCheck(std::string_view match);
// As NameCheck, behind a title: in capitals the surname alone.
size_t TitledNameCheck(std::string_view match);
// "Lee, Ann": what is behind the comma is a given name.
size_t ReversedNameCheck(std::string_view match);
// A common given name in any case, and the one word behind it that may be the surname.
size_t GivenNameCheck(std::string_view match);
size_t StreetCheck(std::string_view match);
// Lines of an address, none of which is a numbered part of a text or an amount.
size_t BlockCheck(std::string_view match);
// A number and names behind a word that says that they are a street; cuts the sentence behind them.
size_t StreetBehindWordCheck(std::string_view match);
// As StreetCheck, and no amount ("5000 Units") or year ("2024 Report").
size_t PostcodeTownCheck(std::string_view match);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CHECKS_H_
