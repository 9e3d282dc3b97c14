#include "shared/hashing/content_hash.h"

#include <fmt/format.h>

#include "shared/hashing/sha256.h"

namespace flywheel {

ContentHash& ContentHash::Add(std::string_view text) {
  encoded_ += std::to_string(text.size());
  encoded_ += ':';
  encoded_ += text;
  return *this;
}

ContentHash& ContentHash::Add(int64_t value) { return Add(std::to_string(value)); }

// Adding zero makes one of the two zeros.
ContentHash& ContentHash::Add(double value) { return Add(fmt::format("{}", value + 0.0)); }

std::string ContentHash::Bytes() const { return Sha256(encoded_); }

std::string ContentHash::Hex() const { return Sha256Hex(encoded_); }

}  // namespace flywheel
