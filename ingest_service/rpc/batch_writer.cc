#include "ingest_service/rpc/batch_writer.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ingest_service/rpc/convert.h"
#include "ingest_service/rpc/validate.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {
namespace {

using google::protobuf::RepeatedPtrField;

const std::string& IdOf(const v1::Interaction& interaction) { return interaction.interaction_id(); }
const std::string& IdOf(const v1::Signal& signal) { return signal.signal_id(); }

// The verdicts on the items that are not stored, each at its place; the other places are empty.
using Refusals = std::vector<std::optional<ItemVerdict>>;

template <typename Record>
struct Sorted {
  std::vector<Record> records;
  Refusals refusals;
};

template <typename Record, typename Item>
Sorted<Record> Sort(const RepeatedPtrField<Item>& items, const char* field, absl::Time now,
                    const std::string& project, const Pseudonymiser& pseudonymiser) {
  Sorted<Record> sorted;
  sorted.records.reserve(static_cast<size_t>(items.size()));
  sorted.refusals.resize(static_cast<size_t>(items.size()));
  for (int i = 0; i < items.size(); ++i) {
    // Nearly all items are valid: the place of one is only spelled out where it is not.
    if (Validate(items[i], now, "").ok()) {
      sorted.records.push_back(ToRecord(items[i], project, pseudonymiser));
      continue;
    }
    const absl::Status status = Validate(items[i], now, fmt::format("{}[{}].", field, i));
    sorted.refusals[static_cast<size_t>(i)] =
        ItemVerdict{IdOf(items[i]), ItemOutcome::kRejected, 0, errors::ReasonOf(status),
                    errors::MessageOf(status)};
  }
  return sorted;
}

// Writes one verdict an item, and counts them by outcome.
BatchAnswer Answer(const Refusals& refusals, const BatchResult& result, const std::string& method,
                   rpc::Metrics& metrics) {
  static constexpr std::array<const char*, 4> kNames = {"stored", "replayed", "conflict",
                                                        "rejected"};
  std::array<int, kNames.size()> counts{};
  BatchAnswer answer;
  answer.verdicts.Reserve(static_cast<int>(refusals.size()));
  size_t stored = 0;
  for (const std::optional<ItemVerdict>& refused : refusals) {
    const ItemVerdict& verdict = refused ? *refused : result.verdicts[stored++];
    ToProto(verdict, answer.verdicts.Add());
    ++counts[static_cast<size_t>(verdict.outcome)];
  }
  answer.commit_sequence = result.commit_sequence;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) metrics.CountItems(method, kNames[i], counts[i]);
  }
  return answer;
}

// `write` is Ingestor's method for this kind of record.
template <typename Record, typename Item>
void Write(const RepeatedPtrField<Item>& items, const char* field, const std::string& method,
           const std::string& project, int64_t size_bytes, rpc::Endpoint& endpoint,
           Ingestor& ingestor, const Pseudonymiser& pseudonymiser,
           void (Ingestor::*write)(std::string, std::vector<Record>, int64_t, Ingestor::Done),
           BatchWriter::Done done) {
  const absl::Status size = ValidateBatchSize(field, items.size());
  if (!size.ok()) return done(size);
  Sorted<Record> sorted =
      Sort<Record>(items, field, endpoint.clock().Now(), project, pseudonymiser);
  if (sorted.records.empty()) {
    return done(Answer(sorted.refusals, BatchResult{}, method, endpoint.metrics()));
  }
  (ingestor.*write)(project, std::move(sorted.records), size_bytes,
                    [&endpoint, method, refusals = std::move(sorted.refusals),
                     done = std::move(done)](const absl::StatusOr<BatchResult>& result) {
                      if (!result.ok()) return done(result.status());
                      done(Answer(refusals, *result, method, endpoint.metrics()));
                    });
}

}  // namespace

void BatchWriter::LogInteractions(const std::string& method, const std::string& project,
                                  const RepeatedPtrField<v1::Interaction>& interactions,
                                  int64_t size_bytes, Done done) const {
  Write<InteractionRecord>(interactions, "interactions", method, project, size_bytes, endpoint_,
                           ingestor_, pseudonymiser_, &Ingestor::LogInteractions, std::move(done));
}

void BatchWriter::RecordSignals(const std::string& method, const std::string& project,
                                const RepeatedPtrField<v1::Signal>& signals, int64_t size_bytes,
                                Done done) const {
  Write<SignalRecord>(signals, "signals", method, project, size_bytes, endpoint_, ingestor_,
                      pseudonymiser_, &Ingestor::RecordSignals, std::move(done));
}

}  // namespace flywheel::ingest
