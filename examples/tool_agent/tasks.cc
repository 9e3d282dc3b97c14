#include "examples/tool_agent/tasks.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "examples/support_agent/random.h"
#include "examples/tool_agent/conversation.h"
#include "shared/status/errors.h"

namespace flywheel::example {
namespace {

// What does a customer's first request, by its intent.
struct Service {
  const char* intent;
  const char* tool;
  // The tool's argument: a key of the profile, or for search_help the topic.
  const char* argument;
  const char* topic;
  const char* team;
};

constexpr Service kServices[] = {
    {"card_lost", "freeze_card", "card", "lost-cards", "cards"},
    {"card_not_arrived", "track_card", "card", "card-delivery", "cards"},
    {"limit_increase", "raise_limit", "card", "limits", "cards"},
    {"pin_forgotten", "send_pin", "card", "pins", "cards"},
    {"transfer_pending", "find_transfer", "account", "transfers", "payments"},
    {"deposit_failed", "find_deposit", "account", "deposits", "payments"},
    {"refund_missing", "find_refund", "account", "refunds", "payments"},
    {"direct_debit_unknown", "list_direct_debits", "account", "direct-debits", "payments"},
    {"statement_copy", "send_statement", "account", "statements", "accounts"},
    {"close_account", "close_account", "account", "closing", "accounts"},
    {"change_address", "update_address", "customer", "addresses", "accounts"},
    {"app_login_problem", "reset_login", "customer", "the-app", "accounts"},
    {"fee_question", "search_help", "topic", "fees", "accounts"},
    {"identity_check", "search_help", "topic", "identity-check", "accounts"},
    {"currency_rate", "search_help", "topic", "exchange-rates", "payments"},
};

constexpr double kAsksOn = 0.6;
constexpr const char* kOpenings[] = {"ok, ",   "thanks. ", "and ",   "I see, ",
                                     "fine, ", "",         "right, "};
// The last ones are the test's.
constexpr size_t kTestPhrases = 4;
constexpr const char* kHowLong[] = {"how long does that take?",
                                    "when will it be done?",
                                    "how many days is that?",
                                    "do I have to wait long?",
                                    "by when can I count on it?",
                                    "what are the rules for that?",
                                    "where can I read about it?",
                                    "when is it over?",
                                    "is there a help page on that?",
                                    "how many days will it take?",
                                    "when can I count on it being done?",
                                    "how long do I have to wait?"};
constexpr const char* kPeople[] = {"can I talk to somebody?",
                                   "I want to speak to a person",
                                   "please let a human call me",
                                   "could one of your people ring me?",
                                   "is there somebody I can talk to?",
                                   "put me through to your team",
                                   "I would like a call from a real person",
                                   "get me a human please",
                                   "let me talk to a person",
                                   "can somebody of the team call me?",
                                   "please put me through to a human",
                                   "I want somebody to ring me"};

common::v1::ToolCall CallOf(const char* tool, const char* argument, const std::string& value) {
  common::v1::ToolCall call;
  call.set_name(tool);
  call.set_arguments_json(nlohmann::json{{argument, value}}.dump());
  return call;
}

template <size_t kSize>
std::string Pick(const char* const (&phrases)[kSize], Wording wording, Random& random) {
  const size_t begin = wording == Wording::kTest ? kSize - kTestPhrases : 0;
  const size_t end = wording == Wording::kTest ? kSize : kSize - kTestPhrases;
  return kOpenings[random.Below(std::size(kOpenings))] +
         std::string(phrases[begin + random.Below(end - begin)]);
}

}  // namespace

absl::StatusOr<std::vector<Task>> TasksOf(const Query& query, int64_t number, Wording wording) {
  const auto* const service =
      std::find_if(std::begin(kServices), std::end(kServices),
                   [&](const Service& each) { return query.intent == each.intent; });
  if (service == std::end(kServices)) {
    return errors::InvalidConfiguration(
        "--data", fmt::format("the category '{}'", query.intent),
        "the categories of the sample: the bank has a tool for each");
  }
  const std::string argument = service->argument;
  const Profile profile = ProfileOf(query.customer);
  std::vector<Task> tasks = {
      {query.text, CallOf(service->tool, service->argument,
                          argument == "topic" ? service->topic : profile.at(argument))}};
  Random random(static_cast<uint64_t>(number) * 2'654'435'761U + 17);
  if (!random.Chance(kAsksOn)) return tasks;
  if (random.Chance(0.5)) {
    tasks.push_back(
        {Pick(kHowLong, wording, random), CallOf("search_help", "topic", service->topic)});
  } else {
    tasks.push_back({Pick(kPeople, wording, random), CallOf("hand_over", "team", service->team)});
  }
  return tasks;
}

}  // namespace flywheel::example
