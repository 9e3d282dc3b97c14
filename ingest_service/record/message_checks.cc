#include "ingest_service/record/message_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "ingest_service/domain/record_limits.h"
#include "shared/text/printable.h"

namespace flywheel::ingest {
namespace {

using common::v1::Media;
using common::v1::Message;
using common::v1::Part;

constexpr size_t kDigestBytes = 32;

bool IsShortName(const std::string& name) {
  return name.size() <= kMaxRecordNameBytes && !HasControls(name);
}

// A URI may be read as if what stands before its scheme were not there.
bool HoldsBytes(std::string_view uri) {
  while (!uri.empty() && !absl::ascii_isalpha(static_cast<unsigned char>(uri.front()))) {
    uri.remove_prefix(1);
  }
  return absl::StartsWithIgnoreCase({uri.data(), uri.size()}, "data:");
}

// RFC 6838: letters, digits and some signs; what stands behind, such as "; codecs=", is no part.
bool IsMimeType(std::string_view type) {
  const auto is_name = [](std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return absl::ascii_isalnum(c) ||
             std::string_view("!#$&^_.+-").find(static_cast<char>(c)) != std::string_view::npos;
    });
  };
  if (type.empty()) return true;
  const size_t slash = std::min(type.find('/'), type.size());
  return type.size() <= kMaxRecordNameBytes && slash < type.size() &&
         is_name(type.substr(0, slash)) && is_name(type.substr(slash + 1));
}

void CheckMedia(const Media& media, const std::string& path, rpc::FieldChecks& checks) {
  checks.OptionalName(path + ".uri", media.uri().substr(0, kMaxUriBytes + 1), kMaxUriBytes);
  checks.Require(!HoldsBytes(media.uri()), path + ".uri", "the bytes themselves (data:)",
                 "where they are, or their sha256");
  checks.Require(media.sha256().empty() || media.sha256().size() == kDigestBytes, path + ".sha256",
                 fmt::format("{} bytes", media.sha256().size()), "32 bytes, or none");
  checks.Require(IsMimeType(media.mime_type()), path + ".mime_type", "something else",
                 "TYPE/SUBTYPE, such as image/png, of at most 128 bytes");
  checks.AtLeast(path + ".size_bytes", media.size_bytes(), 0);
}

// Who may say what.
bool MaySay(common::v1::Role role, Part::KindCase kind) {
  switch (kind) {
    case Part::kReasoning:
    case Part::kToolCall:
      return role == common::v1::ROLE_ASSISTANT;
    case Part::kToolResult:
      return role == common::v1::ROLE_TOOL;
    case Part::KIND_NOT_SET:
      return false;
    default:
      return true;
  }
}

bool IsGood(const Message& message, const Part& part) {
  if (!MaySay(message.role(), part.kind_case())) return false;
  switch (part.kind_case()) {
    case Part::kToolCall:
      return IsToolName(part.tool_call().name()) && IsShortName(part.tool_call().tool_call_id());
    case Part::kToolResult:
      return IsShortName(part.tool_result().tool_call_id());
    case Part::kMedia:
      return false;  // Rare: looked at in full.
    default:
      return true;
  }
}

void CheckPart(const Message& message, const Part& part, const std::string& path,
               rpc::FieldChecks& checks) {
  checks.Require(part.kind_case() != Part::KIND_NOT_SET, path,
                 "no kind, or one of a newer contract",
                 "text, reasoning, tool_call, tool_result or media");
  if (part.kind_case() != Part::KIND_NOT_SET) {
    checks.Require(MaySay(message.role(), part.kind_case()), path,
                   fmt::format("a part that {} does not say", Role_Name(message.role())),
                   "tool_call and reasoning of ROLE_ASSISTANT, tool_result of ROLE_TOOL");
  }
  if (part.has_tool_call()) {
    checks.Name(path + ".tool_call.name", part.tool_call().name(), kMaxToolNameBytes);
    checks.OptionalName(path + ".tool_call.tool_call_id", part.tool_call().tool_call_id(),
                        kMaxRecordNameBytes);
  }
  if (part.has_tool_result()) {
    checks.OptionalName(path + ".tool_result.tool_call_id", part.tool_result().tool_call_id(),
                        kMaxRecordNameBytes);
  }
  if (part.has_media()) CheckMedia(part.media(), path + ".media", checks);
}

