#include "eval_gate_service/rpc/upload_memory.h"

#include <algorithm>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::Status UploadMemory::Share::Hold(int64_t bytes) {
  const int64_t beyond = std::max<int64_t>(held_ + bytes - memory_->limits_.own, of_pot_) - of_pot_;
  if (beyond > 0) RETURN_IF_ERROR(memory_->TakeOfPot(project_, beyond));
  held_ += bytes;
  of_pot_ += beyond;
  return absl::OkStatus();
}

absl::Status UploadMemory::TakeOfPot(const std::string& project, int64_t bytes) {
  absl::MutexLock lock(&mutex_);
  const auto found = projects_.find(project);
  const int64_t held = found == projects_.end() ? 0 : found->second;
  if (held + bytes > limits_.pot_of_project) {
    return errors::BusyWithBytes("UploadSuite for one project", held, limits_.pot_of_project);
  }
  if (taken_ + bytes > limits_.pot) {
    return errors::BusyWithBytes("UploadSuite", taken_, limits_.pot);
  }
  taken_ += bytes;
  projects_[project] = held + bytes;
  return absl::OkStatus();
}

void UploadMemory::GiveBack(const std::string& project, int64_t bytes) {
  if (bytes == 0) return;
  absl::MutexLock lock(&mutex_);
  taken_ -= bytes;
  const auto found = projects_.find(project);
  found->second -= bytes;
  if (found->second == 0) projects_.erase(found);
}

}  // namespace flywheel::evalgate
