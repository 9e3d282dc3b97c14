#include "ingest_service/privacy/record_exporter.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "ingest_service/domain/record_limits.h"
#include "ingest_service/store/consent_store.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/interaction_store.h"
#include "ingest_service/store/signal_store.h"
#include "ingest_service/store/subject_records.h"
#include "shared/audit/audit_store.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Names nobody: an audit event stays when a person is erased.
const char* SubjectWords(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::kUser:
      return "of a person";
    case SubjectKind::kSession:
      return "of a session";
    case SubjectKind::kInteraction:
      return "of an interaction";
    case SubjectKind::kRewrite:
      break;  // Of nobody; not asked for.
  }
  return "";
}

// Found at a time; their payloads are read one by one.
constexpr int64_t kRowsAtOnce = 500;

// One export: its place is that of the loops.
class ExportRun {
 public:
  ExportRun(sql::Database& database, PayloadReader& payloads, const Subject& subject,
            RecordExporter::OnPage on_page)
      : database_(database), payloads_(payloads), subject_(subject), on_page_(on_page) {}

  absl::Status Run() {
    ASSIGN_OR_RETURN(last_sequence_, database_.Read([](sql::Connection& connection) {
      return FeedStore(connection).LastSequence();
    }));
    // 1. What a person said of consent; 2. interactions, with what was said about them; 3. what
    // else is the subject's.
    if (subject_.kind == SubjectKind::kUser) RETURN_IF_ERROR(AddConsents());
    for (const std::string& name : subject_.names) RETURN_IF_ERROR(AddInteractions(name));
    for (const std::string& name : subject_.names) RETURN_IF_ERROR(AddOtherSignals(name));
    return Flush();
  }

 private:
  absl::Status AddConsents() {
    return database_.Read([&](sql::Connection& connection) -> absl::Status {
      for (const std::string& name : subject_.names) {
        for (const Purpose purpose : {Purpose::kRecord, Purpose::kTrain}) {
          ASSIGN_OR_RETURN(std::optional<ConsentStatement> said,
                           ConsentStore(connection).FindConsent(subject_.project, name, purpose));
          if (said) page_.consents.push_back(*std::move(said));
        }
      }
      return absl::OkStatus();
    });
  }

  absl::Status AddInteractions(const std::string& name) {
    SequenceRange range{kRowsAtOnce, last_sequence_};
    while (true) {
      ASSIGN_OR_RETURN(const std::vector<SubjectInteraction> found,
                       database_.Read([&](sql::Connection& connection) {
                         return SubjectRecords(connection)
                             .InteractionsOf(subject_.project, subject_.kind, name, range);
                       }));
      if (found.empty()) return absl::OkStatus();
      for (const SubjectInteraction& interaction : found) {
        RETURN_IF_ERROR(AddInteraction(interaction));
      }
      range.after = found.back().sequence;
    }
  }

  absl::Status AddInteraction(const SubjectInteraction& interaction) {
    if (IsShown(interaction.form)) {
      absl::StatusOr<std::string> payload = ReadPayload(interaction.interaction_id);
      // Erased meanwhile.
      if (absl::IsNotFound(payload.status())) return absl::OkStatus();
      RETURN_IF_ERROR(payload.status());
      RETURN_IF_ERROR(Add(page_.interactions, *std::move(payload)));
    }
    RETURN_IF_ERROR(AddSignals(
        [&](sql::Connection& connection, const SequenceRange& range) {
          return SubjectRecords(connection)
              .SignalsAboutInteraction(subject_.project, interaction.interaction_id, range);
        },
        [](sql::Connection&, const SubjectSignal&) { return true; }));
    if (subject_.kind != SubjectKind::kUser || interaction.session_id.empty()) {
      return absl::OkStatus();
    }
    // What was said about a session that is theirs alone stands behind its first interaction.
    ASSIGN_OR_RETURN(const int64_t first, database_.Read([&](sql::Connection& connection) {
      return SubjectRecords(connection)
          .FirstOfOwnSession(subject_.project, interaction.session_id, subject_.names);
    }));
    if (first != interaction.sequence) return absl::OkStatus();
    return AddSignals(
        [&](sql::Connection& connection, const SequenceRange& range) {
          return SubjectRecords(connection)
              .SignalsAboutSession(subject_.project, interaction.session_id, range);
        },
        [](sql::Connection&, const SubjectSignal&) { return true; });
  }

