#include "tests/redaction/quality/speed.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "redaction/redactor.h"
#include "shared/status/status_macros.h"

namespace flywheel::redaction {
namespace {

constexpr size_t kTextBytes = 1'000;
constexpr size_t kChatBytes = 4'000'000;
constexpr size_t kHostileBytes = 10'000'000;
constexpr double kChatTarget = 40;
constexpr double kHostileTarget = 10;
constexpr int kPasses = 3;

struct Load {
  std::string name;
  std::vector<std::string> texts;
  double target;
  bool is_json = false;
};

std::string Repeated(std::string_view piece, size_t bytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) text += piece;
  return text;
}

// Turns of a support chat; every tenth text ends with `personal`.
std::vector<std::string> Chat(std::string_view personal) {
  constexpr const char* kSaid[] = {
      "My parcel was to come on Friday, and the app still says that it is being packed. ",
      "I see. The warehouse sent it out this morning, so that it should be with you tomorrow. ",
      "Could you also look at the second item? It was 3 x 12.50, but I paid for four of them. ",
      "You are right, the invoice A-20817 is wrong. The difference of $12.50 goes back today. ",
      "Die Rückerstattung dauert bei uns in der Regel drei bis fünf Werktage. ",
      "Thanks a lot! And how do I switch the newsletter off, please? "};
  std::vector<std::string> texts;
  for (size_t made = 0, next = 0; made < kChatBytes; made += texts.back().size()) {
    std::string text;
    while (text.size() < kTextBytes) text += kSaid[next++ * 5 % std::size(kSaid)];
    if (texts.size() % 10 == 0) text += personal;
    texts.push_back(std::move(text));
  }
  return texts;
}

Load Hostile(const std::string& piece) {
  return {"10 MB of '" + piece + "'", {Repeated(piece, kHostileBytes)}, kHostileTarget};
}

std::vector<Load> Loads() {
  return {{"chat without personal data", Chat(""), kChatTarget},
          {"chat with personal data in every tenth text",
           Chat("This is Rosa Keller, rosa.keller@example.org, +49 30 901820, Elm Road 4."),
           kChatTarget},
          {"10 MB of '4 '", {Repeated("4 ", kHostileBytes)}, kHostileTarget},
          {"10 MB of digits", {Repeated("4929", kHostileBytes)}, kHostileTarget},
          {"10 MB without a space", {Repeated("a", kHostileBytes)}, kHostileTarget},
          {"10 MB of 'a@'", {Repeated("a@", kHostileBytes)}, kHostileTarget},
          {"10 MB of 'Ab '", {Repeated("Ab ", kHostileBytes)}, kHostileTarget},
          Hostile("my name is "),
          Hostile("sk-"),
          Hostile("key.key."),
          Hostile("password = "),
          Hostile("Authorization: Basic "),
          Hostile("://a:b@"),
          Hostile("12 a@b.de "),
          Hostile("DE89 "),
          Hostile("straße 1 "),
          Hostile("Dear "),
          Hostile("born in "),
          Hostile("user id "),
          Hostile("[[[["),
          {"one JSON string of 10 MB",
           {"[\"" + Repeated("hello, my friend ", kHostileBytes) + "\"]"},
           kHostileTarget,
           true},
          {"10 MB of opened JSON", {Repeated("{\"a\":[", kHostileBytes)}, kHostileTarget, true},
          {"10 MB of JSON in a list",
           {"[" + Repeated("{\"name\":4},", kHostileBytes) + "0]"},
           kHostileTarget,
           true}};
}

absl::StatusOr<double> Seconds(const PiiDetector& detector, const Load& load) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int pass = 0; pass < kPasses; ++pass) {
    const auto start = Clock::now();
    for (const std::string& original : load.texts) {
      Redactor redactor(detector);
      std::string text = original;
      RETURN_IF_ERROR((load.is_json ? redactor.RedactJson(text) : redactor.Redact(text)).status());
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    best = pass == 0 ? seconds : std::min(best, seconds);
  }
  return best;
}

}  // namespace

absl::StatusOr<std::vector<Speed>> MeasureSpeeds(const PiiDetector& detector) {
  std::vector<Speed> speeds;
  for (const Load& load : Loads()) {
    size_t bytes = 0;
    for (const std::string& text : load.texts) bytes += text.size();
    ASSIGN_OR_RETURN(const double seconds, Seconds(detector, load));
    speeds.push_back({load.name, static_cast<double>(bytes) / 1e6 / seconds, load.target});
  }
  return speeds;
}

}  // namespace flywheel::redaction
