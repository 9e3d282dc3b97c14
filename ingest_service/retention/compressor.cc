#include "ingest_service/retention/compressor.h"

#include <optional>
#include <utility>

#include "ingest_service/payloads/dictionary_maker.h"
#include "ingest_service/store/message_store.h"
#include "ingest_service/store/payload_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A dictionary learns from so many records, and from no fewer than the second number.
constexpr int64_t kMaxSamples = 2'000;
constexpr size_t kMinSamples = 200;
constexpr int64_t kMaxSampleBytes = 8 << 20;
// Prompts and tools change; payloads of before keep their dictionary.
constexpr absl::Duration kDictionaryAge = absl::Hours(30 * 24);

// Records that are in no session count each by itself, and so do those of nobody.
std::string SessionOf(const AgedInteraction& row) {
  return row.session_id.empty() ? std::to_string(row.sequence) : "session " + row.session_id;
}

std::string OwnerOf(const AgedInteraction& row) {
  return row.user_pseudonym.empty() ? SessionOf(row) : row.user_pseudonym;
}

// Whole in the store, and not compressed.
bool IsPlain(const AgedInteraction& row) {
  return row.place.form == PayloadForm::kPlain || row.place.form == PayloadForm::kShared;
}

}  // namespace

absl::StatusOr<int64_t> Compressor::OwnBytes(const AgedInteraction& row) {
  const auto in_row = static_cast<int64_t>(row.payload.size());
  if (row.place.form == PayloadForm::kPlain) return in_row;
  ASSIGN_OR_RETURN(const int64_t messages, database_->Read([&](sql::Connection& connection) {
    return MessageStore(connection).UnsharedBytes(row.place.place);
  }));
  return in_row + messages;
}

absl::StatusOr<std::optional<std::string>> Compressor::Decode(const AgedInteraction& row) {
  PayloadPlace place = row.place;
  std::string payload = row.payload;
  const absl::Status decoded = payloads_->Decode(row.sequence, place, payload);
  const bool passed_over =
      absl::IsNotFound(decoded) || errors::ReasonOf(decoded) == Reason::kStoreCorrupt;
  if (passed_over) return std::nullopt;
  RETURN_IF_ERROR(decoded);
  return payload;
}

absl::StatusOr<int64_t> Compressor::Compress(const std::string& project,
                                             const std::vector<AgedInteraction>& page) {
  ASSIGN_OR_RETURN(const auto dictionary, Dictionary(project, page));
  // Compressed outside of the write, which only puts frames in the places of payloads.
  struct Compressed {
    int64_t sequence;
    PayloadPlace before;
    int64_t payload_bytes;
    std::string frame;
  };
  std::vector<Compressed> rows;
  for (const AgedInteraction& row : page) {
    if (!IsPlain(row)) continue;
    ASSIGN_OR_RETURN(const int64_t own_bytes, OwnBytes(row));
    ASSIGN_OR_RETURN(const std::optional<std::string> payload, Decode(row));
    if (!payload) continue;
    ASSIGN_OR_RETURN(std::string frame, ingest::Compress(*payload, dictionary.get()));
    // What does not become smaller stays as it is, such as turns that others go on from: a frame
    // would hold once more what these keep.
    if (static_cast<int64_t>(frame.size()) >= own_bytes) continue;
    rows.push_back(
        {row.sequence, row.place, static_cast<int64_t>(payload->size()), std::move(frame)});
  }
  const PayloadPlace place = {PayloadForm::kCompressed,
                              dictionary == nullptr ? 0 : dictionary->dictionary_id()};
  RETURN_IF_ERROR(
      writer_->Write(rows.size(), [&](sql::Connection& connection, size_t i) -> absl::Status {
        ASSIGN_OR_RETURN(const bool replaced,
                         PayloadStore(connection)
                             .Replace(rows[i].sequence, rows[i].before, place, rows[i].frame));
        // The row changed or left meanwhile.
        if (!replaced) return absl::OkStatus();
        return PayloadStore(connection)
            .AddToTotals(PayloadForm::kCompressed,
                         {1, rows[i].payload_bytes, static_cast<int64_t>(rows[i].frame.size())});
      }));
  return static_cast<int64_t>(rows.size());
}

absl::StatusOr<std::shared_ptr<const ZstdDictionary>> Compressor::Dictionary(
    const std::string& project, const std::vector<AgedInteraction>& page) {
  ASSIGN_OR_RETURN(const std::optional<DictionaryRow> newest,
                   database_->Read([&](sql::Connection& connection) {
                     return PayloadStore(connection).NewestDictionary(project);
                   }));
  int64_t dictionary_id = newest ? newest->dictionary_id : 0;
  // A page that is too small to learn from takes the dictionary that there is.
  const bool old = !newest || newest->create_time < clock_->Now() - kDictionaryAge;
  if (old && page.size() >= kMinSamples) {
    ASSIGN_OR_RETURN(const int64_t made, MakeNewDictionary(project, page.front().sequence - 1));
    if (made != 0) dictionary_id = made;
  }
  if (dictionary_id == 0) return nullptr;
  return payloads_->Dictionary(dictionary_id);
}

absl::StatusOr<int64_t> Compressor::MakeNewDictionary(const std::string& project, int64_t after) {
  ASSIGN_OR_RETURN(
      const std::vector<AgedInteraction> rows, database_->Read([&](sql::Connection& connection) {
        return RetentionStore(connection)
            .AgedInteractions(project, after, absl::InfiniteFuture(), kMaxSamples, kMaxSampleBytes);
      }));
  // Only plain payloads: they are at hand.
  std::vector<DictionarySample> samples;
  for (const AgedInteraction& row : rows) {
    if (!IsPlain(row)) continue;
    ASSIGN_OR_RETURN(std::optional<std::string> payload, Decode(row));
    if (payload) samples.push_back({OwnerOf(row), SessionOf(row), *std::move(payload)});
  }
  if (samples.size() < kMinSamples) return 0;
  const std::string dictionary = MakeDictionary(std::move(samples));
  if (dictionary.empty()) return 0;
  int64_t dictionary_id = 0;
  RETURN_IF_ERROR(writer_->Write(1, [&](sql::Connection& connection, size_t) -> absl::Status {
    ASSIGN_OR_RETURN(dictionary_id,
                     PayloadStore(connection).InsertDictionary(project, clock_->Now(), dictionary));
    return absl::OkStatus();
  }));
  return dictionary_id;
}

}  // namespace flywheel::ingest
