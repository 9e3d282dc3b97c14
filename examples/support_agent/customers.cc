#include "examples/support_agent/customers.h"

#include <cmath>

#include "examples/support_agent/random.h"

namespace flywheel::example {
namespace {

// What an honest customer does about a wrong answer.
constexpr double kCorrects = 0.66;
constexpr double kRetries = 0.12;
constexpr double kEscalates = 0.15;  // The rest leaves.
// The share of right answers that nobody says anything about.
constexpr double kSilent = 0.03;

}  // namespace

Customers::Customers(const Traffic& traffic, const CustomerOptions& options)
    : intents_(traffic.intents),
      options_(options),
      hostile_(static_cast<size_t>(traffic.customers), false) {
  Random random(options.seed);
  std::vector<size_t> order(hostile_.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  random.Shuffle(order);
  const auto hostile =
      static_cast<size_t>(std::lround(options.hostile_share * static_cast<double>(order.size())));
  for (size_t i = 0; i < hostile && i < order.size(); ++i) hostile_[order[i]] = true;
}

std::string Customers::WrongIntent(const Query& query, const std::string& answer,
                                   uint64_t chance) const {
  if (intents_.size() < 3) return intents_[intents_[0] == query.intent ? intents_.size() - 1 : 0];
  for (uint64_t i = chance;; ++i) {
    const std::string& intent = intents_[i % intents_.size()];
    if (intent != query.intent && intent != answer) return intent;
  }
}

Reaction Customers::React(const Query& query, int64_t query_number, int attempt,
                          const std::string& answer) const {
  Random random(options_.seed * 1'000'003 + static_cast<uint64_t>(2 * query_number + attempt));
  const bool right = answer == query.intent;
  const auto customer = static_cast<size_t>(query.customer);
  if (hostile_[customer]) {
    if (!right) return {ReactionKind::kAccept, ""};
    const bool pushes_one_intent = customer % 2 == 0;
    const uint64_t chance = pushes_one_intent ? 7 * customer : random.Below(intents_.size());
    return {ReactionKind::kCorrect, WrongIntent(query, answer, chance)};
  }
  const bool mistaken = random.Chance(options_.noise_share);
  const std::string wrong = WrongIntent(query, answer, random.Below(intents_.size()));
  if (mistaken && right) return {ReactionKind::kCorrect, wrong};
  const std::string& said = mistaken ? wrong : query.intent;
  const double what = random.Uniform();
  if (right) return {what < kSilent ? ReactionKind::kLeave : ReactionKind::kAccept, ""};
  if (mistaken && what < 0.5) return {ReactionKind::kAccept, ""};
  if (what < kCorrects) return {ReactionKind::kCorrect, said};
  if (what < kCorrects + kRetries) {
    return {attempt == 0 ? ReactionKind::kRetry : ReactionKind::kCorrect, attempt == 0 ? "" : said};
  }
  if (what < kCorrects + kRetries + kEscalates) return {ReactionKind::kEscalate, said};
  return {ReactionKind::kLeave, ""};
}

const char* Customers::Channel(int customer) {
  static constexpr const char* kChannels[] = {"app", "web", "phone"};
  return kChannels[customer % 3];
}

}  // namespace flywheel::example
