#include "cli/command_words.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace flywheel::cli {
namespace {

constexpr std::string_view kMend = " Mend the request and send it again.";

struct Words {
  std::string_view call;
  std::string_view command;
};

// Of the calls that messages of the gate name.
constexpr std::array kWords = {
    Words{"ApproveBaseline", "'flywheel gate approve'"},
    Words{"CASE_FILTER_UNANSWERED", "'flywheel gate cases --only unanswered'"},
    Words{"CreateSuite", "'flywheel gate suite create'"},
    Words{"FinishRun", "'flywheel gate run'"},
    Words{"JudgeVersion", "'flywheel gate run'"},
    Words{"ListRuns", "'flywheel gate runs'"},
    Words{"ReadSuiteCases", "'flywheel gate suite show'"},
    Words{"RegisterVersion", "'flywheel versions register'"},
    Words{"SetReleasePolicy", "'flywheel gate set-policy'"},
    Words{"StartRun", "'flywheel gate run'"},
    Words{"SubmitOutputs", "'flywheel gate submit'"},
    Words{"VerifyReleaseLog", "'flywheel gate verify-log'"},
};

struct Flag {
  std::string_view field;
  std::string_view flag;
};

// Of fields by their whole path, without the places in lists.
constexpr std::array kFlags = {
    Flag{"approval.agent", "AGENT"},
    Flag{"approval.approval_id", "--approval-id"},
    Flag{"approval.model_version", "VERSION"},
    Flag{"approval.reason", "--reason"},
    Flag{"experiment_id", "EXPERIMENT"},
    Flag{"header.agent", "--agent"},
    Flag{"header.labels", "--label"},
    Flag{"header.suite_id", "--id"},
    Flag{"header.suite_name", "--name"},
    Flag{"policy.agent", "AGENT"},
    Flag{"policy.baseline_model_version", "--baseline"},
    Flag{"policy.judges", "--judge"},
    Flag{"policy.reason", "--reason"},
    Flag{"policy.reference_model_version", "--reference"},
    Flag{"policy.suites", "--suite"},
    Flag{"policy.suites.most_infrastructure_errors", "--most-infrastructure-errors"},
    Flag{"policy.suites.suite_name", "--suite"},
    Flag{"waiver.agent", "AGENT"},
    Flag{"waiver.expire_time", "--days"},
    Flag{"waiver.model_version", "VERSION"},
    Flag{"waiver.owner", "--owner"},
    Flag{"waiver.reason", "--reason"},
    Flag{"waiver.suite_names", "--suite"},
};

// Of a bar, wherever it stands.
constexpr std::array kBarFlags = {
    Flag{"alpha", "--alpha"},
    Flag{"cohort_labels", "--cohort-label"},
    Flag{"cohort_margin", "--cohort-margin"},
    Flag{"least_attempts", "--least-attempts"},
    Flag{"least_cases", "--least-cases"},
    Flag{"non_inferiority_margin", "--margin"},
    Flag{"pass_rate_floor", "--floor"},
    Flag{"point_floor", "--point-floor"},
    Flag{"repeat_rule", "--repeat-rule"},
};

// Messages that a request has for itself, which no user has seen.
constexpr std::array<std::string_view, 4> kHeads = {"approval.", "header.", "policy.", "waiver."};

template <size_t kCount>
std::string_view FlagOf(const std::array<Flag, kCount>& flags, std::string_view field) {
  for (const Flag& one : flags) {
    if (one.field == field) return one.flag;
  }
  return {};
}

// "policy.suites.bar" for "policy.suites[0].bar".
std::string WithoutPlaces(std::string_view field) {
  std::string path;
  bool inside = false;
  for (const char c : field) {
    inside = inside ? c != ']' : c == '[';
    if (!inside && c != ']') path += c;
  }
  return path;
}

bool IsOfAWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Whole words alone: a case or a version may be called like a call.
bool StandsAlone(const std::string& text, size_t begin, size_t size) {
  const size_t end = begin + size;
  const auto sets_apart = [](char c) { return !IsOfAWord(c) && c != '\'' && c != '-'; };
  return (begin == 0 || sets_apart(text[begin - 1])) &&
         (end == text.size() || sets_apart(text[end]));
}

}  // namespace

std::string FieldInCommandWords(std::string_view field) {
  const std::string path = WithoutPlaces(field);
  std::string_view flag = FlagOf(kFlags, path);
  const size_t bar = path.find("bar.");
  const bool in_bar = bar == 0 || (bar != std::string::npos && path[bar - 1] == '.');
  if (flag.empty() && in_bar) flag = FlagOf(kBarFlags, std::string_view(path).substr(bar + 4));
  if (!flag.empty()) return std::string(flag);
  for (const std::string_view head : kHeads) {
    if (field.starts_with(head)) field.remove_prefix(head.size());
  }
  return std::string(field);
}

std::string InCommandWords(std::string message) {
  for (const Words& words : kWords) {
    for (size_t at = 0; (at = message.find(words.call, at)) != std::string::npos;) {
      const bool alone = StandsAlone(message, at, words.call.size());
      if (alone) message.replace(at, words.call.size(), words.command);
      at += alone ? words.command.size() : words.call.size();
    }
  }
  if (message.ends_with(kMend)) message.resize(message.size() - kMend.size());
  return message;
}

}  // namespace flywheel::cli
