#include "curation_service/domain/chat_line.h"

#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "curation_service/domain/json_object.h"

namespace flywheel::curation {
namespace {

using Json = nlohmann::ordered_json;

const char* TierName(Tier tier) {
  switch (tier) {
    case Tier::kPlatinum:
      return "platinum";
    case Tier::kGold:
      return "gold";
    case Tier::kSilver:
      return "silver";
    case Tier::kBronze:
      return "bronze";
  }
  return "";
}

const char* SourceName(RowSource source) {
  switch (source) {
    case RowSource::kUserCorrection:
      return "user_correction";
    case RowSource::kStaffCorrection:
      return "staff_correction";
    case RowSource::kUserApproved:
      return "user_approved";
    case RowSource::kStaffApproved:
      return "staff_approved";
    case RowSource::kRelabelled:
      return "relabelled";
    case RowSource::kRejectedOutput:
      return "rejected_output";
    case RowSource::kUserAccepted:
      return "user_accepted";
    case RowSource::kSynthetic:
      return "synthetic";
  }
  return "";
}

const char* ProvenanceName(Provenance provenance) {
  switch (provenance) {
    case Provenance::kUser:
      return "user";
    case Provenance::kStaff:
      return "staff";
    case Provenance::kGolden:
      return "golden";
    case Provenance::kSynthetic:
      return "synthetic";
    case Provenance::kImported:
      return "imported";
  }
  return "";
}

const char* RoleName(Role role) {
  switch (role) {
    case Role::kSystem:
    case Role::kDeveloper:  // The same to a model, and what chat templates know.
      return "system";
    case Role::kUser:
      return "user";
    case Role::kAssistant:
      return "assistant";
    case Role::kTool:
      return "tool";
  }
  return "";
}

// A picture that can be fetched is shown; everything else is named.
bool IsPicture(const Media& media) {
  return media.mime_type.rfind("image/", 0) == 0 &&
         (media.uri.rfind("https://", 0) == 0 || media.uri.rfind("http://", 0) == 0);
}

std::string InWords(const Media& media) {
  if (!media.description.empty()) return media.description;
  return "[" + (media.mime_type.empty() ? std::string("media") : media.mime_type) + "]";
}

void AddLine(const std::string& text, std::string& lines) {
  if (text.empty()) return;
  if (!lines.empty()) lines += '\n';
  lines += text;
}

// What a message says: one text, or a list of parts where a user shows pictures.
Json ContentOf(const Message& message) {
  Json parts = Json::array();
  std::string lines;
  const auto end_text = [&] {
    if (!lines.empty()) parts.push_back({{"type", "text"}, {"text", std::exchange(lines, {})}});
  };
  for (const Part& part : message.parts) {
    if (const auto* text = std::get_if<Text>(&part.kind)) AddLine(text->text, lines);
    const auto* media = std::get_if<Media>(&part.kind);
    if (media == nullptr) continue;
    if (message.role != Role::kUser || !IsPicture(*media)) {
      AddLine(InWords(*media), lines);
      continue;
    }
    end_text();
    parts.push_back({{"type", "image_url"}, {"image_url", {{"url", media->uri}}}});
  }
  if (parts.empty()) return lines;
  end_text();
  return parts;
}

bool IsEmpty(const Json& content) {
  return content.is_string() ? content.get_ref<const std::string&>().empty() : content.empty();
}

// Writes a conversation so that each call is followed by what the tool said, which is what trainers
// demand.
class ChatWriter {
 public:
  explicit ChatWriter(const DatasetRow& row)
      : prompt_messages_(row.prompt.size()), messages_(row.prompt) {
    messages_.insert(messages_.end(), row.ideal.begin(), row.ideal.end());
    // The result of each call, and ids that are there and told apart within their message.
    const std::vector<std::optional<size_t>> answered = AnsweredCalls(messages_);
    size_t results = 0;
    for (const Message& message : messages_) {
      // Models say an id again later, which leaves no doubt.
      std::unordered_set<std::string> taken;
      for (const Part& part : message.parts) {
        if (const auto* call = std::get_if<ToolCall>(&part.kind)) {
          std::string id = call->tool_call_id;
          for (size_t i = ids_.size() + 1; id.empty() || taken.contains(id); ++i) {
            id = "call_" + std::to_string(i);
          }
          taken.insert(id);
          ids_.push_back(std::move(id));
        } else if (const auto* result = std::get_if<ToolResult>(&part.kind)) {
          const std::optional<size_t> of = answered[results++];
          if (of) results_[*of] = result;
        }
      }
    }
  }

