#include "experiment_service/rpc/word_checks.h"

#include <cstddef>

#include "experiment_service/domain/visible_text.h"

namespace flywheel::experiment {
namespace {

constexpr size_t kMaxOwnerBytes = 256;
constexpr size_t kMaxWordBytes = 4'096;

void CheckVisibleText(const std::string& field, const std::string& text, size_t max_bytes,
                      rpc::FieldChecks& checks) {
  checks.RequiredText(field, text, max_bytes);
  checks.Require(text.empty() || HasVisibleText(text), field, "white space only",
                 "a text that can be read");
}

}  // namespace

void CheckWord(const std::string& place, const std::string& owner, const std::string& reason,
               rpc::FieldChecks& checks) {
  CheckVisibleText(place + "owner", owner, kMaxOwnerBytes, checks);
  checks.OptionalName(place + "owner", owner, kMaxOwnerBytes);
  CheckVisibleText(place + "reason", reason, kMaxWordBytes, checks);
}

}  // namespace flywheel::experiment
