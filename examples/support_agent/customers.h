// Simulated customers: a model of how people react to the agent's answers.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_CUSTOMERS_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_CUSTOMERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "examples/support_agent/queries.h"

namespace flywheel::example {

// How the customers behave.
struct CustomerOptions {
  // The share of customers who always react wrongly: they refuse right answers and accept wrong
  // ones. Every other one of them has one wrong intent that they push; the rest take any.
  double hostile_share = 0;
  // The share of all reactions that are wrong, whoever gives them: customers or staff.
  double noise_share = 0;
  uint64_t seed = 1;
};

// What a customer does.
enum class ReactionKind {
  kAccept,    // Takes the answer.
  kCorrect,   // Says which intent they meant.
  kRetry,     // Asks again.
  kEscalate,  // Gets a human, who says which intent was meant.
  kLeave,     // Goes away.
};

struct Reaction {
  ReactionKind kind = ReactionKind::kLeave;
  // The intent that was said, for kCorrect and kEscalate.
  std::string correction;
};

// Reacts the same way to the same query, attempt and answer, however often it is asked. Immutable,
// so thread-safe.
class Customers {
 public:
  Customers(const Traffic& traffic, const CustomerOptions& options);

  // `query_number` is the place of the query in the whole traffic, `attempt` 0 or 1: nobody retries
  // twice.
  Reaction React(const Query& query, int64_t query_number, int attempt,
                 const std::string& answer) const;

  // Which channel a customer uses: app, web or phone.
  static const char* Channel(int customer);

 private:
  std::string WrongIntent(const Query& query, const std::string& answer, uint64_t chance) const;

  const std::vector<std::string> intents_;
  const CustomerOptions options_;
  std::vector<bool> hostile_;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_CUSTOMERS_H_
