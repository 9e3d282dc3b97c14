#include "curation_service/erasure_reporter.h"

#include "curation_service/store/erasure_store.h"
#include "shared/rpc/report_erasures.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int64_t kReportsAtOnce = 1'000;
constexpr char kStore[] = "curation";

}  // namespace

ErasureReporter::ErasureReporter(sql::Database* database, IngestClient* client,
                                 rpc::Metrics* metrics)
    : database_(database),
      client_(client),
      loop_(
          {.name = "erasure_reports"}, [this] { return ReportAll(); }, metrics) {}

absl::StatusOr<absl::Duration> ErasureReporter::ReportAll() {
  RETURN_IF_ERROR(rpc::ReportErasures(
      *database_, loop_,
      [this] {
        return database_->Read([&](sql::Connection& connection) {
          return ErasureStore(connection).Unreported(kReportsAtOnce);
        });
      },
      [this](const UnreportedErasure& erasure) {
        return client_->ReportErasure(erasure.project, erasure.erasure_id, kStore,
                                      erasure.erased_rows);
      },
      [this](const UnreportedErasure& erasure) {
        return database_->Write([&](sql::Connection& connection) {
          return ErasureStore(connection).SetReported(erasure);
        });
      }));
  return absl::InfiniteDuration();
}

}  // namespace flywheel::curation
