#include "eval_gate_service/evaluators/ideals.h"

#include "eval_gate_service/evaluators/unicode_text.h"
#include "shared/text/quote.h"
#include "shared/text/shorten.h"

namespace flywheel::evalgate::evaluators {

std::vector<std::string_view> SpokenIdeals(const Case& one) {
  std::vector<std::string_view> spoken;
  for (const std::string& ideal : one.ideal_outputs) {
    if (!Seen(ideal, Letters::kKeep).empty()) spoken.push_back(ideal);
  }
  return spoken;
}

std::string QuotedBriefly(std::string_view text) {
  constexpr size_t kBytes = 80;
  if (text.size() <= kBytes) return Quoted(text);
  return Quoted(Shorten(text, kBytes)) + "...";
}

}  // namespace flywheel::evalgate::evaluators
