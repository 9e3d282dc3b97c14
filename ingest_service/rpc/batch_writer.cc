#include "ingest_service/rpc/batch_writer.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "ingest_service/rpc/convert.h"
#include "ingest_service/rpc/validate.h"
#include "shared/ids/id.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

// A client of default settings takes messages of 4 MiB: what is stored must be readable by it, with
// its signals beside it.
constexpr int64_t kMaxRecordBytes = 2 << 20;
constexpr size_t kMaxMessageBytes = 1 << 20;

const std::string& IdOf(const v1::Interaction& interaction) { return interaction.interaction_id(); }
const std::string& IdOf(const v1::Signal& signal) { return signal.signal_id(); }

// The verdicts on the items that are not stored, each at its place; the other places are empty.
using Refusals = std::vector<std::optional<ItemVerdict>>;

template <typename Record>
struct Sorted {
  std::vector<Record> records;
  Refusals refusals;
};

// The record of one item. `item` is used for every item of a batch in turn, which spares making its
// strings anew each time; after a failure it still tells the id, as far as it could be read.
template <typename Record, typename Item>
absl::StatusOr<Record> Decode(std::string_view bytes, const std::string& place, absl::Time now,
                              const std::string& project, const PrivacyFilter& privacy,
                              Item& item) {
  item.Clear();
  if (!item.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return errors::InvalidArgument(
        place, "bytes that cannot be decoded",
        "a message of the contract whose texts are UTF-8 (was one cut inside a character?)");
  }
  const auto size_bytes = static_cast<int64_t>(bytes.size());
  if (size_bytes > kMaxRecordBytes) {
    return errors::TooLarge(place, size_bytes, kMaxRecordBytes, "bytes");
  }
  RETURN_IF_ERROR(Validate(item, now, place + "."));
  return ToRecord(item, project, privacy);
}

template <typename Record, typename Item>
Sorted<Record> Sort(const RawBatch& batch, const char* field, absl::Time now,
                    const std::string& project, const PrivacyFilter& privacy) {
  Sorted<Record> sorted;
  sorted.records.reserve(batch.items().size());
  sorted.refusals.resize(batch.items().size());
  Item item;
  std::string place;
  for (size_t i = 0; i < batch.items().size(); ++i) {
    place.assign(field);
    fmt::format_to(std::back_inserter(place), "[{}]", i);
    auto record = Decode<Record>(batch.items()[i], place, now, project, privacy, item);
    if (record.ok()) {
      sorted.records.push_back(*std::move(record));
      continue;
    }
    sorted.refusals[i] =
        ItemVerdict{IsValidId(IdOf(item)) ? IdOf(item) : std::string(Shorten(IdOf(item), 128)),
                    ItemOutcome::kRejected, 0, errors::ReasonOf(record.status()),
                    errors::MessageOf(record.status())};
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
  size_t message_bytes = 0;
  for (const std::optional<ItemVerdict>& refused : refusals) {
    const ItemVerdict& verdict = refused ? *refused : result.verdicts[stored++];
    v1::ItemVerdict* const proto = answer.verdicts.Add();
    ToProto(verdict, proto);
    message_bytes += proto->message().size();
    // The reason says enough, and the answer has to reach a client with the usual limit of 4 MiB.
    if (message_bytes > kMaxMessageBytes) proto->clear_message();
    ++counts[static_cast<size_t>(verdict.outcome)];
  }
  answer.commit_sequence = result.commit_sequence;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) metrics.CountItems(method, kNames[i], counts[i]);
  }
  return answer;
}

// `write` hands records of this kind to the Ingestor.
template <typename Record, typename Item, typename WriteRecords>
void Write(const RawBatch& batch, const char* field, const std::string& method,
           const std::string& project, rpc::Endpoint& endpoint, Quotas& quotas,
           const PrivacyFilter& privacy, WriteRecords write, BatchWriter::Done done) {
  absl::Status admitted = ValidateBatchSize(field, static_cast<int>(batch.items().size()));
  if (admitted.ok()) {
    admitted = quotas.Admit(project, static_cast<int64_t>(batch.items().size()));
  }
  if (!admitted.ok()) return done(admitted);
  auto sorted = Sort<Record, Item>(batch, field, endpoint.clock().Now(), project, privacy);
  if (sorted.records.empty()) {
    return done(Answer(sorted.refusals, BatchResult{}, method, endpoint.metrics()));
  }
  write(project, std::move(sorted.records), batch.size_bytes(),
        [&endpoint, method, refusals = std::move(sorted.refusals),
         done = std::move(done)](const absl::StatusOr<BatchResult>& result) {
          if (!result.ok()) return done(result.status());
          done(Answer(refusals, *result, method, endpoint.metrics()));
        });
}

}  // namespace

void BatchWriter::LogInteractions(const std::string& method, const std::string& project,
                                  const RawBatch& batch, Done done) const {
  const auto write = [this](const std::string& of_project, std::vector<InteractionRecord> records,
                            int64_t size_bytes, Ingestor::Done stored) {
    ingestor_.LogInteractions(of_project, std::move(records), size_bytes, std::move(stored));
  };
  Write<InteractionRecord, v1::Interaction>(batch, "interactions", method, project, endpoint_,
                                            quotas_, privacy_, write, std::move(done));
}

void BatchWriter::RecordSignals(const std::string& method, const std::string& project,
                                const RawBatch& batch, Done done) const {
  const auto write = [this](const std::string& of_project, std::vector<SignalRecord> records,
                            int64_t size_bytes, Ingestor::Done stored) {
    ingestor_.RecordSignals(of_project, std::move(records), size_bytes, std::move(stored));
  };
  Write<SignalRecord, v1::Signal>(batch, "signals", method, project, endpoint_, quotas_, privacy_,
                                  write, std::move(done));
}

}  // namespace flywheel::ingest
