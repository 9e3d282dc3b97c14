// Storage forms of an interaction's payload, and the marks that ingest gave it.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_PAYLOAD_FORM_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_PAYLOAD_FORM_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace flywheel::ingest {

// The values stand in the store.
enum class PayloadForm {
  // The bytes of the contract, in the row.
  kPlain = 0,
  // A zstd frame in the row.
  kCompressed = 1,
  // In an archive file; the row says where.
  kArchived = 2,
  // Gone, because a sample was drawn. The row is an empty place that remembers its id and content
  // hash: a resend is a replay, and nothing shows or counts it.
  kThinned = 3,
  // Gone, because its person is being forgotten or its time is over; the row follows. Nothing shows
  // it, project_totals still count it.
  kErased = 4,
  // In the row, but for its history and messages: these stand in the table `messages`, each once
  // however many turns repeat it (domain/shared_message.h).
  kShared = 5,
};

// Whether lists, feeds and single reads show a record of this form.
constexpr bool IsShown(PayloadForm form) {
  return form != PayloadForm::kThinned && form != PayloadForm::kErased;
}

// A record is at most 2 MiB as it is sent; redaction makes few longer.
inline constexpr int64_t kMaxPayloadBytes = 64 << 20;

// Where the bytes beside it come from.
struct PayloadPlace {
  PayloadForm form = PayloadForm::kPlain;
  // kCompressed: the dictionary, 0 for none. kArchived: the frame. kShared: the last message.
  int64_t place = 0;
};

// Which payload of a frame, and how large it is. What an archived row has in place of a payload.
struct ArchivedPlace {
  int64_t index = 0;
  int64_t size_bytes = 0;
};
std::string PackArchivedPlace(const ArchivedPlace& place);
// Empty where `bytes` is none.
std::optional<ArchivedPlace> UnpackArchivedPlace(std::string_view bytes);

// What stands before the rest of the payload in a row of kShared.
struct SharedHead {
  // How many of the messages are its history.
  int64_t history = 0;
  // Of the payload with all messages.
  int64_t size_bytes = 0;
};
std::string PackShared(const SharedHead& head, std::string_view rest);
// The head, and where in `bytes` the rest begins; empty where `bytes` has none.
std::optional<std::pair<SharedHead, size_t>> UnpackShared(std::string_view bytes);

// How large the payload is that a row stands for, without reading it: pages end by this. Where the
// row is damaged, the size of what it has.
int64_t PayloadBytes(PayloadForm form, std::string_view bytes);

// Noticed about an interaction, beside what was sent.
struct RecordMarks {
  // Bit n-1 is flywheel.ingest.v1.Noise n.
  int64_t noise = 0;
  // The probability with which a record like this was kept, above 0 and at most 1.
  double inclusion_probability = 1;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_PAYLOAD_FORM_H_