// The number, where the contract has no name for it.
std::string RoleText(common::v1::Role role) {
  return common::v1::Role_IsValid(role) ? common::v1::Role_Name(role) : std::to_string(role);
}

void CheckMessage(const Message& message, const char* list, int index, rpc::FieldChecks& checks) {
  const auto path = [&] { return fmt::format("{}[{}]", list, index); };
  const bool known = common::v1::Role_IsValid(message.role());
  if (!known || message.role() == common::v1::ROLE_UNSPECIFIED) {
    checks.Require(false, path() + ".role", RoleText(message.role()),
                   "ROLE_SYSTEM, ROLE_USER, ROLE_ASSISTANT, ROLE_TOOL or ROLE_DEVELOPER");
    return;
  }
  if (message.parts().empty()) checks.Require(false, path() + ".parts", "none", "at least one");
  if (!IsShortName(message.name()) || !IsShortName(message.message_id())) {
    checks.OptionalName(path() + ".name", message.name(), kMaxRecordNameBytes);
    checks.OptionalName(path() + ".message_id", message.message_id(), kMaxRecordNameBytes);
  }
  for (int i = 0; i < message.parts_size(); ++i) {
    // Names of fields are only made for what is wrong: there may be many parts.
    if (IsGood(message, message.parts(i))) continue;
    CheckPart(message, message.parts(i), fmt::format("{}.parts[{}]", path(), i), checks);
  }
}

using Messages = google::protobuf::RepeatedPtrField<Message>;

int PartsIn(const Messages& messages) {
  int parts = 0;
  for (const Message& message : messages) parts += message.parts_size();
  return parts;
}

// False where there are too many to look at each.
bool CheckCounts(const char* field, const char* what, int messages, int parts,
                 rpc::FieldChecks& checks) {
  const auto check = [&](int count, int most, const char* unit) {
    if (count <= most) return true;
    checks.Require(false, field, fmt::format("{}{}{}", count, unit, what),
                   fmt::format("at most {}", most));
    return false;
  };
  return check(messages, kMaxRecordMessages, "") && check(parts, kMaxRecordParts, " parts");
}

void CheckList(const Messages& messages, const char* list, rpc::FieldChecks& checks) {
  for (int i = 0; i < messages.size(); ++i) CheckMessage(messages[i], list, i, checks);
}

}  // namespace

bool IsToolName(const std::string& name) {
  return !name.empty() && name.size() <= kMaxToolNameBytes && !HasControls(name);
}

void CheckMessages(const v1::Interaction& interaction, rpc::FieldChecks& checks) {
  const int count = interaction.history_size() + interaction.messages_size();
  const int parts = PartsIn(interaction.history()) + PartsIn(interaction.messages());
  if (!CheckCounts("messages", " with the history", count, parts, checks)) return;
  CheckList(interaction.history(), "history", checks);
  CheckList(interaction.messages(), "messages", checks);
}

void CheckMessages(const v1::Correction& correction, rpc::FieldChecks& checks) {
  constexpr char kList[] = "correction.ideal_messages";
  const auto& messages = correction.ideal_messages();
  if (messages.empty()) return;
  if (!CheckCounts(kList, "", messages.size(), PartsIn(messages), checks)) return;
  CheckList(messages, kList, checks);
  for (int i = 0; i < messages.size(); ++i) {
    const common::v1::Role role = messages[i].role();
    if (role == common::v1::ROLE_ASSISTANT || role == common::v1::ROLE_TOOL) continue;
    checks.Require(false, fmt::format("{}[{}].role", kList, i), RoleText(role),
                   "ROLE_ASSISTANT or ROLE_TOOL: what the agent should have done");
  }
  const common::v1::Role last = messages.rbegin()->role();
  checks.Require(last == common::v1::ROLE_ASSISTANT, kList,
                 fmt::format("a last message of {}", RoleText(last)),
                 "one of ROLE_ASSISTANT: the answer, or the call alone");
}

}  // namespace flywheel::ingest
