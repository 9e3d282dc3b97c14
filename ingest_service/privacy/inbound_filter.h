// Inbound privacy filter: every record passes it before it is stored, whichever door it came by.
#ifndef FLYWHEEL_INGEST_SERVICE_PRIVACY_INBOUND_FILTER_H_
#define FLYWHEEL_INGEST_SERVICE_PRIVACY_INBOUND_FILTER_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/domain/store_scan.h"
#include "ingest_service/privacy/text_redactor.h"
#include "ingest_service/record/recent_inputs.h"
#include "ingest_service/store/rewrite_store.h"
#include "ingest_service/upstream/recogniser_queue.h"
#include "ingest_service/upstream/text_check.h"
#include "redaction/pii_detector.h"
#include "redaction/redactor.h"
#include "redaction/scan.h"
#include "shared/privacy/pseudonymiser.h"
#include "shared/rpc/metrics.h"

namespace flywheel::ingest {

// Decides what of a message may reach the disk, and makes the record that does:
//
//   1. a message that breaks the contract is refused (record_checks.h);
//   2. the user or actor becomes a pseudonym, under the newest key and under those before it, and
//   so
//      does a session whose id may name somebody (session_names.h);
//   3. the content is hashed with a key as it was sent, so that a resend is a replay whatever the
//      detector finds by then;
//   4. texts are cleaned, and personal data in them becomes placeholders (text_redactor.h): what
//      our tables find, the ids of 2., and what a recogniser of somebody else found (text_check.h);
//   5. an interaction that looks like no real use is marked (noise.h, recent_inputs.h).
//
// Unary calls, batches, streams and imports come here through rpc/, what traces became through
// otlp/. Thread-safe.
class InboundFilter {
 public:
  // The pointers outlive this object. Without a detector texts are cleaned, and nothing is
  // replaced. With a `recogniser`, the doors have every text checked by it before they come here.
  InboundFilter(const Pseudonymiser* pseudonymiser, std::optional<redaction::PiiDetector> detector,
                rpc::Metrics* metrics, RecogniserQueue* recogniser = nullptr)
      : pseudonymiser_(*pseudonymiser),
        redactor_(std::move(detector), metrics),
        recogniser_(recogniser) {}

  // Null where texts are checked by our own tables alone.
  RecogniserQueue* recogniser() const { return recogniser_; }

  // Adds to `check`, which has not asked yet, what there is to ask about the message. The message
  // is not fit to be stored afterwards.
  void CollectTexts(v1::Interaction& interaction, TextCheck& check) const;
  void CollectTexts(v1::Signal& signal, TextCheck& check) const;

  // The record to store. The message is changed on the way: afterwards it is as it is stored.
  // `prefix` is the item's place in the request, such as "interactions[3]."; `now` bounds times.
  // INVALID_ARGUMENT with every violation; any error means that the message must not be stored.
  // `check` has asked about all texts; without it our own tables decide alone: for what was checked
  // before, as the spans of a trace were.
  absl::StatusOr<InteractionRecord> MakeRecord(v1::Interaction& interaction,
                                               const std::string& project, absl::Time now,
                                               std::string prefix, TextCheck* check = nullptr);
  absl::StatusOr<SignalRecord> MakeRecord(v1::Signal& signal, const std::string& project,
                                          absl::Time now, std::string prefix,
                                          TextCheck* check = nullptr) const;

  // What changes today in a record that is stored, as readers get it: nothing is counted or kept.
  // The message is afterwards as `record` has it. Nobody knows any more what its person is called
  // in clear, so that texts that name them by their id alone stay. `check` as for MakeRecord.
  struct Recheck {
    bool changed = false;
    FoundTypes found = {};
    // Where something changed: whole, and without its sequence.
    RewrittenRecord record = {};
    // Turns of its conversation share messages: who puts it into a row takes them out.
    bool is_worth_sharing = false;
  };
  absl::StatusOr<Recheck> RecheckStored(v1::Interaction& interaction,
                                        TextCheck* check = nullptr) const;
  absl::StatusOr<Recheck> RecheckStored(v1::Signal& signal, TextCheck* check = nullptr) const;

  // For what waits in pieces before it becomes a record, as the spans of a trace do. One text or
  // JSON; `number` tells equal values in all pieces.
  absl::Status RedactPiece(std::string& text, redaction::PlaceholderNumber number,
                           TextCheck* check = nullptr) const {
    return redactor_.RedactPiece(text, std::move(number), check);
  }
  const Pseudonymiser& pseudonymiser() const { return pseudonymiser_; }

  // What would become of the texts of one interaction, and why; nothing is counted or kept. Waits
  // for the recogniser, where there is one. The errors of RedactPiece.
  absl::StatusOr<std::vector<redaction::ScannedText>> Scan(
      const std::vector<redaction::Turn>& turns) const;
  // False where texts are only cleaned.
  bool redacts() const { return redactor_.redacts(); }

 private:
  // Cleans and redacts the message, whose person has these ids in clear, and sets payload and
  // content hash.
  template <typename Message, typename Record>
  absl::Status HashAndRedact(Message& message, const std::vector<std::string_view>& ids,
                             TextCheck* check, Record& record) const;
  int64_t NoiseIn(const v1::Interaction& interaction, const InteractionRecord& record,
                  const std::string& project);

  const Pseudonymiser& pseudonymiser_;
  const TextRedactor redactor_;
  RecogniserQueue* const recogniser_;
  RecentInputs recent_inputs_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PRIVACY_INBOUND_FILTER_H_
