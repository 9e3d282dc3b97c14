// Memory for requests on their way in.
#ifndef FLYWHEEL_INGEST_SERVICE_HTTP_BYTE_BUDGET_H_
#define FLYWHEEL_INGEST_SERVICE_HTTP_BYTE_BUDGET_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "shared/status/errors.h"

namespace flywheel::ingest {

// How many bytes all requests together may hold at a moment. Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(int64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // A share of the budget, given back at its end. For one thread at a time; the budget outlives it.
  class Share {
   public:
    explicit Share(ByteBudget* budget) : budget_(*budget) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { Release(); }

    // Takes `bytes` more. BACK_PRESSURE where the budget has no more; the share stays as it is.
    absl::Status Take(int64_t bytes) {
      const int64_t taken = budget_.taken_bytes_.fetch_add(bytes) + bytes;
      if (taken > budget_.limit_bytes_) {
        budget_.taken_bytes_.fetch_sub(bytes);
        return errors::BackPressure(taken, budget_.limit_bytes_);
      }
      bytes_ += bytes;
      return absl::OkStatus();
    }

    void Release() {
      budget_.taken_bytes_.fetch_sub(bytes_);
      bytes_ = 0;
    }

   private:
    ByteBudget& budget_;
    int64_t bytes_ = 0;
  };

  int64_t taken_bytes() const { return taken_bytes_.load(std::memory_order_relaxed); }

 private:
  const int64_t limit_bytes_;
  std::atomic<int64_t> taken_bytes_ = 0;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_HTTP_BYTE_BUDGET_H_
