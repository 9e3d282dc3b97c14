#include "cli/conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "cli/conversation_entry.h"
#include "cli/json_view.h"
#include "cli/traced_run.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

// What some editors begin a file of UTF-8 with. The JSON parser skips it.
constexpr char kByteOrderMark[] = "\xef\xbb\xbf";

// A value of a file, and its place.
struct Entry {
  nlohmann::json value;
  std::string where;
};

// Reads the entries of one file, and keeps what is wrong with them where that is wanted.
class FileReader {
 public:
  FileReader(const std::string& text, const std::string& name, FileFaults* faults)
      : text_(text), name_(name), faults_(faults) {}

  // Where faults are kept: OK, and the fault is told. Else the fault.
  absl::Status Keep(const absl::Status& fault) {
    if (faults_ == nullptr) return fault;
    ++faults_->count;
    if (faults_->first.size() < FileFaults::kMaxFirst) faults_->first.push_back(fault);
    return absl::OkStatus();
  }

  // The lines of a file, each a value.
  absl::StatusOr<std::vector<Entry>> Lines() {
    std::vector<Entry> entries;
    int64_t line_number = 0;
    for (size_t begin = 0; begin < text_.size();) {
      const size_t end = std::min(text_.find('\n', begin), text_.size());
      const std::string_view line = std::string_view(text_).substr(begin, end - begin);
      begin = end + 1;
      ++line_number;
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      auto value = ParseJson(line, name_, line_number);
      if (!value.ok()) {
        RETURN_IF_ERROR(Keep(value.status()));
        continue;
      }
      entries.push_back({*std::move(value), fmt::format("{}, line {}: ", name_, line_number)});
    }
    return entries;
  }

  // The items of an array.
  absl::StatusOr<std::vector<Entry>> Items() {
    ASSIGN_OR_RETURN(nlohmann::json root, ParseJson(text_, name_));
    return ItemsOf(std::move(root), name_ + ": ");
  }

  // Of a file that is one object: the items of its `list`, or itself. Nothing where the file is
  // something else.
  std::optional<absl::StatusOr<std::vector<Entry>>> Page(const char* list) {
    auto root = ParseJson(text_, name_);
    if (!root.ok() || !root->is_object()) return std::nullopt;
    const auto found = root->find(list);
    if (found != root->end() && found->is_array()) {
      return ItemsOf(std::move(*found), fmt::format("{}: .{}", name_, list));
    }
    std::vector<Entry> entries;
    entries.push_back({*std::move(root), name_ + ": "});
    return entries;
  }

 private:
  static absl::StatusOr<std::vector<Entry>> ItemsOf(nlohmann::json root, const std::string& where) {
    if (!root.is_array()) return JsonView(root, where).Wrong("an array");
    std::vector<Entry> entries;
    entries.reserve(root.size());
    for (nlohmann::json& item : root) {
      std::string place = fmt::format("{}[{}]", where, entries.size());
      entries.push_back({std::move(item), std::move(place)});
    }
    return entries;
  }

  const std::string& text_;
  const std::string& name_;
  FileFaults* const faults_;
};

absl::StatusOr<Conversation> ReadEntry(const JsonView& entry, ConversationFormat format,
                                       const ConversationLabels& labels) {
  switch (format) {
    case ConversationFormat::kTauBench:
      return ReadTauBenchRun(entry, labels);
    case ConversationFormat::kOpenAiChat:
      return ReadOpenAiChat(entry, labels);
    case ConversationFormat::kShareGpt:
      return ReadShareGpt(entry, labels);
    case ConversationFormat::kLangSmith:
      return ReadLangSmithRun(entry, labels);
    case ConversationFormat::kLangfuse:
      return ReadLangfuseTrace(entry, labels);
  }
  return entry.Wrong("a known format");
}

// What a program that answers with a page calls its list.
const char* ListOf(ConversationFormat format) {
  if (format == ConversationFormat::kLangSmith) return "runs";
  return format == ConversationFormat::kLangfuse ? "data" : nullptr;
}

}  // namespace

absl::StatusOr<std::vector<Conversation>> ReadConversations(const std::string& text,
                                                            const std::string& name,
                                                            ConversationFormat format,
                                                            const ConversationLabels& labels,
                                                            FileFaults* faults) {
  const size_t begin = text.rfind(kByteOrderMark, 0) == 0 ? std::strlen(kByteOrderMark) : 0;
  const size_t first = text.find_first_not_of(" \t\r\n", begin);
  if (first == std::string::npos) return WrongInFile(name, "an empty file", "a conversation");
  FileReader file(text, name, faults);
  std::optional<absl::StatusOr<std::vector<Entry>>> read;
  if (text[first] == '[' || format == ConversationFormat::kTauBench) {
    read = file.Items();
  } else if (const char* list = ListOf(format); list != nullptr) {
    read = file.Page(list);
  }
  if (!read) read = file.Lines();
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, *std::move(read));

  std::vector<JsonView> views;
  views.reserve(entries.size());
  for (const Entry& entry : entries) views.emplace_back(entry.value, entry.where);
  const std::vector<bool> parts = PartsOfOthers(views);
  std::vector<Conversation> conversations;
  for (size_t i = 0; i < views.size(); ++i) {
    if (parts[i]) continue;
    auto conversation = ReadEntry(views[i], format, labels);
    if (conversation.ok()) {
      conversations.push_back(*std::move(conversation));
    } else {
      RETURN_IF_ERROR(file.Keep(conversation.status()));
    }
  }
  if (!conversations.empty()) return conversations;
  if (faults != nullptr && !faults->first.empty()) return faults->first.front();
  return WrongInFile(name, "no conversation", "at least one");
}

}  // namespace flywheel::cli
