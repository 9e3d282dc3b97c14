#include "eval_gate_service/domain/evidence_hash.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/hashing/content_hash.h"
#include "shared/hashing/sha256.h"

namespace flywheel::evalgate {
namespace {

// About what a case takes.
constexpr size_t kBytesOfACase = 48;

// The lowest first, on every machine.
void AppendNumber(uint64_t number, size_t bytes, std::string& text) {
  for (size_t i = 0; i < bytes; ++i) text.push_back(static_cast<char>(number >> (8 * i) & 0xff));
}

void AppendText(std::string_view text, std::string& bytes) {
  AppendNumber(text.size(), 4, bytes);
  bytes += text;
}

// A hundred thousand cases are hashed in some milliseconds: bytes, not values one by one.
void AppendCase(const JudgedCase& one, std::string& bytes) {
  AppendText(one.cohort, bytes);
  AppendText(one.group, bytes);
  AppendNumber(one.critical ? 1 : 0, 1, bytes);
  AppendNumber(static_cast<uint64_t>(one.outcome), 1, bytes);
  AppendText(one.failed_by, bytes);
  AppendNumber(static_cast<uint64_t>(one.attempts), 4, bytes);
  AppendNumber(static_cast<uint64_t>(one.passed_attempts), 4, bytes);
  AppendNumber(one.answer_key, 8, bytes);
  AppendNumber(one.ideal_key, 8, bytes);
}

// Of the cases that have any.
void AppendLabelCohorts(const std::vector<JudgedCase>& cases, std::string& bytes) {
  for (size_t i = 0; i < cases.size(); ++i) {
    for (const std::string_view cohort : cases[i].label_cohorts) {
      AppendNumber(i, 4, bytes);
      AppendText(cohort, bytes);
    }
  }
}

std::string BytesOf(const std::vector<JudgedCase>& cases) {
  std::string bytes;
  bytes.reserve(cases.size() * kBytesOfACase);
  for (const JudgedCase& one : cases) AppendCase(one, bytes);
  return bytes;
}

void AddContamination(const Contamination& contamination, ContentHash& hash) {
  if (contamination.cases == 0) return;
  hash.Add("contaminated").Add(contamination.cases);
  for (const std::string& case_id : contamination.case_ids) hash.Add(case_id);
}

}  // namespace

std::string OutcomesHash(const std::vector<JudgedCase>& cases) {
  std::string bytes = BytesOf(cases);
  // Verdicts of before knew none: theirs is the hash below.
  AppendLabelCohorts(cases, bytes);
  return Sha256(bytes);
}

std::string EvidenceHash(const std::vector<std::string>& outcomes_hashes,
                         const Contamination& contamination) {
  ContentHash hash;
  // The version of what follows.
  hash.Add("flywheel evidence 2");
  for (const std::string& outcomes : outcomes_hashes) hash.Add(outcomes);
  AddContamination(contamination, hash);
  return hash.Bytes();
}

std::string EvidenceHashOfBefore(const std::vector<const std::vector<JudgedCase>*>& versions,
                                 const Contamination& contamination) {
  ContentHash hash;
  hash.Add("flywheel evidence 1");
  for (const std::vector<JudgedCase>* cases : versions) hash.Add(BytesOf(*cases));
  AddContamination(contamination, hash);
  return hash.Bytes();
}

}  // namespace flywheel::evalgate
