// What a batch of sessions leaves behind: interactions and signals, sent together.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_BATCH_RECORDS_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_BATCH_RECORDS_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "examples/support_agent/services.h"

namespace flywheel::example {

struct BatchRecords {
  ingest::v1::LogInteractionsRequest interactions;
  ingest::v1::RecordSignalsRequest signals;
  // The experiments of the assignment tokens of these interactions, for whoever counts them; it is
  // not sent.
  std::map<std::string, std::string> experiment_by_token;

  // A signal about `interaction`, named after it and `kind`, for the caller to fill in.
  ingest::v1::Signal* AddSignal(const ingest::v1::Interaction& interaction, ingest::v1::Actor actor,
                                const char* kind);

  // Every record is durable when this returns; sent twice, it is stored once. Answers with the
  // commit token of the last write. INTERNAL where one is refused.
  absl::StatusOr<std::string> Send(const Services& services) const;
};

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_BATCH_RECORDS_H_
