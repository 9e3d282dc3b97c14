// Secret names: does an identifier say that its value is a secret?
#ifndef FLYWHEEL_REDACTION_SECRET_NAMES_H_
#define FLYWHEEL_REDACTION_SECRET_NAMES_H_

#include <cstddef>
#include <string_view>

namespace flywheel::redaction {

enum class NameKind {
  kNone,
  kBareKey,   // "key" and nothing that says which.
  kIssuer,    // Nothing but an issuer: "discord".
  kKey,       // "apiKey", "CLIENT_SECRET", "X-Auth-Token".
  kPassword,  // "dbPassword".
};

// Bytes [begin, end) of a text are a name.
struct SecretName {
  size_t begin = 0;
  size_t end = 0;
  NameKind kind = NameKind::kNone;
  bool of_issuer = false;  // An issuer of keys without a prefix is a part of it.
};

// Where the name around `place` begins and ends: letters, digits, '_', and '.' and '-' inside.
// Looks at most 64 bytes to each side. Empty for the end of an element ("</apiKey>") and a
// placeholder.
SecretName NameAround(std::string_view text, size_t place);

// Sets what kind of a name it is, by its parts ("apiKey" has two) and, for "key", the words before
// it ("api key"). None where a part says otherwise: "nextPageToken", "public_key", "token_count",
// "keyboard". Costs some microseconds: see first whether there is a value.
void Classify(std::string_view text, SecretName& name);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_SECRET_NAMES_H_
