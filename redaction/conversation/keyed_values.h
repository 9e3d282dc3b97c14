// Keyed values: what a JSON key says about its value.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_KEYED_VALUES_H_
#define FLYWHEEL_REDACTION_CONVERSATION_KEYED_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redaction/conversation/personal_span.h"

namespace flywheel::redaction {

// What a key says.
enum class KeyKind : uint8_t {
  kNone,
  kFirstName,
  kLastName,
  kFullName,
  kName,    // A person's or a thing's: the other keys decide.
  kPerson,  // "customer": a name, an id, or an object.
  kPostcode,
  kStreet,
  kAddress,  // A text, or an object.
  kUnit,     // This and the next beside a street or postcode only.
  kTown,
  kBirthDate,
  kPhone,
  kEmail,
  kNationalId,
  kPassport,
  kLicense,
  kUserId,
  kCard,    // Its number, or the last four of it.
  kThing,   // "price", "sku", "function": this is no person.
  kPersons  // Not a value of interest, but one that persons have: "membership".
};

// The kind of `key`, in any spelling: "first_name", "firstName", "billing-postcode2".
KeyKind KindOfKey(std::string_view key);

// What the keys of one object say together.
class KeyedObject {
 public:
  // `parent` is the kind of the key that the object is the value of, or of its list.
  explicit KeyedObject(KeyKind parent = KeyKind::kNone) : parent_(parent) {}

  void Add(KeyKind kind) { kinds_ |= uint32_t{1} << static_cast<uint32_t>(kind); }

  // What the value of a key of this kind is, and how it spreads; nullopt where it is not personal,
  // or does not look like it. `label` is the type's name.
  std::optional<PersonalSpan> Decide(KeyKind kind, std::string_view value, bool is_string) const;
  // Is this a product, a function, a file?
  bool IsThing() const { return Has(KeyKind::kThing) && !IsPerson(); }

 private:
  bool Has(KeyKind kind) const { return (kinds_ >> static_cast<uint32_t>(kind) & 1) != 0; }
  bool IsPerson() const;
  bool IsAddress() const;

  KeyKind parent_;
  uint32_t kinds_ = 0;
};

// Is a key of that kind in `text` at all? Allocates nothing.
bool HasPersonalKeys(std::string_view text);

// What keys say.
struct KeyedValues {
  std::vector<PersonalSpan> personal;   // Between their quotes.
  std::vector<PersonalSpan> things;     // Names of things: "Water Bottle" of a product.
  std::vector<std::string> full_names;  // The first and last name of one object: "Ann Lee".
};

// Appends what the keys of `text` say: in JSON, in pieces of JSON inside of other text, and in what
// Python prints. Linear, and without an allocation where there are no such keys.
void FindKeyedValues(std::string_view text, KeyedValues& found);

// Appends the personal values to `spans`, from which what is the name of a thing is taken out.
void AddKeyed(const KeyedValues& found, std::vector<PersonalSpan>& spans);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_KEYED_VALUES_H_
