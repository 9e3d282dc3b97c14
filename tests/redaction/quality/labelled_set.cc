#include "tests/redaction/quality/labelled_set.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/status/status.h"
#include "shared/status/status_macros.h"

namespace flywheel::redaction {
namespace {

using nlohmann::json;

std::optional<DataType> TypeOf(const json& name) {
  for (size_t i = 0; i < kDataTypes; ++i) {
    const auto type = static_cast<DataType>(i);
    if (name.is_string() && name.get_ref<const std::string&>() == DataTypeName(type)) return type;
  }
  return std::nullopt;
}

std::optional<Role> RoleOf(const std::string& name) {
  if (name == "user") return Role::kUser;
  if (name == "agent") return Role::kAgent;
  if (name == "call") return Role::kToolCall;
  if (name == "result") return Role::kToolResult;
  return std::nullopt;
}

bool ReadDocument(const json& line, Document& document) {
  document.register_name = line.value("register", "");
  document.language = line.value("language", "");
  document.text = line.value("text", "");
  size_t end = 0;
  for (const json& span : line.at("spans")) {
    const auto type = TypeOf(span.at(2));
    const TypedSpan read = {span.at(0).get<size_t>(), span.at(1).get<size_t>(),
                            type.value_or(DataType::kCustom)};
    if (!type || read.begin < end || read.end <= read.begin) return false;
    end = read.end;
    document.spans.push_back(read);
  }
  return !document.text.empty() && end <= document.text.size();
}

bool ReadConversation(const json& line, Conversation& conversation) {
  conversation.kind = line.value("kind", "");
  conversation.language = line.value("language", "en");
  for (const json& turn : line.at("turns")) {
    const auto role = RoleOf(turn.at(0).get<std::string>());
    if (!role) return false;
    conversation.turns.push_back({*role, turn.at(1).get<std::string>()});
  }
  for (const json& gone : line.at("gone")) {
    const auto type = TypeOf(gone.at(1));
    if (!type) return false;
    conversation.gone.push_back({gone.at(0).get<std::string>(), *type});
  }
  conversation.kept = line.at("kept").get<std::vector<std::string>>();
  return !conversation.turns.empty();
}

template <typename Record>
absl::StatusOr<std::vector<Record>> ReadLines(const std::string& path,
                                              bool (*read)(const json&, Record&)) {
  std::ifstream file(path);
  std::vector<Record> records;
  for (std::string line; std::getline(file, line);) {
    // Bytes that are no JSON make the library throw, and so does a field that is not there.
    try {
      if (read(json::parse(line), records.emplace_back())) continue;
    } catch (const json::exception&) {
    }
    return absl::InvalidArgumentError(fmt::format("{}: cannot read {}", path, line));
  }
  if (records.empty()) return absl::InvalidArgumentError(path + ": nothing to read");
  return records;
}

}  // namespace

absl::StatusOr<LabelledSet> ReadLabelledSet(const std::string& source_dir, Half half) {
  const std::string directory = source_dir + "/tests/redaction/labelled/";
  const bool is_tune = half == Half::kTune;
  LabelledSet set;
  ASSIGN_OR_RETURN(set.documents,
                   ReadLines(directory + (is_tune ? "tune.jsonl" : "test.jsonl"), ReadDocument));
  ASSIGN_OR_RETURN(set.conversations, ReadLines(directory + (is_tune ? "tune_conversations.jsonl"
                                                                     : "test_conversations.jsonl"),
                                                ReadConversation));
  return set;
}

}  // namespace flywheel::redaction
