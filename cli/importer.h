// Import client: sends conversations to ingest in batches.
#ifndef FLYWHEEL_CLI_IMPORTER_H_
#define FLYWHEEL_CLI_IMPORTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/conversation.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/retry.h"

namespace flywheel::cli {

// What became of the items of one kind.
struct ItemCounts {
  int64_t stored = 0;
  int64_t replayed = 0;
  int64_t conflicts = 0;
  int64_t rejected = 0;
};

// An item that was not taken.
struct ImportProblem {
  std::string id;
  // CONFLICT or REJECTED.
  std::string outcome;
  // The name of an ErrorReason.
  std::string reason;
  std::string message;
};

struct ImportSummary {
  ItemCounts interactions;
  ItemCounts signals;
  // Tool calls in the interactions that were stored.
  int64_t tool_calls = 0;
  // The first ten.
  std::vector<ImportProblem> problems;

  bool clean() const {
    return interactions.conflicts + interactions.rejected + signals.conflicts + signals.rejected ==
           0;
  }
};

// For people, such as "stored 200 interactions (1,164 tool calls) and 200 signals; 0 replayed, 0
// conflicts, 0 rejected".
std::string Describe(const ImportSummary& summary);

// Calls of tools in the messages of a turn.
int64_t ToolCalls(const ingest::v1::Interaction& interaction);

struct ImporterOptions {
  // A batch ends before it holds more than this; one larger item goes alone.
  int max_batch_items = 500;
  int64_t max_batch_bytes = 4 << 20;
  rpc::RetryPolicy retry = {};
  // Sent with every call; empty: the server's choice.
  std::string project = {};
  // Called after each batch with the items that were answered so far, of all; may be empty.
  std::function<void(size_t done, size_t total)> on_progress = nullptr;
};

// Not thread-safe.
class Importer {
 public:
  Importer(const rpc::Channel& channel, ImporterOptions options);

  // Sends the interactions, then the signals, batch by batch. An error of a call ends it; what was
  // answered until then is stored, and importing again goes on from there.
  absl::StatusOr<ImportSummary> Import(const std::vector<Conversation>& conversations);

 private:
  // A call of the stub, resent by the options.
  template <typename Request, typename Response>
  absl::Status Call(grpc::Status (ingest::v1::IngestService::Stub::*method)(grpc::ClientContext*,
                                                                            const Request&,
                                                                            Response*),
                    const Request& request, Response& response);
  absl::Status SendInteractions(const ingest::v1::LogInteractionsRequest& request,
                                ImportSummary& summary);
  absl::Status SendSignals(const ingest::v1::RecordSignalsRequest& request, ImportSummary& summary);
  void Advance(size_t items);

  const rpc::Channel channel_;
  const ImporterOptions options_;
  const std::unique_ptr<ingest::v1::IngestService::Stub> stub_;
  size_t done_ = 0;
  size_t total_ = 0;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_IMPORTER_H_
