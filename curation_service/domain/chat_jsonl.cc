#include "curation_service/domain/chat_jsonl.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "curation_service/domain/chat_line.h"
#include "shared/hashing/sha256.h"

namespace flywheel::curation {
namespace {

using Json = nlohmann::ordered_json;

// What Mistral's template demands; to the others an id is a text.
constexpr size_t kIdDigits = 9;

std::string Line(Json line, ChatLine& parts) {
  if (!parts.tools.empty()) line["tools"] = std::move(parts.tools);
  if (!parts.metadata.is_null()) line["metadata"] = std::move(parts.metadata);
  return line.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + '\n';
}

Json PartsOf(Json content) {
  if (content.is_array()) return content;
  Json parts = Json::array();
  if (content != Json("")) parts.push_back({{"type", "text"}, {"text", content}});
  return parts;
}

// What two neighbours say, as one message.
Json Joined(Json first, Json second) {
  if (first.is_string() && second.is_string()) {
    const auto& before = first.get_ref<const std::string&>();
    const auto& after = second.get_ref<const std::string&>();
    return before + (before.empty() || after.empty() ? "" : "\n\n") + after;
  }
  first = PartsOf(std::move(first));
  Json more = PartsOf(std::move(second));
  for (Json& part : more) first.push_back(std::move(part));
  return first;
}

// Rewrites the messages of one row as chat templates want them.
class TemplateMessages {
 public:
  explicit TemplateMessages(std::string row_id) : row_id_(std::move(row_id)) {}

  // Called for the prompt, then for the ideal.
  Json Rewritten(Json messages) {
    Json written = Json::array();
    for (Json& message : messages) {
      if (message["role"] == "tool") {
        NameResult(message);
      } else {
        RewritePictures(message["content"]);
        if (message.contains("tool_calls")) RewriteCalls(message["tool_calls"]);
        if (!written.empty() && written.back()["role"] == message["role"]) {
          Json& before = written.back();
          before["content"] = Joined(std::move(before["content"]), std::move(message["content"]));
          // Results stand behind calls, so `before` has none of its own.
          if (message.contains("tool_calls"))
            before["tool_calls"] = std::move(message["tool_calls"]);
          continue;
        }
      }
      written.push_back(std::move(message));
    }
    return written;
  }

 private:
  struct Call {
    std::string id;
    std::string name;
  };

  static void RewritePictures(Json& content) {
    if (!content.is_array()) return;
    for (Json& part : content) {
      if (part["type"] == "image_url") {
        part = {{"type", "image"}, {"url", std::move(part["image_url"]["url"])}};
      }
    }
  }

  void RewriteCalls(Json& calls) {
    for (Json& call : calls) {
      Json& function = call["function"];
      function["arguments"] = Json::parse(function["arguments"].get<std::string>());
      const std::string number = std::to_string(++calls_);
      Call& known = known_[call["id"].get<std::string>()];
      known = {Sha256Hex(row_id_ + '\n' + number).substr(0, kIdDigits),
               function["name"].get<std::string>()};
      call["id"] = known.id;
    }
  }

  // The ids of calls may come again later: a result is of the last one.
  void NameResult(Json& message) {
    const Call& call = known_[message["tool_call_id"].get<std::string>()];
    message = {{"role", "tool"},
               {"tool_call_id", call.id},
               {"name", call.name},
               {"content", std::move(message["content"])}};
  }

  const std::string row_id_;
  size_t calls_ = 0;
  std::unordered_map<std::string, Call> known_;  // By the id that the row gives it.
};

// The tools of both lines, each once.
Json ToolsOf(Json tools, const Json& others) {
  for (const Json& other : others) {
    if (std::find(tools.begin(), tools.end(), other) == tools.end()) tools.push_back(other);
  }
  return tools;
}

}  // namespace

std::string ChatJsonLine(const DatasetRow& row, bool with_metadata) {
  ChatLine parts = MakeChatLine(row);
  if (!with_metadata) parts.metadata = nullptr;
  for (Json& message : parts.prompt) {
    // What was said before is shown and not taught.
    if (message["role"] == "assistant") message["weight"] = 0;
  }
  Json messages = std::move(parts.prompt);
  for (Json& message : parts.ideal) messages.push_back(std::move(message));
  return Line({{"messages", std::move(messages)}}, parts);
}

std::string PromptCompletionJsonLine(const DatasetRow& row, bool with_contexts) {
  ChatLine parts = MakeChatLine(row);
  TemplateMessages messages(row.interaction_id);
  Json prompt = messages.Rewritten(std::move(parts.prompt));
  Json completion = messages.Rewritten(std::move(parts.ideal));
  Json line = {{"prompt", std::move(prompt)}, {"completion", std::move(completion)}};
  if (with_contexts) line["contexts"] = ContextsOf(row);
  return Line(std::move(line), parts);
}

std::string PreferenceJsonLine(const DatasetRow& row, const RejectedAnswer& rejected) {
  DatasetRow other = row;
  other.ideal = rejected.messages;
  ChatLine parts = MakeChatLine(row);
  ChatLine others = MakeChatLine(other);
  TemplateMessages messages(row.interaction_id);
  Json prompt = messages.Rewritten(std::move(parts.prompt));
  Json chosen = messages.Rewritten(std::move(parts.ideal));
  // Its calls come behind those of the same prompt.
  TemplateMessages other_messages(row.interaction_id);
  other_messages.Rewritten(std::move(others.prompt));
  Json refused = other_messages.Rewritten(std::move(others.ideal));
  parts.tools = ToolsOf(std::move(parts.tools), others.tools);
  parts.metadata["rejected_interaction_id"] = rejected.interaction_id;
  return Line({{"prompt", std::move(prompt)},
               {"chosen", std::move(chosen)},
               {"rejected", std::move(refused)}},
              parts);
}

std::string UnpairedPreferenceJsonLine(const DatasetRow& row, bool label) {
  ChatLine parts = MakeChatLine(row);
  TemplateMessages messages(row.interaction_id);
  Json prompt = messages.Rewritten(std::move(parts.prompt));
  Json completion = messages.Rewritten(std::move(parts.ideal));
  return Line(
      {{"prompt", std::move(prompt)}, {"completion", std::move(completion)}, {"label", label}},
      parts);
}

}  // namespace flywheel::curation
