#include "experiment_service/store/segment_store.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "experiment_service/domain/counts_text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

absl::StatusOr<ArmCounts> Parse(int64_t experiment, const SegmentCell& cell, std::string_view text,
                                size_t metrics) {
  std::optional<std::vector<ArmCounts>> counts = ParseCountsText(text);
  if (!counts || counts->size() != 1) {
    return errors::Internal(
        fmt::format("the counts of value {} of segment {} of experiment {} cannot be read",
                    cell.value, cell.segment, experiment));
  }
  counts->front().metrics.resize(metrics);
  return std::move(counts->front());
}

}  // namespace

absl::Status SegmentStore::Insert(int64_t experiment, const std::vector<Segment>& segments) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO experiment_segments (experiment, segment, name, value, value_name)
      VALUES (?, ?, ?, ?, ?))sql");
  for (size_t i = 0; i < segments.size(); ++i) {
    for (size_t value = 1; value < segments[i].value_count(); ++value) {
      insert.Bind(experiment, static_cast<int64_t>(i), segments[i].name,
                  static_cast<int64_t>(value), segments[i].ValueName(value));
      RETURN_IF_ERROR(insert.Run());
    }
  }
  return absl::OkStatus();
}

// Without a limit: validation bounds them.
absl::StatusOr<std::vector<Segment>> SegmentStore::Read(int64_t experiment) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT segment, name, value_name FROM experiment_segments
      WHERE experiment = ? ORDER BY segment, value)sql");
  select.Bind(experiment);
  std::vector<Segment> segments;
  while (select.Next()) {
    if (static_cast<size_t>(select.Int64(0)) >= segments.size()) {
      segments.push_back({select.Text(1), {}});
    }
    segments.back().values.push_back(select.Text(2));
  }
  RETURN_IF_ERROR(select.status());
  return segments;
}

absl::StatusOr<ArmCounts> SegmentStore::FindCell(int64_t experiment, const SegmentCell& cell,
                                                 size_t metrics) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT counts FROM segment_tallies
      WHERE experiment = ? AND segment = ? AND value = ? AND arm = ?)sql");
  select.Bind(experiment, static_cast<int64_t>(cell.segment), static_cast<int64_t>(cell.value),
              static_cast<int64_t>(cell.arm));
  if (select.Next()) return Parse(experiment, cell, select.View(0), metrics);
  RETURN_IF_ERROR(select.status());
  return ArmCounts(metrics);
}

absl::Status SegmentStore::PutCell(int64_t experiment, const SegmentCell& cell,
                                   const ArmCounts& counts) {
  sql::Statement put = connection_.Prepare(R"sql(
      INSERT INTO segment_tallies (experiment, segment, value, arm, counts) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (experiment, segment, value, arm) DO UPDATE SET counts = excluded.counts)sql");
  put.Bind(experiment, static_cast<int64_t>(cell.segment), static_cast<int64_t>(cell.value),
           static_cast<int64_t>(cell.arm), CountsText({counts}));
  return put.Run();
}

absl::Status SegmentStore::ReadCells(int64_t experiment, SegmentCounts& counts) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT segment, value, arm, counts FROM segment_tallies
      WHERE experiment = ? ORDER BY segment, value, arm)sql");
  select.Bind(experiment);
  while (select.Next()) {
    const SegmentCell cell{static_cast<size_t>(select.Int64(0)),
                           static_cast<size_t>(select.Int64(1)),
                           static_cast<size_t>(select.Int64(2))};
    const bool known = cell.segment < counts.size() && cell.value < counts[cell.segment].size() &&
                       cell.arm < counts[cell.segment][cell.value].size();
    if (!known) continue;
    ArmCounts& place = counts[cell.segment][cell.value][cell.arm];
    ASSIGN_OR_RETURN(place, Parse(experiment, cell, select.View(3), place.metrics.size()));
  }
  return select.status();
}

}  // namespace flywheel::experiment
