// Noise detection: interactions that look like no real use of an agent.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_NOISE_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_NOISE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace flywheel::ingest {

// The numbers of flywheel.ingest.v1.Noise.
enum class Noise { kEmpty = 1, kTestTraffic = 2, kBurst = 3, kAbsurdLength = 4 };

// Its place in a set of them: bit n-1 is Noise n.
constexpr int64_t NoiseBit(Noise noise) { return int64_t{1} << (static_cast<int>(noise) - 1); }

// Above so many characters nobody wrote it, and nobody reads it.
inline constexpr size_t kAbsurdCharacters = 100'000;

// What the decision is taken from.
struct NoiseSubject {
  std::string_view input;
  std::string_view output;
  int64_t tool_calls = 0;
  const std::map<std::string, std::string>& attributes;
  // The same input came too often (recent_inputs.h).
  bool burst = false;
};

// The set of everything that speaks against real use; 0 where nothing does.
//
// kEmpty: neither text has a letter or digit of any script, and no tool was called.
// kTestTraffic: the attribute `traffic` is test, bot, synthetic, monitoring or load, in any case;
// or one of the attributes that usually hold it (`user_agent`, `user_agent.original`,
// `http.user_agent`, `user-agent`) names a robot: a word that ends in "bot", or one of the usual
// words for crawlers and probes. Libraries such as curl are no robots: they are how programs call.
// kAbsurdLength: input or output has more than kAbsurdCharacters characters.
int64_t NoiseOf(const NoiseSubject& subject);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_NOISE_H_
