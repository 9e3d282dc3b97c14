// Client of a recogniser of somebody else: asks it for the personal data of texts.
#ifndef FLYWHEEL_INGEST_SERVICE_UPSTREAM_RECOGNISER_CLIENT_H_
#define FLYWHEEL_INGEST_SERVICE_UPSTREAM_RECOGNISER_CLIENT_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "flywheel/redaction/v1/recogniser_service.grpc.pb.h"
#include "redaction/conversation/foreign_findings.h"
#include "redaction/conversation/speaker.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/metrics.h"

namespace flywheel::ingest {

// Where it is, and what of its answers counts.
struct RecogniserConfig {
  rpc::Target target;
  // From the arrival of a request to the last answer about its texts.
  absl::Duration timeout = absl::Seconds(2);
  // Spans below this score are ignored, 0 to 1.
  double least_score = .5;
  // The types that count; empty: all.
  std::vector<std::string> types;
};

// Believes nothing of an answer that it has not checked, and says nothing of a text anywhere: what
// the other side says of an error is not repeated. Thread-safe.
class RecogniserClient {
 public:
  struct AskedText {
    redaction::Speaker speaker = redaction::Speaker::kOther;
    std::string_view text;
  };
  // What was found in a text; nothing where the answer breaks the contract.
  using Found = std::optional<std::vector<redaction::ForeignSpan>>;

  // INVALID_CONFIGURATION where a file of the target cannot be read. `metrics` outlives this
  // object.
  static absl::StatusOr<std::unique_ptr<RecogniserClient>> Open(const RecogniserConfig& config,
                                                                rpc::Metrics* metrics);

  // One result a text, in their order. RECOGNISER_UNAVAILABLE where there is no answer by
  // `deadline` (of the machine's clock) or one of another number of results. One call.
  absl::StatusOr<std::vector<Found>> Recognise(const std::vector<AskedText>& texts,
                                               absl::Time deadline);

  // Asks whether it is there. RECOGNISER_UNAVAILABLE where it is not.
  absl::Status Probe();

  // Whether the last call was answered.
  bool is_up() const { return is_up_.load(); }
  const RecogniserConfig& config() const { return config_; }

 private:
  RecogniserClient(RecogniserConfig config, rpc::Channel channel, rpc::Metrics* metrics)
      : config_(std::move(config)),
        channel_(std::move(channel)),
        stub_(redaction::v1::RecogniserService::NewStub(channel_.get())),
        metrics_(*metrics) {}

  // `took` is set, and a failure counted.
  absl::Status Call(const redaction::v1::RecogniseRequest& request, absl::Time deadline,
                    redaction::v1::RecogniseResponse& response, absl::Duration& took);
  Found Read(const redaction::v1::Result& result, std::string_view text);

  const RecogniserConfig config_;
  const rpc::Channel channel_;
  const std::unique_ptr<redaction::v1::RecogniserService::Stub> stub_;
  rpc::Metrics& metrics_;
  std::atomic<bool> is_up_ = false;
};

// 1 to 64 of A-Z 0-9 _, beginning with a letter.
bool IsRecogniserType(std::string_view type);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_UPSTREAM_RECOGNISER_CLIENT_H_
