// Public support dialogues with known users, where they are at hand: nothing of the user is left,
// and every id, date and price of the flights is.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "redaction/conversation/conversation_redactor.h"
#include "tests/redaction/conversation/dialogue.h"

namespace flywheel::redaction {
namespace {

std::string Path() {
  const char* directory = std::getenv("FLYWHEEL_DATA_DIR");
  return std::string(directory == nullptr ? "../shared/data" : directory) +
         "/tau_bench_airline/gpt-4o-airline.json";
}

// One run: its texts, and what its user is called.
struct Trial {
  std::string user_id;
  std::vector<std::pair<Speaker, std::string>> texts;
  std::map<std::string, std::string> values;  // By kind; those of the user's own record.
};

Speaker SpeakerOf(const std::string& role) {
  if (role == "user") return Speaker::kUser;
  return role == "assistant" ? Speaker::kAgent : Speaker::kOther;
}

Trial ReadRun(const nlohmann::json& file) {
  Trial run;
  run.user_id = file["info"]["task"]["user_id"];
  for (const nlohmann::json& message : file["traj"]) {
    const std::string role = message["role"];
    if (role == "system") continue;
    if (message.contains("content") && message["content"].is_string()) {
      run.texts.emplace_back(SpeakerOf(role), message["content"]);
    }
    if (message.contains("tool_calls") && message["tool_calls"].is_array()) {
      for (const nlohmann::json& call : message["tool_calls"]) {
        run.texts.emplace_back(Speaker::kOther, call["function"]["arguments"]);
      }
    }
    if (role != "tool" || message.value("name", "") != "get_user_details") continue;
    const nlohmann::json user =
        nlohmann::json::parse(message["content"].get<std::string>(), nullptr, false);
    if (user.is_discarded() || !user.is_object() || !user.contains("address")) continue;
    const std::string first = user["name"]["first_name"], last = user["name"]["last_name"];
    run.values = {{"full name", fmt::format("{} {}", first, last)},
                  {"first name", first},
                  {"last name", last},
                  {"postcode", user["address"]["zip"]},
                  {"unit", user["address"]["address2"]},
                  {"street", user["address"]["address1"]},
                  {"birth", user["dob"]},
                  {"email", user["email"]}};
  }
  run.values["user id"] = run.user_id;
  return run;
}

// How often `value` stands in the texts, at the bounds of its words. "MIA" is no "Mia".
int64_t CountOf(const std::string& value, const Trial& run) {
  const re2::RE2 pattern("(^|[^0-9A-Za-z_])" + re2::RE2::QuoteMeta(value) + "($|[^0-9A-Za-z_])");
  int64_t count = 0;
  for (const auto& [speaker, text] : run.texts) {
    re2::StringPiece rest(text);
    while (re2::RE2::FindAndConsume(&rest, pattern)) ++count;
  }
  return count;
}

int64_t CountOfPattern(const re2::RE2& pattern, const Trial& run) {
  int64_t count = 0;
  for (const auto& [speaker, text] : run.texts) {
    re2::StringPiece rest(text);
    while (re2::RE2::FindAndConsume(&rest, pattern)) ++count;
  }
  return count;
}

TEST(PublicDialogues, NothingOfTheUserIsLeftAndTheFlightsAre) {
  std::ifstream file(Path(), std::ios::binary);
  if (!file) GTEST_SKIP() << Path() << " is not here: set FLYWHEEL_DATA_DIR to run this test";
  const nlohmann::json runs = nlohmann::json::parse(file);
  // Flights of May 2024 are no births.
  const re2::RE2 flights("HAT[0-9]{3}"), dates("2024-05-[0-9]{2}"),
      payments("(?:credit_card|gift_card|certificate)_[0-9]{7}"), prices("\\$[0-9]+"),
      reservations("reservation_id\\\\?\": ?\\\\?\"[A-Z0-9]{6}");
  const std::pair<const char*, const re2::RE2*> ordinary[] = {{"flights", &flights},
                                                              {"dates", &dates},
                                                              {"payments", &payments},
                                                              {"prices", &prices},
                                                              {"reservations", &reservations}};
  std::map<std::string, std::pair<int64_t, int64_t>> personal, kept;  // Before, after.
  for (const nlohmann::json& one : runs) {
    Trial run = ReadRun(one);
    for (const auto& [kind, value] : run.values) personal[kind].first += CountOf(value, run);
    for (const auto& [kind, pattern] : ordinary) kept[kind].first += CountOfPattern(*pattern, run);
    ConversationRedactor redactor(TheDetector());
    redactor.Know(DataType::kUserId, run.user_id);
    for (auto& [speaker, text] : run.texts) redactor.Add(speaker, &text);
    ASSERT_OK(redactor.Finish());
    for (const auto& [kind, value] : run.values) {
      personal[kind].second += CountOf(value, run);
    }
    for (const auto& [kind, pattern] : ordinary) kept[kind].second += CountOfPattern(*pattern, run);
  }
  for (const auto& [kind, counts] : personal) {
    std::cerr << kind << " " << counts.first << " -> " << counts.second << "\n";
    EXPECT_GT(counts.first, 0) << kind;
    EXPECT_EQ(counts.second, 0) << kind;
  }
  for (const auto& [kind, counts] : kept) {
    std::cerr << kind << " " << counts.first << " -> " << counts.second << "\n";
    EXPECT_GT(counts.first, 0) << kind;
    EXPECT_EQ(counts.second, counts.first) << kind;
  }
}

}  // namespace
}  // namespace flywheel::redaction
