// Whatever is in a file, the import answers with conversations or with an error, and the same file
// with the same answer.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cli/conversation.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using flywheel::cli::ConversationFormat;
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const auto format : {ConversationFormat::kTauBench, ConversationFormat::kOpenAiChat,
                            ConversationFormat::kShareGpt, ConversationFormat::kLangSmith,
                            ConversationFormat::kLangfuse}) {
    const auto first = flywheel::cli::ReadConversations(text, "fuzz", format, {});
    const auto second = flywheel::cli::ReadConversations(text, "fuzz", format, {});
    if (first.ok() != second.ok()) std::abort();
    if (!first.ok()) continue;
    if (first->size() != second->size()) std::abort();
    for (size_t i = 0; i < first->size(); ++i) {
      const auto& id = (*first)[i].turns.at(0).interaction_id();
      if (id.empty() || id != (*second)[i].turns.at(0).interaction_id()) std::abort();
    }
  }
  return 0;
}
