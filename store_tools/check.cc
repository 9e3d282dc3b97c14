#include "store_tools/check.h"

#include <fmt/format.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "curation_service/store/conversation_store.h"
#include "curation_service/store/migrations.h"
#include "curation_service/store/record_store.h"
#include "eval_gate_service/store/migrations.h"
#include "experiment_service/store/migrations.h"
#include "ingest_service/store/migrations.h"
#include "ingest_service/store/record_audit.h"
#include "shared/sql/backup.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "store_tools/file_errors.h"
#include "store_tools/store_files.h"

namespace flywheel::store_tools {
namespace {

// What one store says that another has to agree with.
struct Knowledge {
  std::optional<int64_t> curation_cursor;
};

absl::Status CheckCuration(sql::Connection& connection, StoreCheck& check, Knowledge& knowledge) {
  RETURN_IF_ERROR(sql::RequireNewest(connection, check.path, curation::Migrations()));
  ASSIGN_OR_RETURN(const int64_t cursor, curation::RecordStore(connection).Cursor());
  knowledge.curation_cursor = cursor;
  check.summary = fmt::format("has read ingest's feed up to {}", cursor);
  ASSIGN_OR_RETURN(const int64_t miscounted,
                   curation::ConversationStore(connection).CountMiscounted());
  if (miscounted > 0) {
    check.findings.push_back(
        fmt::format("{} shared messages have a number of uses that the rows do not", miscounted));
  }
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

absl::Status CheckVersion(sql::Connection& connection, const StoreCheck& check) {
  return sql::RequireNewest(
      connection, check.path,
      check.service == "eval-gate" ? evalgate::Migrations() : experiment::Migrations());
}

absl::Status CheckContent(StoreCheck& check, Knowledge& knowledge) {
  ASSIGN_OR_RETURN(check.findings, sql::FindDamage(check.path));
  // Of a damaged file nothing can be said besides.
  if (!check.findings.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto connection, sql::Connection::Open(check.path, sql::Access::kRead));
  if (check.service == "curation") return CheckCuration(*connection, check, knowledge);
  if (check.service == "ingest") return CheckIngest(*connection, check, knowledge);
  return CheckVersion(*connection, check);
}

// A file that is not there for this user, or holds nothing; true where more can be said of it.
bool CheckFile(const StoreFile& store, StoreCheck& check) {
  if (store.error == ENOENT) {
    check.state = StoreState::kMissing;
    return false;
  }
  if (store.error != 0) {
    check.state = StoreState::kUnknown;
    check.findings.push_back(CannotBeRead(store.error));
    return false;
  }
  if (!store.empty) return true;
  check.state = StoreState::kEmpty;
  check.findings.push_back("the file is empty: 0 bytes");
  return false;
}

StoreState StateOf(const absl::Status& status) {
  switch (errors::ReasonOf(status)) {
    case Reason::kStoreTooNew:
      return StoreState::kTooNew;
    case Reason::kInvalidConfiguration:
      return StoreState::kTooOld;
    case Reason::kStorageFull:
    case Reason::kStorageUnavailable:
      return StoreState::kUnknown;
    default:
      return StoreState::kDamaged;
  }
}

StoreCheck CheckStore(const StoreFile& store, Knowledge& knowledge) {
  StoreCheck check;
  check.service = store.service;
  check.path = store.path;
  if (!CheckFile(store, check)) return check;
  // A file that cannot be read is a finding, and the others are looked at all the same.
  const absl::Status status = CheckContent(check, knowledge);
  if (!status.ok()) {
    check.state = StateOf(status);
    check.findings.push_back(errors::MessageOf(ForCommand(status, "Nothing is known of it.")));
  } else if (!check.findings.empty()) {
    check.state = StoreState::kDamaged;
  }
  return check;
}

}  // namespace

absl::StatusOr<std::vector<StoreCheck>> CheckStores(const std::string& data_dir,
                                                    const Progress& progress) {
  RETURN_IF_ERROR(CheckGiven("--data-dir", data_dir));
  ASSIGN_OR_RETURN(const std::vector<StoreFile> stores, FindStores(data_dir));
  std::vector<StoreCheck> checks;
  Knowledge knowledge;
  for (size_t i = 0; i < stores.size(); ++i) {
    if (progress) {
      progress("checking " + stores[i].path, static_cast<int64_t>(i),
               static_cast<int64_t>(stores.size()));
    }
    checks.push_back(CheckStore(stores[i], knowledge));
  }
  return checks;
}

}  // namespace flywheel::store_tools
