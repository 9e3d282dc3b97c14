#include "assign/client/exposure_sender.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "flywheel/common/v1/item_result.pb.h"
#include "flywheel/experiment/v1/assignment.pb.h"

namespace flywheel::assign {
namespace {

// Of a call: what the service takes in one commit without holding up others for long.
constexpr size_t kBatch = 2'000;
constexpr std::chrono::seconds kCallTimeout(10);
constexpr absl::Duration kTick = absl::Seconds(1);
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(5);
// Beyond these the service refuses the exposure.
constexpr size_t kMaxAttributes = 64;
constexpr size_t kMaxNameBytes = 128;
constexpr size_t kMaxValueBytes = 256;
constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kNanosPerMicro = 1'000;

void SetTime(absl::Time time, google::protobuf::Timestamp* proto) {
  const int64_t micros = ToMicros(time);
  proto->set_seconds(micros / kMicrosPerSecond);
  proto->set_nanos(static_cast<int32_t>(micros % kMicrosPerSecond * kNanosPerMicro));
}

// An attribute too long is of no segment: its unit counts as "other" with it and without it.
std::vector<std::pair<std::string, std::string>> Kept(UnitAttributes attributes) {
  std::vector<std::pair<std::string, std::string>> kept;
  for (const auto& [name, value] : attributes) {
    if (kept.size() == kMaxAttributes) break;
    if (name.empty() || name.size() > kMaxNameBytes || value.size() > kMaxValueBytes) continue;
    kept.emplace_back(name, value);
  }
  return kept;
}

}  // namespace

ExposureSender::ExposureSender(Connection connection, Options options, const Clock* clock)
    : connection_(std::move(connection)),
      options_(std::move(options)),
      clock_(clock),
      recent_(std::make_unique<std::atomic<uint64_t>[]>(kRecentSets * kRecentWays)) {
  thread_ = std::thread([this] { Run(); });
}

ExposureSender::~ExposureSender() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }
  thread_.join();
}

void ExposureSender::Add(const std::shared_ptr<const KnownExperiment>& experiment, size_t arm,
                         std::string_view unit_id, uint64_t hash, UnitAttributes attributes) {
  if (IsRecent(hash)) return;
  Exposure exposure{experiment, arm, std::string(unit_id), hash, clock_->Now(), Kept(attributes)};
  absl::MutexLock lock(&mutex_);
  if (waiting_.size() >= options_.max_waiting) {
    ++counts_.dropped;
    return;
  }
  waiting_.push_back(std::move(exposure));
  ++added_;
  Remember(hash);
}

bool ExposureSender::IsRecent(uint64_t hash) const {
  const std::atomic<uint64_t>* set = RecentSet(hash);
  return std::any_of(set, set + kRecentWays, [&](const std::atomic<uint64_t>& way) {
    return way.load(std::memory_order_relaxed) == hash;
  });
}

void ExposureSender::Remember(uint64_t hash) {
  std::atomic<uint64_t>* set = RecentSet(hash);
  // An empty place, or one that other bits of the hash choose.
  std::atomic<uint64_t>* place = std::find(set, set + kRecentWays, uint64_t{0});
  if (place == set + kRecentWays) place = set + hash / kRecentSets % kRecentWays;
  place->store(hash, std::memory_order_relaxed);
}

void ExposureSender::Forget(uint64_t hash) {
  std::atomic<uint64_t>* set = RecentSet(hash);
  for (size_t way = 0; way < kRecentWays; ++way) {
    if (set[way].load(std::memory_order_relaxed) == hash) set[way] = 0;
  }
}

bool ExposureSender::Flush(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const int64_t wanted = added_;
  wanted_ = std::max(wanted_, wanted);
  const auto is_done = [this, wanted]()
                           ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return answered_ >= wanted; };
  return mutex_.AwaitWithTimeout(absl::Condition(&is_done), timeout);
}

std::string ExposureSender::Token(uint64_t hash) const {
  absl::MutexLock lock(&mutex_);
  const auto found = tokens_.find(hash);
  return found == tokens_.end() ? "" : found->second;
}

ExposureCounts ExposureSender::counts() const {
  absl::MutexLock lock(&mutex_);
  ExposureCounts counts = counts_;
  counts.waiting = added_ - answered_;
  return counts;
}

void ExposureSender::Run() {
  absl::Duration pause = kFirstPause;
  while (AwaitWork()) {
    std::vector<Exposure> batch = TakeBatch();
    if (batch.empty()) continue;
    if (Send(batch)) {
      pause = kFirstPause;
      continue;
    }
    PutBack(std::move(batch));
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause);
    pause = std::min(2 * pause, kLongestPause);
  }
}

bool ExposureSender::AwaitWork() {
  options_.on_tick();
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &ExposureSender::HasWork), kTick);
  // Many exposures share a call and a commit.
  if (!waiting_.empty() && waiting_.size() < kBatch) {
    mutex_.AwaitWithTimeout(absl::Condition(this, &ExposureSender::IsUrgent), options_.gather);
  }
  return !stopping_;
}

std::vector<ExposureSender::Exposure> ExposureSender::TakeBatch() {
  absl::MutexLock lock(&mutex_);
  const auto end =
      waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(kBatch, waiting_.size()));
  std::vector<Exposure> batch(std::make_move_iterator(waiting_.begin()),
                              std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

bool ExposureSender::Send(const std::vector<Exposure>& batch) {
  experiment::v1::RecordExposuresRequest request;
  for (const Exposure& exposure : batch) {
    experiment::v1::UnitExposure* proto = request.add_exposures();
    const KnownExperiment& known = *exposure.experiment;
    proto->set_experiment_id(known.experiment_id);
    (known.by_user ? *proto->mutable_user_id() : *proto->mutable_session_id()) = exposure.unit_id;
    proto->set_arm_id(known.arms[exposure.arm].arm_id);
    SetTime(exposure.time, proto->mutable_expose_time());
    for (const auto& [name, value] : exposure.attributes) {
      (*proto->mutable_attributes())[name] = value;
    }
  }
  grpc::ClientContext context;
  connection_.Prepare(context);
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return false;
    context_ = &context;
  }
  experiment::v1::RecordExposuresResponse response;
  const grpc::Status status = connection_.stub->RecordExposures(&context, request, &response);
  absl::MutexLock lock(&mutex_);
  context_ = nullptr;
  if (!status.ok()) return false;
  for (size_t i = 0; i < batch.size(); ++i) {
    const int index = static_cast<int>(i);
    const bool is_taken = index < response.results_size() &&
                          response.results(index).status() != common::v1::ITEM_STATUS_REJECTED;
    ++(is_taken ? counts_.taken : counts_.rejected);
    if (!is_taken || index >= response.assignment_tokens_size()) continue;
    if (tokens_.size() >= options_.max_tokens) tokens_.clear();
    tokens_.insert_or_assign(batch[i].hash, response.assignment_tokens(index));
  }
  answered_ += static_cast<int64_t>(batch.size());
  return true;
}

void ExposureSender::PutBack(std::vector<Exposure> batch) {
  absl::MutexLock lock(&mutex_);
  waiting_.insert(waiting_.begin(), std::make_move_iterator(batch.begin()),
                  std::make_move_iterator(batch.end()));
  while (waiting_.size() > options_.max_waiting) {
    // Its unit's next assignment tries again.
    Forget(waiting_.back().hash);
    waiting_.pop_back();
    ++counts_.dropped;
    ++answered_;
  }
}

}  // namespace flywheel::assign
