#include "eval_gate_service/verdict_waivers.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/store/release_log_store.h"
#include "eval_gate_service/store/waiver_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/replay.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::evalgate {
namespace {

// A word that never ends is forgotten.
constexpr absl::Duration kLongestWaiver = absl::Hours(24 * 366);

// One that ends at once takes back those before it.
absl::Status CheckEnd(absl::Time expire_time, absl::Time now, bool takes_back) {
  if (expire_time <= now + kLongestWaiver && (expire_time > now || takes_back)) {
    return absl::OkStatus();
  }
  return errors::InvalidArgument(
      "waiver.expire_time", absl::FormatTime(absl::RFC3339_sec, expire_time, absl::UTCTimeZone()),
      fmt::format("a time after now, {}, and at most 366 days after it{}",
                  absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone()),
                  takes_back ? "" : ", because there is no waiver to take back"));
}

}  // namespace

absl::StatusOr<Created<VerdictWaiver>> VerdictWaivers::Waive(const rpc::Actor& actor,
                                                             VerdictWaiver waiver) {
  waiver.expire_time = StoredTime(waiver.expire_time);
  const std::string hash = RequestHash(waiver);
  waiver.create_time = StoredTime(clock_->Now());
  waiver.created_by = actor.key_id;
  std::optional<VerdictWaiver> earlier;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    WaiverStore store(connection);
    ASSIGN_OR_RETURN(std::optional<StoredWaiver> known,
                     store.Find(actor.project, waiver.waiver_id));
    ASSIGN_OR_RETURN(const bool replayed,
                     sql::IsReplay(known, hash, "verdict waiver", waiver.waiver_id));
    if (replayed) {
      earlier = std::move(known->waiver);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::vector<VerdictWaiver> before,
                     store.ForVersion(actor.project, waiver.agent, waiver.model_version));
    RETURN_IF_ERROR(CheckEnd(waiver.expire_time, waiver.create_time, !before.empty()));
    RETURN_IF_ERROR(store.Insert(actor.project, {waiver, hash}));
    RETURN_IF_ERROR(ReleaseLogStore(connection)
                        .Append(actor.project,
                                {ReleaseKind::kVerdictWaiver, waiver.agent, waiver.waiver_id},
                                actor.key_id, waiver.create_time));
    return audit::Record(
        connection, actor,
        {"verdict waiver", waiver.waiver_id,
         fmt::format("agent '{}', version '{}'", waiver.agent, waiver.model_version)},
        waiver.create_time);
  }));
  if (earlier) return Created<VerdictWaiver>{*std::move(earlier), /*replayed=*/true};
  return Created<VerdictWaiver>{std::move(waiver), /*replayed=*/false};
}

absl::StatusOr<ListPage<VerdictWaiver>> VerdictWaivers::List(const std::string& project,
                                                             const ListFilter& filter,
                                                             int64_t beyond, int64_t page_size) {
  ASSIGN_OR_RETURN(ListPage<StoredWaiver> page, database_->Read([&](sql::Connection& connection) {
    return ReadListPage<StoredWaiver>(
        beyond, page_size,
        [&](int64_t from, int64_t limit) {
          return WaiverStore(connection)
              .List(project, {filter.agent, filter.oldest_first, from}, limit);
        },
        [&](const StoredWaiver& one) {
          return filter.Matches(one.waiver.create_time, one.waiver.labels);
        });
  }));
  return ValuesOf(std::move(page), &StoredWaiver::waiver);
}

}  // namespace flywheel::evalgate
