// Repeats: does a long text say the same again, some bytes further on?
#ifndef FLYWHEEL_REDACTION_REPEATS_H_
#define FLYWHEEL_REDACTION_REPEATS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace flywheel::redaction {

// Remembers how far it has looked, so that many rows that ask about places one behind the other
// cost one comparison of each byte, for each of the last distances.
class Repeats {
 public:
  // Are bytes [begin, end) of `text` those that stand `shift` bytes before them? `shift` is not 0,
  // and at most `begin`; `text` is the same at every call.
  bool At(std::string_view text, size_t begin, size_t end, size_t shift) {
    Run& run = runs_[shift % kRuns];
    if (run.shift != shift || begin < run.begin || begin > run.end) run = {shift, begin, begin};
    // What is known to be the same is not looked at again, and what differs is looked at first.
    while (run.end < end) {
      const size_t size = std::min<size_t>(kStep, end - run.end);
      const char* here = text.data() + run.end;
      if (std::memcmp(here, here - shift, size) == 0) {
        run.end += size;
        continue;
      }
      while (*here == *(here - shift)) ++here;
      run.end = static_cast<size_t>(here - text.data());
      return false;
    }
    return true;
  }

 private:
  // Bytes [begin, end) are those `shift` bytes before.
  struct Run {
    size_t shift = 0;
    size_t begin = 0;
    size_t end = 0;
  };
  static constexpr size_t kRuns = 8;
  static constexpr size_t kStep = 64;

  std::array<Run, kRuns> runs_{};
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_REPEATS_H_
