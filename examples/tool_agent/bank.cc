#include "examples/tool_agent/bank.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace flywheel::example {
namespace {

struct Tool {
  const char* name;
  const char* description;
  // Its only argument, a string.
  const char* argument;
  // Of the argument's value; search_help answers with the page.
  const char* answer;
};

constexpr char kSearchHelp[] = "search_help";

constexpr Tool kTools[] = {
    {"freeze_card", "Stops a card at once.", "card", "I have stopped {}. A new one is on its way."},
    {"track_card", "Where a new card is.", "card", "{} left us on Monday and is in the post."},
    {"raise_limit", "Raises what a card may spend.", "card", "{} may spend more from today."},
    {"send_pin", "Sends the PIN of a card by letter.", "card", "The PIN of {} comes by letter."},
    {"find_transfer", "The newest transfer of an account.", "account",
     "The newest transfer of {} arrives by tomorrow."},
    {"find_deposit", "The newest deposit into an account.", "account",
     "The newest deposit into {} was refused by the sender's bank."},
    {"find_refund", "The newest refund to an account.", "account",
     "The shop has not sent a refund to {} yet."},
    {"list_direct_debits", "Who may take money from an account.", "account",
     "Two companies may take money from {}; I have sent you the list."},
    {"send_statement", "Sends the statements of an account.", "account",
     "The statements of {} are in your inbox."},
    {"close_account", "Closes an account.", "account", "{} will be closed on Friday."},
    {"update_address", "Opens the form for a new address.", "customer",
     "I have opened the form for a new address for {}."},
    {"reset_login", "Sends a new way into the app.", "customer",
     "A link for a new login is on its way to {}."},
    {"hand_over", "Passes the conversation to people.", "team", "Our {} team will call you."},
    {kSearchHelp, "Finds the help page about a topic.", "topic", ""},
};

struct HelpPage {
  const char* topic;
  const char* text;
};

constexpr HelpPage kHelpPages[] = {
    {"lost-cards", "A stopped card cannot be used again. The new one comes within a week."},
    {"card-delivery", "A card takes five working days, abroad up to ten."},
    {"limits", "A limit counts for a month and can be raised twice a year."},
    {"pins", "A PIN is sent by letter only and takes three working days."},
    {"transfers", "A transfer takes one working day, to another country up to four."},
    {"deposits", "Money that is sent to us is there on the next working day."},
    {"refunds", "A shop's refund takes five to seven working days."},
    {"direct-debits", "A direct debit can be taken back for eight weeks."},
    {"statements", "A statement is made on the first of each month."},
    {"closing", "An account closes when its balance is zero, within five working days."},
    {"addresses", "A new address counts from the next working day on."},
    {"the-app", "A link for a new login works for one hour."},
    {"fees", "The account is free; cash abroad costs two per cent."},
    {"identity-check", "An identity check takes one to two working days."},
    {"exchange-rates", "We take the central bank's rate of the day and add one per cent."},
};

const Tool* FindTool(const std::string& name) {
  const auto* const tool = std::find_if(std::begin(kTools), std::end(kTools),
                                        [&](const Tool& each) { return name == each.name; });
  return tool == std::end(kTools) ? nullptr : tool;
}

ToolRun Failed(const char* error) {
  return {nlohmann::json{{"error", error}}.dump(), false, {}, "I could not do that, sorry."};
}

ToolRun SearchHelp(const std::string& topic) {
  const auto* const page = std::find_if(std::begin(kHelpPages), std::end(kHelpPages),
                                        [&](const HelpPage& each) { return topic == each.topic; });
  if (page == std::end(kHelpPages)) return Failed("no such topic");
  ToolRun run{nlohmann::json{{"pages", {page->topic}}}.dump(), true, {}, page->text};
  common::v1::RetrievedContext& context = run.contexts.emplace_back();
  context.set_document_id(fmt::format("help/{}", page->topic));
  context.set_text(page->text);
  context.set_score(1);
  return run;
}

}  // namespace

const std::vector<common::v1::ToolDefinition>& ToolsOfBank() {
  static const auto& tools = *new std::vector<common::v1::ToolDefinition>([] {
    std::vector<common::v1::ToolDefinition> made;
    for (const Tool& tool : kTools) {
      common::v1::ToolDefinition& definition = made.emplace_back();
      definition.set_name(tool.name);
      definition.set_description(tool.description);
      definition.set_parameters_json_schema(nlohmann::json{
          {"type", "object"},
          {"properties", {{tool.argument, {{"type", "string"}}}}},
          {"required", {tool.argument}}}.dump());
    }
    return made;
  }());
  return tools;
}

ToolRun RunTool(const common::v1::ToolCall& call, bool away) {
  if (away) return Failed("timeout");
  const Tool* const tool = FindTool(call.name());
  if (tool == nullptr) return Failed("no such tool");
  const auto arguments = nlohmann::json::parse(call.arguments_json(), nullptr, false);
  if (!arguments.is_object() || !arguments.contains(tool->argument)) {
    return Failed("the argument is missing");
  }
  const std::string value = arguments.value(tool->argument, "");
  if (call.name() == kSearchHelp) return SearchHelp(value);
  return {nlohmann::json{{tool->argument, value}, {"status", "done"}}.dump(),
          true,
          {},
          fmt::format(fmt::runtime(tool->answer), value)};
}

}  // namespace flywheel::example
