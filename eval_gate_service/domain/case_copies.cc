#include "eval_gate_service/domain/case_copies.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/domain/suite_cases.h"
#include "shared/hashing/content_hash.h"
#include "shared/status/status_macros.h"
#include "shared/text/name_key.h"

namespace flywheel::evalgate {
namespace {

// The keys of so many long inputs take some tenths of a second.
constexpr int kCasesPerCheck = 100;

// The cases that ask one question.
struct Copies {
  size_t cases = 0;
  const std::string* first_id = nullptr;
  // The smallest id of those that have a group, and that group.
  const std::string* grouped_id = nullptr;
  std::string group;
};

std::string QuestionKey(const SuiteCase& one) {
  return ContentHash().Add(NameKey(one.input)).Add(one.question).Bytes();
}

}  // namespace

absl::Status GroupCopies(std::vector<SuiteCase>& cases, const Deadline& deadline) {
  PeriodicCheck periodic(deadline, kCasesPerCheck);
  absl::flat_hash_map<std::string, Copies> by_question;
  std::vector<std::string> keys;
  keys.reserve(cases.size());
  for (const SuiteCase& one : cases) {
    RETURN_IF_ERROR(periodic.Step());
    Copies& copies = by_question[keys.emplace_back(QuestionKey(one))];
    ++copies.cases;
    if (copies.first_id == nullptr || one.case_id < *copies.first_id) {
      copies.first_id = &one.case_id;
    }
    if (one.group.empty()) continue;
    if (copies.grouped_id == nullptr || one.case_id < *copies.grouped_id) {
      copies.grouped_id = &one.case_id;
      copies.group = one.group;
    }
  }
  for (size_t i = 0; i < cases.size(); ++i) {
    const Copies& copies = by_question[keys[i]];
    if (!cases[i].group.empty() || copies.cases == 1) continue;
    cases[i].group =
        copies.group.empty() ? GroupName("copies of " + *copies.first_id) : copies.group;
  }
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
