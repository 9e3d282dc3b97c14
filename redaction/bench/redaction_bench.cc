#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/benchmarks.h"
#include "redaction/redactor.h"
#include "shared/status/errors.h"

namespace flywheel::bench {
namespace {

using redaction::PiiDetector;
using redaction::Redactor;

constexpr size_t kTextBytes = 1000;

// What people write to a support agent; none of it is personal data.
constexpr const char* kChat[] = {
    "I am still waiting on my card, can you tell me when it will arrive?",
    "What can I do if my card still hasn't arrived after 2 weeks?",
    "The exchange rate you used for my last payment in Paris is wrong, please check it again.",
    "Why was I charged a fee of $3.50 when I took out cash on 12 May?",
    "Thanks, that helped a lot. Is there a way to change my PIN in the app?",
    "Please look at order 4471182, it says delivered but nothing came.",
    "My top-up was declined and I do not understand why, it has always worked before.",
    "I'm going to travel next month and would like to know how cards work abroad.",
    "Sure! I can help you with that. Could you tell me which of your accounts this is about?",
    "Ich warte seit drei Wochen auf meine neue Karte, wann kommt sie endlich an?"};

// Texts of the size of an interaction's field, `bytes` in all.
std::vector<std::string> ChatTexts(size_t bytes) {
  std::vector<std::string> texts(1);
  size_t made = 0;
  for (uint64_t i = 0; made < bytes; ++i) {
    const std::string sentence = kChat[i * 7 % std::size(kChat)];
    texts.back() += sentence + " ";
    made += sentence.size() + 1;
    if (texts.back().size() >= kTextBytes) texts.emplace_back();
  }
  return texts;
}

// Megabytes a second on one core, over all texts again and again for `duration`.
double MegabytesPerSecond(const PiiDetector& detector, const std::vector<std::string>& texts,
                          absl::Duration duration) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto end = start + absl::ToChronoNanoseconds(duration);
  double bytes = 0;
  std::string text;
  while (Clock::now() < end) {
    for (const std::string& original : texts) {
      Redactor redactor(detector);
      text = original;
      if (const auto changed = redactor.Redact(text); !changed.ok()) {
        Die(errors::MessageOf(changed.status()));
      }
      bytes += static_cast<double>(original.size());
    }
  }
  return bytes / 1e6 / std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Row Redact(const Setup& setup) {
  const auto detector = PiiDetector::Make({});
  if (!detector.ok()) Die(errors::MessageOf(detector.status()));
  const std::vector<std::string> chat = ChatTexts(4'000'000);
  // One text in ten has an e-mail, a phone number and a name.
  std::vector<std::string> personal = chat;
  for (size_t i = 0; i < personal.size(); i += 10) {
    personal[i] += "My name is Ann Lee, ann.lee@example.com, +44 20 7946 0958.";
  }
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return MegabytesPerSecond(*detector, chat, setup.duration); },
      [&] { return MegabytesPerSecond(*detector, personal, setup.duration); });
  return {.name = "redact chat, one core",
          .value = result.measured,
          .unit = "MB/s",
          .reference_name = "with personal data in every tenth text",
          .reference = result.reference,
          .ratio = result.ratio};
}

}  // namespace flywheel::bench
