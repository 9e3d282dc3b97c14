// What a batch of sessions leaves behind: interactions, signals and outcomes, sent together.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_BATCH_RECORDS_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_BATCH_RECORDS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "examples/support_agent/services.h"

namespace flywheel::example {

// The guardrail of every experiment here: sessions that a person had to take over.
inline constexpr char kEscalated[] = "escalated";

struct BatchRecords {
  ingest::v1::LogInteractionsRequest interactions;
  ingest::v1::RecordSignalsRequest signals;
  experiment::v1::RecordOutcomesRequest outcomes;

  // A signal about `interaction`, named after it and `kind`, for the caller to fill in.
  ingest::v1::Signal* AddSignal(const ingest::v1::Interaction& interaction, ingest::v1::Actor actor,
                                const char* kind);

  // The result of a session under an experiment, for one of its metrics. `last` is its last
  // interaction, and says what really served it.
  void AddOutcome(const experiment::v1::AssignResponse& assignment,
                  const ingest::v1::Interaction& last, const std::string& metric, bool value);

  // Every record is durable when this returns; sent twice, it is stored once. Answers with the
  // commit token of the last write. INTERNAL where one is refused.
  absl::StatusOr<std::string> Send(const Services& services) const;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_BATCH_RECORDS_H_
