#include "ingest_service/upstream/text_check.h"

#include <cstddef>

#include "absl/time/clock.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// Of one call.
constexpr size_t kMaxAskedTexts = 10'000;
constexpr size_t kMaxAskedBytes = 1 << 20;
// No record is larger: what is, is refused anyway.
constexpr size_t kMaxTextBytes = 2 << 20;

}  // namespace

void TextCheck::Collect(redaction::Speaker speaker, std::string_view text) {
  redaction::VisitPlainTexts(text, [&](std::string_view plain) {
    if (plain.size() > kMaxTextBytes) return;
    std::string key;
    key.reserve(plain.size() + 1);
    key += static_cast<char>('0' + static_cast<int>(speaker));
    key += plain;
    const auto [known, is_new] = known_.insert(std::move(key));
    if (is_new) texts_.push_back({speaker, std::string_view(*known).substr(1)});
  });
}

absl::Status TextCheck::Ask(RecogniserClient& client, absl::Time deadline) {
  return AskAll(client, [deadline] { return deadline; });
}

absl::Status TextCheck::AskAtLeisure(RecogniserClient& client) {
  return AskAll(client, [&client] { return absl::Now() + client.config().timeout; });
}

absl::Status TextCheck::AskAll(RecogniserClient& client, absl::FunctionRef<absl::Time()> deadline) {
  is_asked_ = true;
  for (size_t next = 0; next < texts_.size();) {
    std::vector<RecogniserClient::AskedText> piece;
    size_t bytes = 0;
    for (; next < texts_.size() && piece.size() < kMaxAskedTexts; ++next) {
      bytes += texts_[next].text.size();
      if (!piece.empty() && bytes > kMaxAskedBytes) break;
      piece.push_back(texts_[next]);
    }
    ASSIGN_OR_RETURN(const std::vector<RecogniserClient::Found> found,
                     client.Recognise(piece, deadline()));
    for (size_t i = 0; i < piece.size(); ++i) {
      if (found[i]) found_.Add(piece[i].speaker, piece[i].text, *found[i]);
    }
  }
  // What was found holds the texts again.
  texts_.clear();
  known_.clear();
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
