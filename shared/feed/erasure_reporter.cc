#include "shared/feed/erasure_reporter.h"

#include <utility>

#include "shared/rpc/report_erasures.h"
#include "shared/sql/erasure_log.h"
#include "shared/status/status_macros.h"

namespace flywheel::feed {
namespace {

constexpr int64_t kReportsAtOnce = 1'000;

}  // namespace

ErasureReporter::ErasureReporter(std::string store, sql::Database* database, FeedClient* client,
                                 rpc::Metrics* metrics)
    : store_(std::move(store)),
      database_(database),
      client_(client),
      loop_(
          {.name = "erasure_reports"}, [this] { return ReportAll(); }, metrics) {}

absl::StatusOr<absl::Duration> ErasureReporter::ReportAll() {
  RETURN_IF_ERROR(rpc::ReportErasures(
      *database_, loop_,
      [this] {
        return database_->Read([&](sql::Connection& connection) {
          return sql::ErasureLog(connection).Unreported(kReportsAtOnce);
        });
      },
      [this](const sql::UnreportedErasure& erasure) {
        return client_->ReportErasure(erasure.project, erasure.erasure_id, store_,
                                      erasure.erased_rows);
      },
      [this](const sql::UnreportedErasure& erasure) {
        return database_->Write([&](sql::Connection& connection) {
          return sql::ErasureLog(connection).SetReported(erasure);
        });
      }));
  return absl::InfiniteDuration();
}

}  // namespace flywheel::feed
