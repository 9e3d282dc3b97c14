#include "shared/sql/reader_pool.h"

namespace flywheel::sql {
namespace {

constexpr int kMaxReaders = 16;

}  // namespace

bool ReaderPool::HasFree() const { return !held_ && active_ < kMaxReaders; }

absl::StatusOr<std::unique_ptr<Connection>> ReaderPool::Take() {
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &ReaderPool::HasFree));
    ++active_;
    if (!idle_.empty()) {
      std::unique_ptr<Connection> reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  return Connection::Open(path_, Access::kRead);
}

absl::Status ReaderPool::Read(absl::FunctionRef<absl::Status(Connection&)> function) {
  absl::StatusOr<std::unique_ptr<Connection>> reader = Take();
  absl::Status status = reader.status();
  // A transaction, so that all statements see one snapshot; nothing was written that it could keep.
  if (status.ok()) status = (*reader)->Prepare("BEGIN").Run();
  if (status.ok()) {
    status = function(**reader);
    static_cast<void>((*reader)->Prepare("ROLLBACK").Run());
  }
  absl::MutexLock lock(&mutex_);
  --active_;
  if (reader.ok()) idle_.push_back(*std::move(reader));
  return status;
}

void ReaderPool::HoldUp(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  held_ = true;
  mutex_.AwaitWithTimeout(absl::Condition(this, &ReaderPool::HasNone), timeout);
}

void ReaderPool::Release() {
  absl::MutexLock lock(&mutex_);
  held_ = false;
}

}  // namespace flywheel::sql
