#include "ingest_service/domain/noise.h"

#include <algorithm>
#include <iterator>

#include "shared/text/characters.h"
#include "shared/text/normalise.h"

namespace flywheel::ingest {
namespace {

constexpr std::string_view kUserAgentAttributes[] = {"http.user_agent", "user-agent", "user_agent",
                                                     "user_agent.original"};
constexpr std::string_view kTestTraffic[] = {"bot", "load", "monitoring", "synthetic", "test"};
constexpr std::string_view kRobotWords[] = {
    "crawler",   "spider", "headlesschrome", "pingdom",   "uptimekuma",        "statuscake",
    "phantomjs", "slurp/", "yahoo! slurp",   "googlehc/", "elb-healthchecker", "kube-probe"};

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

// Whether a word ends in "bot", as "Googlebot/2.1" does. CUBOT is a maker of telephones.
bool HasBotWord(std::string_view user_agent) {
  for (size_t place = user_agent.find("bot"); place != std::string_view::npos;
       place = user_agent.find("bot", place + 3)) {
    const bool ends = place + 3 == user_agent.size() || !IsLetter(user_agent[place + 3]);
    const bool telephone = place >= 2 && user_agent.substr(place - 2, 2) == "cu" &&
                           (place == 2 || !IsLetter(user_agent[place - 3]));
    if (ends && !telephone) return true;
  }
  return false;
}

bool IsRobot(std::string_view user_agent) {
  const std::string lower = NormaliseText(user_agent);
  return HasBotWord(lower) ||
         std::any_of(std::begin(kRobotWords), std::end(kRobotWords),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool IsTestTraffic(const std::map<std::string, std::string>& attributes) {
  // By what the sender says, or by who called.
  const auto traffic = attributes.find("traffic");
  if (traffic != attributes.end()) {
    const std::string kind = NormaliseText(traffic->second);
    if (std::find(std::begin(kTestTraffic), std::end(kTestTraffic), kind) !=
        std::end(kTestTraffic)) {
      return true;
    }
  }
  return std::any_of(std::begin(kUserAgentAttributes), std::end(kUserAgentAttributes),
                     [&](std::string_view name) {
                       const auto found = attributes.find(std::string(name));
                       return found != attributes.end() && IsRobot(found->second);
                     });
}

}  // namespace

int64_t NoiseOf(const NoiseSubject& subject) {
  int64_t noise = 0;
  if (subject.tool_calls == 0 && !HasLetterOrDigit(subject.input) &&
      !HasLetterOrDigit(subject.output)) {
    noise |= NoiseBit(Noise::kEmpty);
  }
  if (!subject.attributes.empty() && IsTestTraffic(subject.attributes)) {
    noise |= NoiseBit(Noise::kTestTraffic);
  }
  if (subject.burst) noise |= NoiseBit(Noise::kBurst);
  if (IsLongerThan(subject.input, kAbsurdCharacters) ||
      IsLongerThan(subject.output, kAbsurdCharacters)) {
    noise |= NoiseBit(Noise::kAbsurdLength);
  }
  return noise;
}

}  // namespace flywheel::ingest
