// Text check: the texts of one request, and what a recogniser of somebody else says of them.
#ifndef FLYWHEEL_INGEST_SERVICE_UPSTREAM_TEXT_CHECK_H_
#define FLYWHEEL_INGEST_SERVICE_UPSTREAM_TEXT_CHECK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/node_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ingest_service/upstream/recogniser_client.h"
#include "redaction/conversation/foreign_findings.h"
#include "redaction/conversation/speaker.h"

namespace flywheel::ingest {

// Goes over a request twice: first everything that would be redacted is collected, and equal texts
// once, so that a batch is one call or a few; then it is asked for, and redacted with what was
// found. Not thread-safe.
//
//   TextCheck check;
//   for (Item& item : items) filter.CollectTexts(item, check);
//   RETURN_IF_ERROR(check.Ask(client, deadline));
//   for (Item& item : items) filter.MakeRecord(item, ..., &check);
class TextCheck {
 public:
  // Before Ask(): all that there is to ask of a text or JSON that is about to be redacted.
  void Collect(redaction::Speaker speaker, std::string_view text);

  // In calls of at most 10,000 texts and 1 MiB, or one longer text. RECOGNISER_UNAVAILABLE as soon
  // as a call fails: nothing of the request may be stored. A text of which the answer cannot be
  // used is missing in found(), and refused by whoever redacts it.
  absl::Status Ask(RecogniserClient& client, absl::Time deadline);
  // The same where nobody waits: each call has the time of a whole request.
  absl::Status AskAtLeisure(RecogniserClient& client);

  // Whether texts are being collected.
  bool collects() const { return !is_asked_; }
  const redaction::ForeignFindings& found() const { return found_; }

 private:
  absl::Status AskAll(RecogniserClient& client, absl::FunctionRef<absl::Time()> deadline);

  absl::node_hash_set<std::string> known_;  // Speaker and text.
  std::vector<RecogniserClient::AskedText> texts_;
  bool is_asked_ = false;
  redaction::ForeignFindings found_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_UPSTREAM_TEXT_CHECK_H_
