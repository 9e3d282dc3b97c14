#include "curation_service/domain/fingerprint.h"

#include <bit>

#include "shared/privacy/digest.h"

namespace flywheel::curation {

Fingerprint& Fingerprint::Add(std::string_view text) {
  encoded_ += std::to_string(text.size());
  encoded_ += ':';
  encoded_ += text;
  return *this;
}

Fingerprint& Fingerprint::Add(int64_t value) { return Add(std::to_string(value)); }

Fingerprint& Fingerprint::Add(double value) {
  return Add(std::bit_cast<int64_t>(value == 0 ? 0.0 : value));
}

std::string Fingerprint::Hex() const { return Sha256Hex(encoded_); }

}  // namespace flywheel::curation
