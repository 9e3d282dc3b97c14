#include "bench/unary_load.h"

#include <memory>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace flywheel::bench {
namespace {

using ingest::v1::IngestService;

// Sends the next call when the one before was answered, without a thread of its own: threads of
// many callers would take the processors from the service that is measured.
class Caller {
 public:
  Caller(IngestService::Stub& stub, absl::Time end) : stub_(stub), end_(end) { Next(); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller() { done_.WaitForNotification(); }

  int64_t WaitForCount() {
    done_.WaitForNotification();
    return count_;
  }

 private:
  void Next() {
    if (absl::Now() >= end_) {
      done_.Notify();
      return;
    }
    // A context serves one call.
    context_ = std::make_unique<grpc::ClientContext>();
    request_ = NewBatch(1);
    stub_.async()->LogInteractions(context_.get(), &request_, &response_,
                                   [this](const grpc::Status& status) { Answered(status); });
  }

  void Answered(const grpc::Status& status) {
    if (!status.ok()) Die(status.error_message());
    if (response_.results_size() != 1 ||
        response_.results(0).status() != common::v1::ITEM_STATUS_STORED) {
      Die("an interaction was not stored");
    }
    ++count_;
    Next();
  }

  IngestService::Stub& stub_;
  const absl::Time end_;
  std::unique_ptr<grpc::ClientContext> context_;
  ingest::v1::LogInteractionsRequest request_;
  ingest::v1::LogInteractionsResponse response_;
  int64_t count_ = 0;
  absl::Notification done_;
};

}  // namespace

double UnaryPerSecond(const IngestStubs& stubs, int callers, absl::Duration duration) {
  const absl::Time start = absl::Now();
  std::vector<std::unique_ptr<Caller>> all;
  for (int i = 0; i < callers; ++i) {
    all.push_back(std::make_unique<Caller>(stubs.of(i), start + duration));
  }
  int64_t count = 0;
  for (const auto& caller : all) count += caller->WaitForCount();
  return static_cast<double>(count) / absl::ToDoubleSeconds(absl::Now() - start);
}

}  // namespace flywheel::bench
