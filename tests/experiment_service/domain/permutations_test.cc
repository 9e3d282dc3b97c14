// Whatever the order in which outcomes come, and however often, the counts are the same to the bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/domain/arm_counts.h"
#include "experiment_service/domain/counts_text.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/unit_state.h"

namespace flywheel::experiment {
namespace {

constexpr size_t kArms = 2;
constexpr size_t kUnits = 60;

// An outcome as a client sends it; a later revision takes the place of an earlier one.
struct Word {
  int id = 0;
  int64_t revision = 0;
  size_t unit = 0;
  size_t metric = 0;
  double value = 0;
  bool mixed = false;
};

std::vector<Metric> Metrics() {
  std::vector<Metric> metrics(4);
  metrics[0].aggregation = Aggregation::kMean;
  metrics[1].aggregation = Aggregation::kSum;
  metrics[1].cap = 5'000;
  metrics[2].aggregation = Aggregation::kCount;
  metrics[3].aggregation = Aggregation::kAny;
  return metrics;
}

// Of all magnitudes, so that sums of doubles would depend on the order.
std::vector<Word> Words(std::mt19937_64& random) {
  std::normal_distribution<> exponent(0, 8);
  std::vector<Word> words;
  for (int id = 0; id < 600; ++id) {
    Word word;
    word.id = id;
    word.unit = random() % kUnits;
    word.metric = random() % 4;
    const int64_t revisions = id % 5 == 0 ? 3 : 1;
    for (word.revision = 0; word.revision < revisions; ++word.revision) {
      word.value =
          std::clamp((random() % 3 == 0 ? -1 : 1) * std::exp(exponent(random)), -1e12, 1e12);
      word.mixed = random() % 500 == 0;
      words.push_back(word);
    }
  }
  return words;
}

// What the service makes of them one by one: a unit that changes is taken out and counted in again.
class Recorder {
 public:
  void Record(const Word& word) {
    std::optional<Word>& known = known_[word.id];
    if (known && known->revision >= word.revision) return;
    UnitState& unit = units_[word.unit];
    const UnitState before = unit;
    if (!unit.exposed()) {
      unit.expose_time = absl::FromUnixSeconds(static_cast<int64_t>(word.unit));
      unit.totals.resize(metrics_.size());
    }
    if (known) {
      unit.totals[known->metric].Remove(known->value);
      unit.mixed_outcomes -= int64_t{known->mixed};
    }
    unit.totals[word.metric].Add(word.value);
    unit.mixed_outcomes += int64_t{word.mixed};
    counts_[word.unit % kArms].Count(metrics_, before, unit);
    known = word;
  }

  std::string Text() const { return CountsText(counts_); }

 private:
  const std::vector<Metric> metrics_ = Metrics();
  std::vector<ArmCounts> counts_ = std::vector<ArmCounts>(kArms, ArmCounts(4));
  std::map<size_t, UnitState> units_;
  std::map<int, std::optional<Word>> known_;
};

TEST(Permutations, AndDuplicatesChangeNoBitOfTheCounts) {
  std::mt19937_64 random(20'261'130);
  std::vector<Word> words = Words(random);
  Recorder in_order;
  for (const Word& word : words) in_order.Record(word);
  const std::string want = in_order.Text();
  for (int permutation = 0; permutation < 100; ++permutation) {
    std::shuffle(words.begin(), words.end(), random);
    Recorder recorder;
    for (const Word& word : words) {
      recorder.Record(word);
      // Some come again, at once or much later.
      if (random() % 4 == 0) recorder.Record(word);
      if (random() % 4 == 0) recorder.Record(words[random() % words.size()]);
    }
    ASSERT_EQ(recorder.Text(), want) << "permutation " << permutation;
  }
}

}  // namespace
}  // namespace flywheel::experiment
