#include "cli/suite_files/promptfoo_types.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

namespace flywheel::cli {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 21> kModelTypes = {"llm-rubric",
                                                          "model-graded-closedqa",
                                                          "model-graded-factuality",
                                                          "factuality",
                                                          "g-eval",
                                                          "answer-relevance",
                                                          "context-faithfulness",
                                                          "context-recall",
                                                          "context-relevance",
                                                          "conversation-relevance",
                                                          "similar",
                                                          "classifier",
                                                          "moderation",
                                                          "select-best",
                                                          "pi",
                                                          "search-rubric",
                                                          "max-score",
                                                          "agent-rubric",
                                                          "video-rubric",
                                                          "guardrails",
                                                          "perplexity"};
constexpr std::array<std::string_view, 4> kProgramTypes = {"javascript", "python", "ruby",
                                                           "webhook"};

template <size_t kCount>
bool IsAmong(const std::array<std::string_view, kCount>& types, std::string_view type) {
  if (type.substr(0, 4) == "not-") type.remove_prefix(4);
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

const char* WhyNoEvaluator(std::string_view type) {
  if (IsAmong(kModelTypes, type)) {
    return "a model judges it, and the gate's evaluators are deterministic";
  }
  if (IsAmong(kProgramTypes, type)) return "a program judges it, which the gate does not run";
  return "no evaluator does this";
}

json AssertionOfText(std::string_view text) {
  const size_t colon = std::min(text.find(':'), text.size());
  std::string_view head = text.substr(0, colon);
  json assertion = json::object();
  const size_t bracket = head.find('(');
  if (bracket != std::string_view::npos && head.back() == ')') {
    const std::string number(head.substr(bracket + 1, head.size() - bracket - 2));
    char* end = nullptr;
    const double threshold = std::strtod(number.c_str(), &end);
    if (!number.empty() && *end == '\0') assertion["threshold"] = threshold;
    head = head.substr(0, bracket);
  }
  constexpr std::array<std::string_view, 30> kOthers = {"equals",
                                                        "regex",
                                                        "starts-with",
                                                        "is-json",
                                                        "contains-json",
                                                        "levenshtein",
                                                        "latency",
                                                        "cost",
                                                        "word-count",
                                                        "is-refusal",
                                                        "contains",
                                                        "icontains",
                                                        "contains-all",
                                                        "contains-any",
                                                        "icontains-all",
                                                        "icontains-any",
                                                        "is-sql",
                                                        "contains-sql",
                                                        "is-xml",
                                                        "contains-xml",
                                                        "is-html",
                                                        "contains-html",
                                                        "rouge-n",
                                                        "bleu",
                                                        "gleu",
                                                        "meteor",
                                                        "finish-reason",
                                                        "is-valid-openai-tools-call",
                                                        "is-valid-openai-function-call",
                                                        "tool-call-f1"};
  const bool known =
      IsAmong(kOthers, head) || IsAmong(kModelTypes, head) || IsAmong(kProgramTypes, head);
  std::string type(head);
  if (head == "grade") type = "llm-rubric";
  if (head == "fn" || head == "eval") type = "javascript";
  if (!known && type == head) return {{"type", "equals"}, {"value", std::string(text)}};
  assertion["type"] = type;
  std::string_view value = text.substr(std::min(colon + 1, text.size()));
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  if (!value.empty()) assertion["value"] = std::string(value);
  return assertion;
}

}  // namespace flywheel::cli
