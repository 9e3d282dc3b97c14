#include "store_tools/check.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "curation_service/store/migrations.h"
#include "curation_service/store/record_store.h"
#include "ingest_service/store/migrations.h"
#include "ingest_service/store/record_audit.h"
#include "shared/sql/backup.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "store_tools/store_files.h"

namespace flywheel::store_tools {
namespace {

// What one store says that another has to agree with.
struct Knowledge {
  std::optional<int64_t> curation_cursor;
};

absl::Status CheckCuration(sql::Connection& connection, StoreCheck& check, Knowledge& knowledge) {
  RETURN_IF_ERROR(sql::RequireNewest(connection, check.path, curation::Migrations()));
  ASSIGN_OR_RETURN(const int64_t cursor, curation::RecordStore::Cursor(connection));
  knowledge.curation_cursor = cursor;
  check.summary = fmt::format("has read ingest's feed up to {}", cursor);
  return absl::OkStatus();
}

// Comes after curation, so that its feed is at least as far as curation has read it.
absl::Status CheckIngest(sql::Connection& connection, StoreCheck& check,
                         const Knowledge& knowledge) {
  RETURN_IF_ERROR(sql::RequireNewest(connection, check.path, ingest::Migrations()));
  ASSIGN_OR_RETURN(ingest::RecordAudit audit, ingest::AuditRecord(connection));
  check.summary = fmt::format("{} interactions, {} signals, the feed is at {}", audit.interactions,
                              audit.signals, audit.last_sequence);
  for (std::string& finding : audit.findings) check.findings.push_back(std::move(finding));
  if (knowledge.curation_cursor > audit.last_sequence) {
    check.findings.push_back(
        fmt::format("curation has read up to {}, and the feed ends at {}: one of the two was "
                    "restored without the other",
                    *knowledge.curation_cursor, audit.last_sequence));
  }
  return absl::OkStatus();
}

absl::Status CheckStore(StoreCheck& check, Knowledge& knowledge) {
  ASSIGN_OR_RETURN(check.findings, sql::FindDamage(check.path));
  // Of a damaged file nothing can be said besides.
  if (!check.findings.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto connection, sql::Connection::Open(check.path, sql::Access::kRead));
  if (check.service == "curation") return CheckCuration(*connection, check, knowledge);
  if (check.service == "ingest") return CheckIngest(*connection, check, knowledge);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<StoreCheck>> CheckStores(const std::string& data_dir,
                                                    const Progress& progress) {
  ASSIGN_OR_RETURN(const std::vector<StoreFile> stores, FindStores(data_dir));
  std::vector<StoreCheck> checks;
  for (const StoreFile& store : MissingStores(data_dir, stores)) {
    checks.push_back({store.service, store.path, /*missing=*/true, "", {}});
  }
  Knowledge knowledge;
  for (size_t i = 0; i < stores.size(); ++i) {
    if (progress) {
      progress("checking " + stores[i].path, static_cast<int64_t>(i),
               static_cast<int64_t>(stores.size()));
    }
    StoreCheck& check = checks.emplace_back();
    check.service = stores[i].service;
    check.path = stores[i].path;
    // A file that cannot be read is a finding, and the others are looked at all the same.
    const absl::Status status = CheckStore(check, knowledge);
    if (!status.ok()) check.findings.push_back(errors::MessageOf(status));
  }
  return checks;
}

}  // namespace flywheel::store_tools
