#include "ingest_service/payloads/archive_writer.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "ingest_service/store/archive_store.h"
#include "ingest_service/store/payload_store.h"
#include "shared/ids/uuid.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kLeftoversPerRead = 100;

// Unique, so that two stores may share a bucket, and readable for who looks for a time or a record.
std::string NewName(const std::string& project, absl::Span<const ArchivedRecord> records,
                    absl::Time now) {
  return fmt::format("project-{}/{:012}-{:012}-{}.jsonl.zst", project, records.front().sequence,
                     records.back().sequence, NewUuidV7(now));
}

}  // namespace

absl::StatusOr<NewArchiveFile> ArchiveWriter::Write(const std::string& project,
                                                    absl::Span<const ArchivedRecord> records) {
  NewArchiveFile file;
  // The order makes a crash harmless: 1. the store knows the name, so that whatever is written can
  // be found and removed again,
  ASSIGN_OR_RETURN(file.packed, PackFile(project, records));
  const absl::Time now = clock_->Now();
  const std::string name = NewName(project, records, now);
  ASSIGN_OR_RETURN(file.archive_id, database_->Write([&](sql::Connection& connection) {
    return ArchiveStore(connection)
        .InsertFile(project, name, records.front().sequence, records.back().sequence, now);
  }));
  // 2. the file is written, 3. read back and compared,
  RETURN_IF_ERROR(objects_->Put(name, file.packed.bytes));
  RETURN_IF_ERROR(Verify(name, file.packed, records));
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    // 4. and only now its frames can be pointed at.
    RETURN_IF_ERROR(ArchiveStore(connection).PutIntoUse(file.archive_id, file.packed.frames));
    return PayloadStore(connection)
        .AddToTotals(PayloadForm::kArchived,
                     {0, 0, static_cast<int64_t>(file.packed.bytes.size())});
  }));
  return file;
}

absl::Status ArchiveWriter::Verify(const std::string& name, const PackedFile& packed,
                                   absl::Span<const ArchivedRecord> records) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   objects_->Get(name, 0, static_cast<int64_t>(packed.bytes.size())));
  size_t record = 0;
  for (const ArchiveFrame& frame : packed.frames) {
    ASSIGN_OR_RETURN(
        const std::vector<std::string> lines,
        UnpackFrame(std::string_view(bytes).substr(static_cast<size_t>(frame.offset),
                                                   static_cast<size_t>(frame.size_bytes))));
    for (const std::string& line : lines) {
      ASSIGN_OR_RETURN(const ArchivedRecord read, FromLine(line));
      const bool same = record < records.size() && read.sequence == records[record].sequence &&
                        read.payload == records[record].payload;
      if (!same) return errors::StoreCorrupt(name, "what was written is not what is read back");
      ++record;
    }
  }
  if (record == records.size()) return absl::OkStatus();
  return errors::StoreCorrupt(name, "records are missing in what is read back");
}

absl::Status ArchiveWriter::PointRows(const NewArchiveFile& file,
                                      absl::Span<const ArchivedRecord> records,
                                      absl::Span<const RowBefore> before) {
  return writer_->Write(records.size(), [&](sql::Connection& connection, size_t i) -> absl::Status {
    // The row gives its payload up for a place in the file, if it still has what was archived.
    const PackedFile::Slot& slot = file.packed.slots[i];
    const PayloadPlace place = {PayloadForm::kArchived, file.packed.frames[slot.frame].frame_id};
    ASSIGN_OR_RETURN(const bool replaced, PayloadStore(connection)
                                              .Replace(records[i].sequence, before[i].place, place,
                                                       PackArchivedPlace(slot.place)));
    // Totals follow the row from the form that it had.
    if (!replaced || before[i].place.form == PayloadForm::kArchived) return absl::OkStatus();
    const auto payload_bytes = static_cast<int64_t>(records[i].payload.size());
    if (before[i].place.form == PayloadForm::kCompressed) {
      RETURN_IF_ERROR(PayloadStore(connection)
                          .AddToTotals(PayloadForm::kCompressed,
                                       {-1, -payload_bytes, -before[i].stored_bytes}));
    }
    return PayloadStore(connection).AddToTotals(PayloadForm::kArchived, {1, payload_bytes, 0});
  });
}

absl::Status ArchiveWriter::RemoveLeftovers() {
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<ArchiveFile> files,
                     database_->Read([&](sql::Connection& connection) {
                       return ArchiveStore(connection).LeftoverFiles(kLeftoversPerRead);
                     }));
    if (files.empty()) return absl::OkStatus();
    for (const ArchiveFile& file : files) {
      // The file goes before the store forgets it: a crash in between is a leftover again.
      RETURN_IF_ERROR(objects_->Remove(file.name));
      RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
        return ArchiveStore(connection).ForgetFile(file.archive_id);
      }));
    }
  }
}

}  // namespace flywheel::ingest
