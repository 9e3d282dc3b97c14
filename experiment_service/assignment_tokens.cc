#include "experiment_service/assignment_tokens.h"

#include <openssl/crypto.h>

#include "absl/strings/escaping.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {
namespace {

// The layout: a version, the experiment (8 bytes), the arm (1), the unit's hash (16), the time in
// microseconds (8), its value in each segment (5), and the seal (12). Numbers are little-endian.
constexpr char kVersion = 2;
// The same without the segments.
constexpr char kVersionWithoutSegments = 1;
constexpr size_t kExperimentAt = 1;
constexpr size_t kArmAt = 9;
constexpr size_t kUnitAt = 10;
constexpr size_t kUnitBytes = 16;
constexpr size_t kTimeAt = 26;
constexpr size_t kSegmentsAt = 34;
constexpr size_t kContentBytes = kSegmentsAt + kMaxSegments;
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

// Of the bytes that are sealed; 0 where no layout has this version.
size_t ContentBytes(std::string_view bytes) {
  if (bytes.empty()) return 0;
  if (bytes[0] == kVersion) return kContentBytes;
  return bytes[0] == kVersionWithoutSegments ? kSegmentsAt : 0;
}

}  // namespace

std::string AssignmentTokens::Mac(std::string_view project, std::string_view content,
                                  size_t generation) const {
  // Begins with the content's version, each of which has one length, so that nothing of it can be
  // taken for a part of the project.
  std::string sealed(1, content[0]);
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
  bytes += proof.segments;
  bytes.resize(kContentBytes);
  bytes += Mac(project, bytes, /*generation=*/0);
  return absl::WebSafeBase64Escape(bytes);
}

std::optional<ExposureProof> AssignmentTokens::Open(std::string_view project,
                                                    std::string_view token) const {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(std::string(token), &bytes)) return std::nullopt;
  const size_t size = ContentBytes(bytes);
  if (size == 0 || bytes.size() != size + kMacBytes) return std::nullopt;
  const std::string_view content = std::string_view(bytes).substr(0, size);
  for (size_t generation = 0; generation < units_->generations(); ++generation) {
    const std::string mac = Mac(project, content, generation);
    if (CRYPTO_memcmp(mac.data(), bytes.data() + size, kMacBytes) != 0) continue;
    return ExposureProof{NumberAt(content, kExperimentAt),
                         std::string(content.substr(kUnitAt, kUnitBytes)),
                         static_cast<unsigned char>(content[kArmAt]),
                         FromMicros(static_cast<int64_t>(NumberAt(content, kTimeAt))),
                         SegmentValues(content.substr(kSegmentsAt))};
  }
  return std::nullopt;
}

}  // namespace flywheel::experiment
