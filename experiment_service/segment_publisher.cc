#include "experiment_service/segment_publisher.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include "experiment_service/domain/small_groups.h"
#include "shared/hashing/content_hash.h"
#include "shared/hashing/hmac.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// Of the hash below: another one makes every answer a new one.
constexpr int64_t kNoiseVersion = 1;

// An endless row of bits, each block the keyed hash of a message and its number.
class KeyedBits {
 public:
  KeyedBits(const std::string& key, std::string message)
      : hash_(key), message_(std::move(message)) {}

  uint64_t operator()() {
    if (next_ == words_.size()) Refill();
    return words_[next_++];
  }

 private:
  void Refill() {
    std::string numbered = message_;
    for (uint64_t rest = block_++, i = 0; i < sizeof(rest); ++i, rest >>= 8) {
      numbered.push_back(static_cast<char>(rest & 0xff));
    }
    const std::string bytes = hash_.Mac(numbered);
    std::memcpy(words_.data(), bytes.data(), sizeof(words_));
    next_ = 0;
  }

  const HmacSha256 hash_;
  const std::string message_;
  uint64_t block_ = 0;
  std::array<uint64_t, 4> words_ = {};  // The 32 bytes of a block.
  size_t next_ = words_.size();
};

}  // namespace

absl::StatusOr<SegmentedExperiment> SegmentPublisher::Analyze(const std::string& project,
                                                              const std::string& experiment_id,
                                                              Sight sight) {
  ASSIGN_OR_RETURN(SegmentMoment moment, analyst_->Look(project, experiment_id));
  const Experiment& experiment = moment.live->experiment;
  SegmentedExperiment result{moment.live, moment.as_of, {}, {}, std::nullopt, {}};
  if (sight == Sight::kReader) result.privacy = privacy_;
  if (result.privacy.epsilon > 0 && !experiment.plan.segments.empty()) {
    ASSIGN_OR_RETURN(result.noisy, AnswerWithNoise(project, moment));
    result.suppressed = FindSmall(result.noisy->segments, privacy_.least_group_size);
    return result;
  }
  const auto analyse = [&](const SegmentCounts& cells) {
    return AnalyzeSegments(experiment, moment.live->assignment.shares(), moment.arms, cells,
                           moment.as_of);
  };
  if (result.privacy.least_group_size == 0) {
    result.analysis = analyse(moment.cells);
    return result;
  }
  VisibleCounts visible =
      SuppressSmallGroups(experiment.plan, privacy_.least_group_size, std::move(moment.cells));
  result.analysis = analyse(visible.cells);
  LeaveOutSuppressed(visible, result.analysis);
  result.suppressed = std::move(visible.suppressed);
  return result;
}

absl::StatusOr<NoisyAnswer> SegmentPublisher::AnswerWithNoise(const std::string& project,
                                                              const SegmentMoment& moment) {
  const Experiment& experiment = moment.live->experiment;
  const std::vector<int64_t> exact = ExactNumbers(experiment.plan, moment.cells);
  // With the numbers themselves in it: were the noise the same for others, the difference of two
  // answers would be exact.
  ContentHash hash;
  hash.Add(kNoiseVersion).Add(experiment.experiment_id).Add(privacy_.epsilon);
  for (const int64_t number : exact) hash.Add(number);
  const std::string answer_hash = hash.Bytes();
  ASSIGN_OR_RETURN(PaidAnswer paid, budget_.Pay(project, answer_hash));
  KeyedBits bits(paid.noise_key, answer_hash);
  const NoiseScale scale(experiment.plan, privacy_.epsilon);
  NoisySegments noisy =
      AddNoise(experiment.plan, experiment.arms.size(), scale, exact, [&] { return bits(); });
  return NoisyAnswer{std::move(noisy), scale, std::move(paid)};
}

}  // namespace flywheel::experiment
