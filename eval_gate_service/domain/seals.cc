#include "eval_gate_service/domain/seals.h"

#include <algorithm>
#include <cstdint>

#include "eval_gate_service/domain/content_hash.h"
#include "shared/hashing/content_hash.h"
#include "shared/hashing/sha256.h"

namespace flywheel::evalgate {

std::string CaseSeal(const std::string& salt, const SuiteCase& one) {
  ContentHash hash;
  // The version of what follows; the same below.
  hash.Add("flywheel case 1").Add(salt).Add(CaseHash(one));
  return hash.Bytes();
}

std::string OutputSeal(const std::string& salt, const OutputFacts& output) {
  ContentHash hash;
  hash.Add("flywheel output 1").Add(salt).Add(output.case_id).Add(int64_t{output.attempt});
  hash.Add(static_cast<int64_t>(output.judgement.outcome));
  hash.Add(int64_t{output.judgement.failed_by});
  hash.Add(static_cast<int64_t>(output.judgement.answer_key));
  hash.Add(output.content_hash).Add(absl::ToUnixMicros(output.create_time));
  return hash.Bytes();
}

void SealSet::Add(std::string_view seal) {
  std::array<char, 32> bytes{};
  // One of another length was put in by hand, and must not count as one that it begins like.
  const std::string other = seal.size() == bytes.size() ? std::string() : Sha256(seal);
  if (!other.empty()) seal = other;
  std::copy(seal.begin(), seal.end(), bytes.begin());
  seals_.push_back(bytes);
  sorted_ = false;
}

size_t SealSet::size() {
  Sort();
  return seals_.size();
}

std::string SealSet::Hash() {
  Sort();
  ContentHash hash;
  hash.Add("flywheel seals 1").Add(static_cast<int64_t>(seals_.size()));
  for (const std::array<char, 32>& seal : seals_) {
    hash.Add(std::string_view(seal.data(), seal.size()));
  }
  return hash.Bytes();
}

void SealSet::Sort() {
  if (sorted_) return;
  std::sort(seals_.begin(), seals_.end());
  seals_.erase(std::unique(seals_.begin(), seals_.end()), seals_.end());
  sorted_ = true;
}

}  // namespace flywheel::evalgate