  absl::StatusOr<std::string> ReadPayload(const std::string& interaction_id) {
    ASSIGN_OR_RETURN(StoredInteraction stored, database_.Read([&](sql::Connection& connection) {
      return InteractionStore(connection).Find(subject_.project, interaction_id);
    }));
    RETURN_IF_ERROR(payloads_.Decode(stored.sequence, stored.place, stored.payload));
    return std::move(stored.payload);
  }

  absl::Status AddOtherSignals(const std::string& name) {
    return AddSignals(
        [&](sql::Connection& connection, const SequenceRange& range) {
          return SubjectRecords(connection)
              .OtherSignals(subject_.project, subject_.kind, name, range);
        },
        [&](sql::Connection& connection, const SubjectSignal& signal) {
          return IsNew(connection, signal);
        });
  }

  // Whether AddInteraction has not added it already.
  absl::StatusOr<bool> IsNew(sql::Connection& connection, const SubjectSignal& signal) {
    SubjectRecords records(connection);
    if (subject_.kind == SubjectKind::kSession) return true;
    if (subject_.kind == SubjectKind::kInteraction) {
      ASSIGN_OR_RETURN(const bool stored,
                       InteractionStore(connection).Has(subject_.project, signal.interaction_id));
      return !stored;
    }
    if (!signal.interaction_id.empty()) {
      ASSIGN_OR_RETURN(const bool own,
                       records.IsOwn(subject_.project, signal.interaction_id, subject_.names));
      return !own;
    }
    ASSIGN_OR_RETURN(const int64_t first, records.FirstOfOwnSession(
                                              subject_.project, signal.session_id, subject_.names));
    return first == 0;
  }

  // `find` returns the next of a range, `is_wanted` whether one of them is to be added.
  template <typename Find, typename IsWanted>
  absl::Status AddSignals(Find find, IsWanted is_wanted) {
    SequenceRange range{kRowsAtOnce, last_sequence_};
    while (true) {
      std::vector<SubjectSignal> wanted;
      ASSIGN_OR_RETURN(
          const bool more, database_.Read([&](sql::Connection& connection) -> absl::StatusOr<bool> {
            ASSIGN_OR_RETURN(std::vector<SubjectSignal> found, find(connection, range));
            if (found.empty()) return false;
            range.after = found.back().sequence;
            for (SubjectSignal& signal : found) {
              ASSIGN_OR_RETURN(const bool is_one,
                               absl::StatusOr<bool>(is_wanted(connection, signal)));
              if (is_one) wanted.push_back(std::move(signal));
            }
            return true;
          }));
      if (!more) return absl::OkStatus();
      for (const SubjectSignal& signal : wanted) {
        ASSIGN_OR_RETURN(std::optional<std::string> payload,
                         database_.Read([&](sql::Connection& connection) {
                           return SignalStore(connection).FindPayload(signal.sequence);
                         }));
        if (payload) RETURN_IF_ERROR(Add(page_.signals, *std::move(payload)));
      }
    }
  }

  absl::Status Add(std::vector<std::string>& records, std::string payload) {
    if (page_.bytes + payload.size() > kMaxPageBytes) RETURN_IF_ERROR(Flush());
    page_.bytes += payload.size();
    records.push_back(std::move(payload));
    return absl::OkStatus();
  }

  absl::Status Flush() {
    if (page_.empty()) return absl::OkStatus();
    const ExportPage page = std::exchange(page_, ExportPage{});
    return on_page_(page);
  }

  sql::Database& database_;
  PayloadReader& payloads_;
  const Subject& subject_;
  const RecordExporter::OnPage on_page_;
  int64_t last_sequence_ = 0;
  ExportPage page_;
};

}  // namespace

absl::Status RecordExporter::Export(const rpc::Actor& actor, absl::Time now, const Subject& subject,
                                    OnPage on_page) {
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
    return audit::Record(connection, actor, {"records", "", SubjectWords(subject.kind)}, now);
  }));
  return ExportRun(*database_, *payloads_, subject, on_page).Run();
}

}  // namespace flywheel::ingest
