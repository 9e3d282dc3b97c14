#include "ingest_service/payloads/payload_reader.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "ingest_service/payloads/shared_payload.h"
#include "ingest_service/store/message_store.h"
#include "ingest_service/store/payload_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A record moves when an archive file is written anew. More often than this in the time of one read
// it does not.
constexpr int kMaxMoves = 5;

absl::Status Named(int64_t sequence, const absl::Status& status) {
  const std::string what = fmt::format("the payload of the interaction at sequence {}", sequence);
  if (errors::ReasonOf(status) == Reason::kStoreCorrupt) {
    return errors::StoreCorrupt(what, errors::MetadataOf(status)["detail"]);
  }
  const std::string detail = errors::ReasonOf(status) == Reason::kStorageUnavailable
                                 ? errors::MetadataOf(status)["detail"]
                                 : errors::MessageOf(status);
  return errors::StorageUnavailable(fmt::format("{}: {}", what, detail));
}

}  // namespace

absl::Status PayloadReader::DecodeOther(int64_t sequence, PayloadPlace& place, std::string& bytes) {
  // The row was read in a transaction that has ended: where what it points to is gone, it is looked
  // up again.
  for (int moves = 0; moves < kMaxMoves; ++moves) {
    if (!IsShown(place.form)) break;
    absl::StatusOr<std::string> payload = place.form == PayloadForm::kShared
                                              ? ReadShared(sequence, place)
                                              : DecodeOnce(sequence, place, bytes);
    if (payload.ok()) {
      bytes = *std::move(payload);
      place = PayloadPlace{};
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(StoredPayload now, database_->Read([&](sql::Connection& connection) {
      return PayloadStore(connection).Find(sequence);
    }));
    // Where the row still says the same, the payload is really damaged or out of reach.
    const bool moved = now.place.form != place.form || now.place.place != place.place;
    if (!moved) return Named(sequence, payload.status());
    place = now.place;
    bytes = std::move(now.bytes);
    if (place.form == PayloadForm::kPlain) return absl::OkStatus();
  }
  return InteractionHasLeft(sequence);
}

absl::StatusOr<std::string> PayloadReader::DecodeOnce(int64_t sequence, const PayloadPlace& place,
                                                      const std::string& bytes) {
  // Compressed in the row, with or without a dictionary; else in a file that the row names.
  if (place.form == PayloadForm::kCompressed) {
    if (place.place == 0) return Decompress(bytes, nullptr, kMaxPayloadBytes);
    ASSIGN_OR_RETURN(const auto dictionary, Dictionary(place.place));
    return Decompress(bytes, dictionary.get(), kMaxPayloadBytes);
  }
  const std::optional<ArchivedPlace> archived = UnpackArchivedPlace(bytes);
  if (!archived) return errors::StoreCorrupt("an archived row", "it does not say where it is");
  return archive_->Read(place.place, archived->index, sequence);
}

absl::StatusOr<std::string> PayloadReader::ReadShared(int64_t sequence, const PayloadPlace& place) {
  std::vector<std::string> bodies;
  ASSIGN_OR_RETURN(
      const StoredPayload row,
      database_->Read([&](sql::Connection& connection) -> absl::StatusOr<StoredPayload> {
        ASSIGN_OR_RETURN(StoredPayload now, PayloadStore(connection).Find(sequence));
        // The number of a message that has left may be another's by now.
        if (now.place.form != place.form || now.place.place != place.place) {
          return InteractionHasLeft(sequence);
        }
        ASSIGN_OR_RETURN(bodies, MessageStore(connection).Read(place.place));
        return now;
      }));
  return PutMessagesBack(row.bytes, bodies);
}

absl::StatusOr<std::shared_ptr<const ZstdDictionary>> PayloadReader::Dictionary(
    int64_t dictionary_id) {
  {
    absl::MutexLock lock(&mutex_);
    const auto found = dictionaries_.find(dictionary_id);
    if (found != dictionaries_.end()) return found->second;
  }
  ASSIGN_OR_RETURN(const DictionaryRow row, database_->Read([&](sql::Connection& connection) {
    return PayloadStore(connection).FindDictionary(dictionary_id);
  }));
  // Made outside of the lock. Two threads may make the same one; the first stays.
  ASSIGN_OR_RETURN(auto dictionary, ZstdDictionary::Make(dictionary_id, row.dictionary));
  absl::MutexLock lock(&mutex_);
  return dictionaries_.try_emplace(dictionary_id, std::move(dictionary)).first->second;
}

}  // namespace flywheel::ingest