  void Write(ChatLine& line) {
    for (size_t i = 0; i < messages_.size(); ++i) {
      const bool ideal = i >= prompt_messages_;
      Json& written = ideal ? line.ideal : line.prompt;
      if (messages_[i].role == Role::kAssistant) {
        if (!WriteAssistant(messages_[i], ideal, written)) break;
      } else if (messages_[i].role != Role::kTool) {
        Json content = ContentOf(messages_[i]);
        if (!IsEmpty(content)) {
          written.push_back({{"role", RoleName(messages_[i].role)}, {"content", content}});
        }
      }
    }
  }

  // The names of what was called.
  const std::set<std::string>& called() const { return called_; }

 private:
  // False where nothing may follow: the ideal goes on from results that nobody recorded, and to
  // show its answer would teach to answer before the tool has spoken.
  bool WriteAssistant(const Message& message, bool ideal, Json& messages) {
    Json written = {{"role", "assistant"}, {"content", ContentOf(message)}};
    Json calls = Json::array();
    Json results = Json::array();
    bool any_result = false;
    for (const Part& part : message.parts) {
      const auto* call = std::get_if<ToolCall>(&part.kind);
      if (call == nullptr) continue;
      const size_t number = next_call_++;
      called_.insert(call->name);
      calls.push_back(
          {{"id", ids_[number]},
           {"type", "function"},
           {"function",
            {{"name", call->name},
             {"arguments", call->arguments_json.empty() ? "{}" : call->arguments_json}}}});
      const auto result = results_.find(number);
      any_result |= result != results_.end();
      results.push_back({{"role", "tool"},
                         {"tool_call_id", ids_[number]},
                         {"content", result == results_.end() ? "" : result->second->content}});
    }
    if (calls.empty() && IsEmpty(written["content"])) return true;
    const bool has_calls = !calls.empty();
    if (has_calls) written["tool_calls"] = std::move(calls);
    messages.push_back(std::move(written));
    if (ideal && has_calls && !any_result) return false;
    for (Json& result : results) messages.push_back(std::move(result));
    return true;
  }

  const size_t prompt_messages_;
  Messages messages_;
  std::vector<std::string> ids_;  // By call.
  std::unordered_map<size_t, const ToolResult*> results_;
  size_t next_call_ = 0;
  std::set<std::string> called_;
};

Json ParametersOf(const std::string& schema) {
  if (IsJsonObject(schema)) return Json::parse(schema);
  return {{"type", "object"}, {"properties", Json::object()}};
}

// What the model could call, and whatever else it called.
Json ToolsOf(const DatasetRow& row, std::set<std::string> called) {
  Json tools = Json::array();
  const auto add = [&](const ToolDefinition& tool) {
    tools.push_back({{"type", "function"},
                     {"function",
                      {{"name", tool.name},
                       {"description", tool.description},
                       {"parameters", ParametersOf(tool.parameters_json_schema)}}}});
    called.erase(tool.name);
  };
  for (const ToolDefinition& tool : row.tools) add(tool);
  while (!called.empty()) add({*called.begin(), "", ""});
  return tools;
}

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

ChatLine MakeChatLine(const DatasetRow& row) {
  ChatLine line;
  ChatWriter writer(row);
  writer.Write(line);
  line.tools = ToolsOf(row, writer.called());
  line.metadata = {{"interaction_id", row.interaction_id},
                   {"tier", TierName(row.tier)},
                   {"weight", WeightOf(row.tier)},
                   {"source", SourceName(row.source)},
                   {"provenance", ProvenanceName(row.provenance)}};
  return line;
}

Json ContextsOf(const DatasetRow& row) {
  Json contexts = Json::array();
  for (const RetrievedContext& context : row.contexts) {
    std::optional<double> age_s;
    if (context.age) age_s = absl::ToDoubleSeconds(*context.age);
    contexts.push_back({{"document_id", context.document_id},
                        {"text", context.text},
                        {"score", OrNull(context.score)},
                        {"age_s", OrNull(age_s)}});
  }
  return contexts;
}

}  // namespace flywheel::curation
