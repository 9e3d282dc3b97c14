// Recogniser: one rule of PII detection, a row of the table: its trigger, pattern, check and words.
#ifndef FLYWHEEL_REDACTION_RECOGNISER_H_
#define FLYWHEEL_REDACTION_RECOGNISER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"

namespace flywheel::redaction {

// The kinds of personal data, which are also the names of the placeholders and of the counts.
enum class DataType {
  kEmail,
  kPhone,
  kCard,
  kIban,
  kIpAddress,
  kMacAddress,
  kUrlCredentials,
  kApiKey,
  kPrivateKey,
  kJwt,
  kPassword,
  kNationalId,
  kPassport,
  kBirthDate,
  kAddress,
  kLocation,
  kName,
  kDriverLicense,
  kUserId,
  kOrganisation,
  kPlace,
  kDate,
  kAge,
  kCustom,  // A recogniser of the configuration.
};
inline constexpr size_t kDataTypes = 24;

// The name in the placeholder: "EMAIL" for [EMAIL_1].
std::string_view DataTypeName(DataType type);

// Where in a text a recogniser is tried at all. Finding these places is the one pass over every
// byte; all else runs only there. A place is the byte where the pattern must begin.
enum class TriggerKind {
  kWord,              // One of `words` begins here, in any case, and so does a word.
  kWordBeforeNumber,  // One of `words` ends here, one space before a number: "straße 12".
  kAt,                // An '@'; the place is where what may be a local part begins.
  kScheme,            // The ':' of "://".
  kColon,             // Hexadecimal digits before the first ':' of a group, or that ':' itself.
  kHexDash,           // Two hexadecimal digits, '-', two more, '-': a MAC address.
  kDigits,            // A number begins here that is not part of a longer token.
  kDial,              // The same, with the "+", "(" or "(+" before it.
  kToken,             // A token of letters and digits begins here, with a letter.
};

struct Trigger {
  TriggerKind kind = TriggerKind::kWord;
  // kWord and kWordBeforeNumber: beginnings (endings), separated by '|', of at least 3 bytes from
  // the first letter of ASCII on.
  std::string words = {};
  // kWord: only where one of the common given names follows the word directly (given_names.h).
  bool before_given_name = false;
  // kDigits and kDial: how many digits follow, at least and at most, counted over the separators
  // space . - / ( ). At most kMaxDigits are counted.
  int min_digits = 1;
  int max_digits = 48;
  // kDigits and kDial: how many digits stand side by side at least where the number begins.
  int min_group = 1;
  // kToken: how many letters the token begins with, at least and at most.
  int min_letters = 1;
  int max_letters = 16;
};
inline constexpr int kMaxDigits = 48;

// How many bytes of a match, from its beginning, are the value; 0 for none of it. A pattern may
// match too much (a card number and the year after it): the check cuts.
using Check = size_t (*)(std::string_view match);

// Bytes [begin, end) of a text; empty for none.
struct ValueSpan {
  size_t begin = 0;
  size_t end = 0;
};
// Finds the value of what begins at `place`. Pure, total, and bounded in what it looks at.
using Finder = ValueSpan (*)(std::string_view text, size_t place);

// Called for what a scan finds, [begin, end) of its text.
using Found = absl::FunctionRef<void(size_t begin, size_t end)>;
// Goes over a whole text, once and in linear time: for what no word or number begins (scans.h).
using Scan = void (*)(std::string_view text, Found found);

// One row: what is recognised, where it is looked for, and what decides that it is there.
struct Recogniser {
  std::string name;  // For messages: "us_ssn".
  DataType type = DataType::kCustom;
  Trigger trigger = {};
  // RE2, matched where the trigger says. Group 1, where there is one, is the value; else all.
  std::string pattern = {};
  // Instead of a pattern, where none says it well (assignments.h). With a pattern, it begins where
  // that ends: for values that a pattern would cut only slowly (name_words.h).
  Finder finder = nullptr;
  Check check = nullptr;
  // The check takes the longest value that passes; where that would end in the middle of a token,
  // it is asked for a shorter one.
  bool may_end_earlier = false;
  // With one of these words (any case, '|' between) in the 64 bytes before the value or the 24
  // after it; empty for no such condition.
  std::string context = {};
  // Where the value stands in JSON behind a key that says what it is ({"order_id": "6942297802"}),
  // that key alone decides, and not the context: it must end with one of these words. Empty for
  // rows that ask for the context everywhere.
  std::string keys = {};
  // Not directly after one of these words, but for "number", "no.", "#" and the like between.
  std::string not_after = {};
  // Not where a row of numbers goes on with one of as many digits: "01 02 03 04 05 06".
  bool not_in_row = false;
  // The pattern may begin so many bytes before the trigger, and sees so many bytes after it.
  size_t before = 0;
  size_t after = 128;
  // A byte that stands in the first `needed_within` bytes from the trigger on wherever the pattern
  // matches: where it is not, no pattern is tried. 0 for none.
  char needed = 0;
  size_t needed_within = 0;
  // The byte at the trigger is one of these; empty for any.
  std::string begins = {};
  // Not after a letter, digit, '_' or '-'. What can be long is then tried once a token, however
  // many triggers the token holds.
  bool starts_token = false;
  // "[LABEL_1]"; empty for the name of the type.
  std::string label = {};
  // Finds by itself, in place of trigger, pattern and all of the above but the label.
  Scan scan = nullptr;
};

// The built-in table, one function a family. Where two recognisers find parts of the same text,
// the one that stands earlier gives its name to both.
std::vector<Recogniser> SecretRecognisers();
std::vector<Recogniser> PrefixedKeyRecognisers();  // A part of SecretRecognisers.
std::vector<Recogniser> PhoneRecognisers();
std::vector<Recogniser> PaymentRecognisers();
std::vector<Recogniser> ContactRecognisers();
std::vector<Recogniser> NationalIdRecognisers();
std::vector<Recogniser> DocumentRecognisers();
std::vector<Recogniser> NameRecognisers();
std::vector<Recogniser> BirthRecognisers();
std::vector<Recogniser> AccountRecognisers();
std::vector<Recogniser> BirthDayRecognisers();
std::vector<Recogniser> PlaceRecognisers();
std::vector<Recogniser> BlockRecognisers();
std::vector<Recogniser> PositionRecognisers();
std::vector<Recogniser> BuiltinRecognisers();

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_RECOGNISER_H_
