#include "ingest_service/store/archive_store.h"

#include <algorithm>

#include "shared/sql/text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// The next value of a key that is never given twice while a higher one is there.
absl::StatusOr<int64_t> NextId(sql::Connection& connection, const char* max_sql) {
  sql::Statement select = connection.Prepare(max_sql);
  const int64_t id = select.Next() ? select.Int64(0) + 1 : 1;
  RETURN_IF_ERROR(select.status());
  return id;
}

}  // namespace

absl::StatusOr<int64_t> ArchiveStore::InsertFile(const std::string& project,
                                                 const std::string& name, int64_t first_sequence,
                                                 int64_t last_sequence, absl::Time create_time) {
  ASSIGN_OR_RETURN(const int64_t archive_id,
                   NextId(connection_, "SELECT COALESCE(MAX(archive_id), 0) FROM archive_files"));
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          INSERT INTO archive_files (archive_id, project, name, state, first_sequence,
                                     last_sequence, create_time_us)
          VALUES (?, ?, ?, ?, ?, ?, ?))sql")
                      .Bind(archive_id, project, name,
                            static_cast<int64_t>(ArchiveState::kBeingWritten), first_sequence,
                            last_sequence, create_time)
                      .Run());
  return archive_id;
}

absl::Status ArchiveStore::PutIntoUse(int64_t archive_id, std::vector<ArchiveFrame>& frames) {
  ASSIGN_OR_RETURN(int64_t frame_id,
                   NextId(connection_, "SELECT COALESCE(MAX(frame_id), 0) FROM archive_frames"));
  for (ArchiveFrame& frame : frames) {
    frame.frame_id = frame_id++;
    RETURN_IF_ERROR(connection_
                        .Prepare(R"sql(
            INSERT INTO archive_frames (frame_id, archive_id, frame_offset, frame_bytes)
            VALUES (?, ?, ?, ?))sql")
                        .Bind(frame.frame_id, archive_id, frame.offset, frame.size_bytes)
                        .Run());
  }
  return connection_.Prepare("UPDATE archive_files SET state = ? WHERE archive_id = ?")
      .Bind(static_cast<int64_t>(ArchiveState::kInUse), archive_id)
      .Run();
}

absl::Status ArchiveStore::RetireFile(int64_t archive_id) {
  RETURN_IF_ERROR(connection_.Prepare("DELETE FROM archive_frames WHERE archive_id = ?")
                      .Bind(archive_id)
                      .Run());
  // The row stays until the file is gone: else a crash would leave a file that nobody knows.
  return connection_.Prepare("UPDATE archive_files SET state = ? WHERE archive_id = ?")
      .Bind(static_cast<int64_t>(ArchiveState::kToBeRemoved), archive_id)
      .Run();
}

absl::StatusOr<std::vector<ArchiveFile>> ArchiveStore::LeftoverFiles(int64_t limit) {
  static constexpr auto kSql =
      sql::Text("SELECT archive_id, name FROM archive_files WHERE state <> ") +
      sql::kLiteral<ArchiveState::kInUse> + " ORDER BY archive_id LIMIT ?";
  sql::Statement select = connection_.Prepare(kSql);
  select.Bind(limit);
  std::vector<ArchiveFile> files;
  while (select.Next()) files.push_back({select.Int64(0), select.Text(1)});
  RETURN_IF_ERROR(select.status());
  return files;
}

absl::Status ArchiveStore::ForgetFile(int64_t archive_id) {
  return connection_.Prepare("DELETE FROM archive_files WHERE archive_id = ?")
      .Bind(archive_id)
      .Run();
}

absl::StatusOr<std::vector<ArchiveFile>> ArchiveStore::FilesAround(
    const std::string& project, absl::Span<const int64_t> sequences) {
  std::vector<ArchiveFile> files;
  if (sequences.empty()) return files;
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT archive_id, name, first_sequence, last_sequence FROM archive_files
      WHERE project = ? AND first_sequence <= ? AND last_sequence >= ? AND state = ?
      ORDER BY archive_id)sql");
  select.Bind(project, sequences.back(), sequences.front(),
              static_cast<int64_t>(ArchiveState::kInUse));
  // The range of a file may lie around all sequences and hold none of them.
  while (select.Next()) {
    const auto* const in_range =
        std::lower_bound(sequences.begin(), sequences.end(), select.Int64(2));
    if (in_range == sequences.end() || *in_range > select.Int64(3)) continue;
    files.push_back({select.Int64(0), select.Text(1)});
  }
  RETURN_IF_ERROR(select.status());
  return files;
}

absl::StatusOr<std::vector<ArchiveFrame>> ArchiveStore::FramesOfFile(int64_t archive_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT frame_id, frame_offset, frame_bytes FROM archive_frames
      WHERE archive_id = ? ORDER BY frame_id)sql");
  select.Bind(archive_id);
  std::vector<ArchiveFrame> frames;
  while (select.Next()) frames.push_back({select.Int64(0), select.Int64(1), select.Int64(2)});
  RETURN_IF_ERROR(select.status());
  return frames;
}

absl::StatusOr<FramePlace> ArchiveStore::FindFrame(int64_t frame_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT archive_files.name, frame_offset, frame_bytes
      FROM archive_frames JOIN archive_files ON archive_files.archive_id = archive_frames.archive_id
      WHERE frame_id = ?)sql");
  if (select.Bind(frame_id).Next()) {
    return FramePlace{select.Text(0), select.Int64(1), select.Int64(2)};
  }
  RETURN_IF_ERROR(select.status());
  return errors::NotFound("archive frame", std::to_string(frame_id), "The record has moved.");
}

}  // namespace flywheel::ingest
