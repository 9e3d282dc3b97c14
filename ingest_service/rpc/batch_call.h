// One batch on its way through: validation, the commit, the verdicts.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_BATCH_CALL_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_BATCH_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest_service/domain/record.h"
#include "ingest_service/ingestor.h"
#include "ingest_service/rpc/convert.h"
#include "shared/rpc/endpoint.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {

// Splits a batch into records to store and items that are refused, and puts the verdicts together
// again in the order of the batch. One bad item never takes its batch along.
template <typename Record>
class Batch {
 public:
  explicit Batch(int items) : refused_(static_cast<size_t>(items)) {
    records_.reserve(refused_.size());
  }

  void Accept(Record record) {
    records_.push_back(std::move(record));
    ++next_;
  }

  void Refuse(std::string id, const absl::Status& status) {
    refused_[next_++] = ItemVerdict{std::move(id), ItemOutcome::kRejected, 0,
                                    errors::ReasonOf(status), errors::MessageOf(status)};
  }

  bool nothing_to_store() const { return records_.empty(); }
  std::vector<Record> TakeRecords() { return std::move(records_); }

  // Writes one verdict an item, and counts them by outcome.
  template <typename Response>
  void Answer(const BatchResult& result, const std::string& method, rpc::Metrics& metrics,
              Response* response) const {
    static constexpr std::array<const char*, 4> kNames = {"stored", "replayed", "conflict",
                                                          "rejected"};
    std::array<int, kNames.size()> counts{};
    response->mutable_verdicts()->Reserve(static_cast<int>(refused_.size()));
    size_t stored = 0;
    for (const std::optional<ItemVerdict>& refused : refused_) {
      const ItemVerdict& verdict = refused ? *refused : result.verdicts[stored++];
      ToProto(verdict, response->add_verdicts());
      ++counts[static_cast<size_t>(verdict.outcome)];
    }
    response->set_commit_sequence(result.commit_sequence);
    for (size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] > 0) metrics.CountItems(method, kNames[i], counts[i]);
    }
  }

 private:
  std::vector<std::optional<ItemVerdict>> refused_;
  std::vector<Record> records_;
  size_t next_ = 0;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_BATCH_CALL_H_
