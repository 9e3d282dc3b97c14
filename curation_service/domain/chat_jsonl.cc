#include "curation_service/domain/chat_jsonl.h"

#include <nlohmann/json.hpp>

namespace flywheel::curation {
namespace {

// Keeps the order in which keys are written, which people expect to read.
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

Json AssistantMessage(const DatasetRow& row) {
  Json message = {{"role", "assistant"}, {"content", row.ideal_output}};
  if (row.expected_tool_calls.empty()) return message;
  Json calls = Json::array();
  for (const ToolCall& call : row.expected_tool_calls) {
    calls.push_back({{"id", "call_" + std::to_string(calls.size() + 1)},
                     {"type", "function"},
                     {"function",
                      {{"name", call.name},
                       {"arguments", call.arguments_json.empty() ? "{}" : call.arguments_json}}}});
  }
  message["tool_calls"] = std::move(calls);
  return message;
}

}  // namespace

std::string ChatJsonLine(const DatasetRow& row) {
  Json line;
  line["messages"] =
      Json::array({{{"role", "user"}, {"content", row.input}}, AssistantMessage(row)});
  line["metadata"] = {{"interaction_id", row.interaction_id},
                      {"tier", TierName(row.tier)},
                      {"weight", WeightOf(row.tier)},
                      {"source", SourceName(row.source)}};
  return line.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + '\n';
}

}  // namespace flywheel::curation
