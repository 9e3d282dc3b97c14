#include "shared/sql/checkpointer.h"

#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::sql {
namespace {

// 32 MiB of 8 KiB pages: a page that changes with every commit is moved once for many of them.
constexpr int64_t kWorthwhilePages = 4'000;
// So many take the writer a few milliseconds.
constexpr int64_t kFewPages = 100;
// Under a load that writes as fast as it is moved, the writer helps after so many passes.
constexpr int kMaxPasses = 8;

}  // namespace

absl::StatusOr<std::unique_ptr<Checkpointer>> Checkpointer::Start(const std::string& path) {
  ASSIGN_OR_RETURN(auto connection, Connection::Open(path, Access::kWrite));
  return std::unique_ptr<Checkpointer>(new Checkpointer(std::move(connection)));
}

Checkpointer::~Checkpointer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void Checkpointer::AfterCommit(Connection& writer) {
  const int64_t wal_pages = writer.wal_pages();
  if (wal_pages < wal_pages_) moved_up_to_ = passes_ = 0;  // The log has begun anew.
  wal_pages_ = wal_pages;
  if (wal_pages - moved_up_to_ < kWorthwhilePages) return;
  {
    absl::MutexLock lock(&mutex_);
    if (wanted_) return;
    const int64_t left = wal_pages - moved_pages_;
    if (passes_ == 0 || (left > kFewPages && passes_ < kMaxPasses)) {
      ++passes_;
      wanted_ = true;
      return;
    }
  }
  static_cast<void>(writer.Checkpoint());
  moved_up_to_ = wal_pages;
  passes_ = 0;
}

void Checkpointer::WaitUntilIdle() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &Checkpointer::IsIdle));
}

bool Checkpointer::WaitForWork() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &Checkpointer::HasWork));
  return !stopping_;
}

void Checkpointer::Run() {
  while (WaitForWork()) {
    const int64_t moved = connection_->Checkpoint();
    absl::MutexLock lock(&mutex_);
    moved_pages_ = moved;
    wanted_ = false;
  }
}

}  // namespace flywheel::sql
