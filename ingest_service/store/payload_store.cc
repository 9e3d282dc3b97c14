#include "ingest_service/store/payload_store.h"

#include "ingest_service/store/message_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

absl::Status InteractionHasLeft(int64_t sequence) {
  return errors::NotFound("interaction at sequence", std::to_string(sequence),
                          "It has left the store.");
}

absl::StatusOr<StoredPayload> PayloadStore::Find(int64_t sequence) {
  sql::Statement select = connection_.Prepare(
      "SELECT payload_form, payload_place, payload FROM interactions WHERE sequence = ?");
  if (select.Bind(sequence).Next()) {
    return StoredPayload{{static_cast<PayloadForm>(select.Int64(0)), select.Int64(1)},
                         select.Text(2)};
  }
  RETURN_IF_ERROR(select.status());
  return InteractionHasLeft(sequence);
}

absl::StatusOr<bool> PayloadStore::Replace(int64_t sequence, const PayloadPlace& before,
                                           const PayloadPlace& place, const std::string& bytes) {
  // Only where nobody moved or emptied the payload since it was read: the work on it is done
  // outside of the transaction.
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          UPDATE interactions SET payload = ?, payload_form = ?, payload_place = ?
          WHERE sequence = ? AND payload_form = ? AND payload_place = ?)sql")
                      .Bind(sql::Blob{bytes}, static_cast<int64_t>(place.form), place.place,
                            sequence, static_cast<int64_t>(before.form), before.place)
                      .Run());
  if (connection_.ChangedRows() == 0) return false;
  RETURN_IF_ERROR(MessageStore(connection_).Release(before));
  return true;
}

absl::StatusOr<DictionaryRow> PayloadStore::FindDictionary(int64_t dictionary_id) {
  sql::Statement select = connection_.Prepare(
      "SELECT create_time_us, dictionary FROM payload_dictionaries WHERE dictionary_id = ?");
  if (select.Bind(dictionary_id).Next()) {
    return DictionaryRow{dictionary_id, select.Time(0), select.Text(1)};
  }
  RETURN_IF_ERROR(select.status());
  return errors::NotFound("payload dictionary", std::to_string(dictionary_id),
                          "Restore the store from a copy.");
}

absl::StatusOr<std::optional<DictionaryRow>> PayloadStore::NewestDictionary(
    const std::string& project) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT dictionary_id, create_time_us, dictionary FROM payload_dictionaries
      WHERE project = ? ORDER BY dictionary_id DESC LIMIT 1)sql");
  std::optional<DictionaryRow> newest;
  if (select.Bind(project).Next()) {
    newest = DictionaryRow{select.Int64(0), select.Time(1), select.Text(2)};
  }
  RETURN_IF_ERROR(select.status());
  return newest;
}

absl::StatusOr<int64_t> PayloadStore::InsertDictionary(const std::string& project,
                                                       absl::Time create_time,
                                                       const std::string& dictionary) {
  // Rising ids: the newest dictionary of a project has its highest.
  sql::Statement select =
      connection_.Prepare("SELECT COALESCE(MAX(dictionary_id), 0) + 1 FROM payload_dictionaries");
  const int64_t dictionary_id = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          INSERT INTO payload_dictionaries (dictionary_id, project, create_time_us, dictionary)
          VALUES (?, ?, ?, ?))sql")
                      .Bind(dictionary_id, project, create_time, sql::Blob{dictionary})
                      .Run());
  return dictionary_id;
}

absl::Status PayloadStore::AddToTotals(PayloadForm form, const PayloadTotals& added) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO payload_totals (form, records, payload_bytes, stored_bytes)
          VALUES (?, ?, ?, ?)
          ON CONFLICT (form) DO UPDATE SET
            records = payload_totals.records + excluded.records,
            payload_bytes = payload_totals.payload_bytes + excluded.payload_bytes,
            stored_bytes = payload_totals.stored_bytes + excluded.stored_bytes)sql")
      .Bind(static_cast<int64_t>(form), added.records, added.payload_bytes, added.stored_bytes)
      .Run();
}

absl::StatusOr<PayloadTotals> PayloadStore::ReadTotals(PayloadForm form) {
  sql::Statement select = connection_.Prepare(
      "SELECT records, payload_bytes, stored_bytes FROM payload_totals WHERE form = ?");
  PayloadTotals totals;
  if (select.Bind(static_cast<int64_t>(form)).Next()) {
    totals = {select.Int64(0), select.Int64(1), select.Int64(2)};
  }
  RETURN_IF_ERROR(select.status());
  return totals;
}

}  // namespace flywheel::ingest
