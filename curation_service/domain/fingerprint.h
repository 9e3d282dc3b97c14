// A hash over a list of values.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_FINGERPRINT_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_FINGERPRINT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace flywheel::curation {

// Collects values, each with its length, so that no two lists have the same encoding.
//
//   Fingerprint fingerprint;
//   fingerprint.Add(options.agent).Add(options.eval_share);
//   const std::string request_hash = fingerprint.Hex();
class Fingerprint {
 public:
  Fingerprint& Add(std::string_view text);
  Fingerprint& Add(const std::string& text) { return Add(std::string_view(text)); }
  Fingerprint& Add(const char* text) { return Add(std::string_view(text)); }
  Fingerprint& Add(int64_t value);
  // By its bits; -0 counts as 0.
  Fingerprint& Add(double value);

  // SHA-256 of what was added, as 64 hexadecimal digits.
  std::string Hex() const;

 private:
  std::string encoded_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_FINGERPRINT_H_
