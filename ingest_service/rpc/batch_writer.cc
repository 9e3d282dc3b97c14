#include "ingest_service/rpc/batch_writer.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "ingest_service/domain/record_limits.h"
#include "ingest_service/rpc/convert.h"
#include "ingest_service/rpc/unknown_fields.h"
#include "ingest_service/rpc/validate.h"
#include "shared/ids/id.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"

namespace flywheel::ingest {
namespace {

// Of all messages of an answer, beside the ids and reasons.
constexpr size_t kMaxMessageBytes = 1 << 20;

const std::string& IdOf(const v1::Interaction& interaction) { return interaction.interaction_id(); }
const std::string& IdOf(const v1::Signal& signal) { return signal.signal_id(); }

// `place` names the item in an error. After a failure `item` still tells the id, as far as it could
// be read.
template <typename Item>
absl::Status ParseItem(std::string_view bytes, const std::string& place, Item& item) {
  if (!item.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return errors::InvalidArgument(
        place, "bytes that cannot be decoded",
        "a message of the contract whose texts are UTF-8 (was one cut inside a character?)");
  }
  const auto size_bytes = static_cast<int64_t>(bytes.size());
  if (size_bytes > kMaxRecordBytes) {
    return errors::TooLarge(place, size_bytes, kMaxRecordBytes, "bytes");
  }
  // Nothing redacts what nobody knows, and to leave it out would lose it.
  static const UnknownFieldFinder unknown(Item::descriptor());
  if (!unknown.Finds(item)) return absl::OkStatus();
  return errors::InvalidArgument(place, "a field that this version of ingest does not know",
                                 "the fields of its contract (upgrade ingest before its clients)");
}

ItemResult Refusal(const std::string& id, const absl::Status& status) {
  return {IsValidId(id) ? id : std::string(Shorten(id, 128)), ItemStatus::kRejected, 0,
          errors::ReasonOf(status), errors::MessageOf(status)};
}

}  // namespace

void BatchWriter::LogInteractions(const std::string& method, const std::string& project,
                                  RawBatch batch, Done done) const {
  Write<InteractionRecord, v1::Interaction>(method, "interactions", project, std::move(batch),
                                            &Ingestor::LogInteractions, std::move(done));
}

void BatchWriter::RecordSignals(const std::string& method, const std::string& project,
                                RawBatch batch, Done done) const {
  Write<SignalRecord, v1::Signal>(method, "signals", project, std::move(batch),
                                  &Ingestor::RecordSignals, std::move(done));
}

template <typename Record, typename Item>
void BatchWriter::Write(const std::string& method, const char* field, const std::string& project,
                        RawBatch batch, LogRecords<Record> log, Done done) const {
  const absl::Status admitted = AdmitBatch(field, project, batch);
  if (!admitted.ok()) return done(admitted);
  RecogniserQueue* const recogniser = filter_.recogniser();
  if (recogniser == nullptr) {
    return Keep<Record, Item>(method, field, project, batch, nullptr, log, std::move(done));
  }
  const int64_t size_bytes = batch.size_bytes();
  const absl::Status taken = recogniser->Submit(
      size_bytes, [this, recogniser, method, field, project, log, done,
                   batch = std::make_shared<RawBatch>(std::move(batch))](absl::Time deadline) {
        TextCheck check;
        CollectTexts<Item>(*batch, check);
        const absl::Status asked = check.Ask(recogniser->client(), deadline);
        if (!asked.ok()) return done(asked);
        Keep<Record, Item>(method, field, project, *batch, &check, log, done);
      });
  if (!taken.ok()) done(taken);
}

template <typename Item>
void BatchWriter::CollectTexts(const RawBatch& batch, TextCheck& check) const {
  Item item;
  for (const std::string_view bytes : batch.items()) {
    // What is refused when it is decoded is nobody's business.
    if (ParseItem(bytes, "item", item).ok()) filter_.CollectTexts(item, check);
  }
}

template <typename Record, typename Item>
void BatchWriter::Keep(const std::string& method, const char* field, const std::string& project,
                       const RawBatch& batch, TextCheck* check, LogRecords<Record> log,
                       Done done) const {
  auto decoded = DecodeBatch<Record, Item>(batch, field, project, check);
  if (decoded.records.empty()) return done(Answer(method, decoded.refusals, BatchResult{}));
  (ingestor_.*log)(project, std::move(decoded.records), batch.size_bytes(),
                   [this, method, refusals = std::move(decoded.refusals),
                    done = std::move(done)](const absl::StatusOr<BatchResult>& result) {
                     if (!result.ok()) return done(result.status());
                     done(Answer(method, refusals, *result));
                   });
}

absl::Status BatchWriter::AdmitBatch(const char* field, const std::string& project,
                                     const RawBatch& batch) const {
  RETURN_IF_ERROR(ValidateBatchSize(field, static_cast<int>(batch.items().size())));
  return quotas_.Consume(project, static_cast<int64_t>(batch.items().size()));
}

template <typename Record, typename Item>
BatchWriter::DecodedBatch<Record> BatchWriter::DecodeBatch(const RawBatch& batch, const char* field,
                                                           const std::string& project,
                                                           TextCheck* check) const {
  const absl::Time now = endpoint_.clock().Now();
  DecodedBatch<Record> decoded;
  decoded.records.reserve(batch.items().size());
  decoded.refusals.resize(batch.items().size());
  Item item;  // One for all, which spares making its strings anew each time.
  std::string place;
  for (size_t i = 0; i < batch.items().size(); ++i) {
    place.assign(field);
    fmt::format_to(std::back_inserter(place), "[{}]", i);
    absl::Status refusal = ParseItem(batch.items()[i], place, item);
    if (refusal.ok()) {
      absl::StatusOr<Record> record = filter_.MakeRecord(item, project, now, place + ".", check);
      if (record.ok()) {
        decoded.records.push_back(*std::move(record));
        continue;
      }
      refusal = record.status();
    }
    decoded.refusals[i] = Refusal(IdOf(item), refusal);
  }
  return decoded;
}

BatchAnswer BatchWriter::Answer(const std::string& method, const Refusals& refusals,
                                const BatchResult& result) const {
  static constexpr std::array<const char*, 4> kNames = {"stored", "replayed", "conflict",
                                                        "rejected"};
  std::array<int, kNames.size()> counts{};
  BatchAnswer answer;
  answer.results.Reserve(static_cast<int>(refusals.size()));
  // The results of the store stand in the order of the batch, without the items refused before.
  size_t stored = 0;
  size_t message_bytes = 0;
  for (const std::optional<ItemResult>& refused : refusals) {
    const ItemResult& item = refused ? *refused : result.results[stored++];
    common::v1::ItemResult* const proto = answer.results.Add();
    ToProto(item, proto);
    message_bytes += proto->message().size();
    // The reason says enough, and the answer has to reach a client with the usual limit of 4 MiB.
    if (message_bytes > kMaxMessageBytes) proto->clear_message();
    ++counts[static_cast<size_t>(item.status)];
  }
  answer.commit_sequence = result.commit_sequence;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) endpoint_.metrics().CountItems(method, kNames[i], counts[i]);
  }
  return answer;
}

}  // namespace flywheel::ingest
