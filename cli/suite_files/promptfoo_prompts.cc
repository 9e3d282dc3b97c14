#include "cli/suite_files/promptfoo_prompts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/json_view.h"
#include "cli/suite_files/case_fields.h"
#include "cli/suite_files/prompt_template.h"
#include "cli/suite_files/trimmed.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;

constexpr size_t kShownBytes = 60;

// Whether these are messages.
bool IsChat(const json& content) {
  return content.is_array() && !content.empty() &&
         std::all_of(content.begin(), content.end(), [](const json& message) {
           return message.is_object() && message.contains("role");
         });
}

// A text that is JSON or YAML of messages, as those.
json ContentOf(const std::string& text) {
  json parsed = json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (IsChat(parsed)) return parsed;
  if (Trimmed(text).substr(0, 7) == "- role:") {
    absl::StatusOr<YamlDocument> document = ReadYaml(text, "");
    if (document.ok() && IsChat(document->value)) return std::move(document->value);
  }
  return text;
}

class PromptReader {
 public:
  explicit PromptReader(const NearbyFiles& files) : files_(files) {}

  absl::Status Read(const json& prompt) {
    if (prompt.is_array()) {
      for (const json& one : prompt) RETURN_IF_ERROR(Read(one));
      return absl::OkStatus();
    }
    if (prompt.is_string()) return ReadText(prompt.get<std::string>(), "");
    if (!prompt.is_object()) return WrongInFile("prompts", prompt.dump(), "texts");
    const std::string label = prompt.value("label", json()).is_string()
                                  ? prompt["label"].get<std::string>()
                                  : std::string();
    for (const char* name : {"raw", "id"}) {
      const auto member = prompt.find(name);
      if (member == prompt.end() || !member->is_string()) continue;
      const std::string text = member->get<std::string>();
      if (name == std::string_view("raw")) {
        Add(label, text);
        return absl::OkStatus();
      }
      return ReadText(text, label);
    }
    // {"prompts.txt": "label"}, as older configurations have it.
    for (const auto& [path, named] : prompt.items()) {
      RETURN_IF_ERROR(ReadText(path, named.is_string() ? named.get<std::string>() : ""));
    }
    return absl::OkStatus();
  }

  PromptfooPrompts& result() { return result_; }

 private:
  void Add(const std::string& label, const std::string& text) {
    if (Trimmed(text).empty()) return;
    const std::string shown(Trimmed(text).substr(0, kShownBytes));
    result_.prompts.push_back({label.empty() ? shown : label, ContentOf(text)});
  }

  absl::Status ReadText(const std::string& text, const std::string& label) {
    const std::string bare(Trimmed(text));
    if (NearbyFiles::IsProgram(bare) || bare.rfind("exec:", 0) == 0) {
      result_.programs.push_back(bare);
      return absl::OkStatus();
    }
    const bool named = bare.find_first_of("\n{ ") == std::string::npos &&
                       std::any_of(std::begin(kEndings), std::end(kEndings),
                                   [&](const char* e) { return NearbyFiles::EndsIn(bare, e); });
    if (!named && !NearbyFiles::IsReference(bare)) {
      Add(label, text);
      return absl::OkStatus();
    }
    for (const std::string& path : files_.Matches(bare)) RETURN_IF_ERROR(ReadPath(path, label));
    return absl::OkStatus();
  }

  absl::Status ReadPath(const std::string& path, const std::string& label) {
    if (NearbyFiles::IsProgram(path)) {
      result_.programs.push_back(path);
      return absl::OkStatus();
    }
    if (NearbyFiles::EndsIn(path, ".yaml") || NearbyFiles::EndsIn(path, ".yml")) {
      ASSIGN_OR_RETURN(const YamlDocument document, NearbyFiles::Document(path));
      const std::string shown = label.empty() ? path : label;
      if (!IsChat(document.value)) return Read(document.value);
      result_.prompts.push_back({shown, document.value});
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::string text, NearbyFiles::Text(path));
    if (!NearbyFiles::EndsIn(path, ".txt")) {
      Add(label.empty() ? path : label, text);
      return absl::OkStatus();
    }
    // Several stand in one file, lines of three dashes between.
    std::string current;
    std::string_view rest = text;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      if (Trimmed(line) == "---") {
        Add(label, current);
        current.clear();
      } else {
        current += line;
        current += '\n';
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    Add(label, std::string(Trimmed(current)));
    return absl::OkStatus();
  }

  static constexpr const char* kEndings[] = {".txt", ".json", ".jsonl", ".yaml",
                                             ".yml", ".md",   ".j2"};

  const NearbyFiles& files_;
  PromptfooPrompts result_;
};

// Messages after the variables are in: a message may itself be a variable.
absl::Status AskMessages(const json& messages, evalgate::v1::UploadedCase& one) {
  return ReadQuestion(JsonView(messages, "prompt"), one);
}

}  // namespace

absl::StatusOr<PromptfooPrompts> ReadPromptfooPrompts(const json& prompts,
                                                      const NearbyFiles& files) {
  PromptReader reader(files);
  if (!prompts.is_null()) RETURN_IF_ERROR(reader.Read(prompts));
  return std::move(reader.result());
}

absl::Status AskPrompt(const PromptfooPrompt* prompt, const json& variables,
                       evalgate::v1::UploadedCase& one) {
  if (prompt == nullptr) {
    const bool lone = variables.size() == 1 && variables.begin()->is_string();
    const std::string text = lone ? variables.begin()->get<std::string>() : variables.dump();
    if (variables.empty() || text.empty()) {
      return absl::InvalidArgumentError("it asks nothing: it has no variables");
    }
    one.set_input(text);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const json content, RenderTexts(prompt->content, variables));
  if (!content.is_string()) return AskMessages(content, one);
  // A template of JSON that is none before its variables are in.
  const std::string text = content.get<std::string>();
  const json parsed = ContentOf(text);
  if (!parsed.is_string()) return AskMessages(parsed, one);
  if (Trimmed(text).empty()) return absl::InvalidArgumentError("it asks nothing");
  one.set_input(std::string(Trimmed(text)));
  return absl::OkStatus();
}

}  // namespace flywheel::cli
