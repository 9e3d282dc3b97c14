#include "experiment_service/assignment_tokens.h"

#include <openssl/crypto.h>

#include "absl/strings/escaping.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {
namespace {

// The layout: a version, the experiment (8 bytes), the arm (1), the unit's hash (16), the time in
// microseconds (8), and the seal (12). Numbers are little-endian.
constexpr char kVersion = 1;
constexpr size_t kExperimentAt = 1;
constexpr size_t kArmAt = 9;
constexpr size_t kUnitAt = 10;
constexpr size_t kUnitBytes = 16;
constexpr size_t kTimeAt = 26;
constexpr size_t kContentBytes = 34;
// 2^-96 that a guess is taken.
constexpr size_t kMacBytes = 12;

void Append(uint64_t number, std::string& bytes) {
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(number >> (8 * i)));
}

uint64_t NumberAt(std::string_view bytes, size_t place) {
  uint64_t number = 0;
  for (size_t i = 0; i < 8; ++i) {
    number |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[place + i])) << (8 * i);
  }
  return number;
}

}  // namespace

std::string AssignmentTokens::Mac(std::string_view project, std::string_view content,
                                  size_t generation) const {
  // The content has one length, so that nothing of it can be taken for a part of the project.
  std::string sealed("\x01");
  sealed.append(project).append(content);
  return units_->Mac(sealed, generation).substr(0, kMacBytes);
}

std::string AssignmentTokens::Seal(std::string_view project, const ExposureProof& proof) const {
  std::string bytes(1, kVersion);
  bytes.reserve(kContentBytes + kMacBytes);
  Append(proof.experiment, bytes);
  bytes.push_back(static_cast<char>(proof.arm));
  bytes += proof.unit_hash;
  Append(static_cast<uint64_t>(ToMicros(proof.expose_time)), bytes);
  bytes += Mac(project, bytes, /*generation=*/0);
  return absl::WebSafeBase64Escape(bytes);
}

std::optional<ExposureProof> AssignmentTokens::Open(std::string_view project,
                                                    std::string_view token) const {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(std::string(token), &bytes)) return std::nullopt;
  if (bytes.size() != kContentBytes + kMacBytes || bytes[0] != kVersion) return std::nullopt;
  const std::string_view content = std::string_view(bytes).substr(0, kContentBytes);
  for (size_t generation = 0; generation < units_->generations(); ++generation) {
    const std::string mac = Mac(project, content, generation);
    if (CRYPTO_memcmp(mac.data(), bytes.data() + kContentBytes, kMacBytes) != 0) continue;
    return ExposureProof{NumberAt(content, kExperimentAt),
                         std::string(content.substr(kUnitAt, kUnitBytes)),
                         static_cast<unsigned char>(content[kArmAt]),
                         FromMicros(static_cast<int64_t>(NumberAt(content, kTimeAt)))};
  }
  return std::nullopt;
}

}  // namespace flywheel::experiment
