#include "tests/fault/crash/audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string_view>
#include <unordered_set>

#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/retry.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::crash {
namespace {

using ingest::v1::IngestService;
using Kind = PromisedRecord::Kind;

}  // namespace

Audited FeedAudit::StartAgain() {
  held_ = HeldRecords();
  checked_ = 0;
  waiting_traces_.clear();
  return Audit();
}

Audited FeedAudit::Audit() {
  Learn();
  const size_t to_check = promised_.size();
  const std::set<std::string> erased = promises_.erased();
  ReadOn();
  // Whoever was asked to be forgotten in between may have left already.
  const std::set<std::string> leaving = promises_.leaving();
  Learn();
  std::vector<PromisedRecord> waited;
  waited.swap(waiting_traces_);
  for (const PromisedRecord& trace : waited) Check(trace, leaving);
  for (; checked_ < to_check; ++checked_) Check(promised_[checked_], leaving);
  for (const std::string& mark : erased) {
    EXPECT_EQ(held_.CountOf(mark), 0) << mark << " was erased and is in the feed";
  }
  // Sequences begin at 1, so a feed without gaps has as many as its last one.
  EXPECT_LE(held_.missing(), RecordsThatMayLeave(leaving, erased)) << "a gap";
  return {.interactions = held_.interactions(),
          .signals = held_.signals(),
          .traces = traces_,
          .erased_people = static_cast<int64_t>(erased.size()),
          .waiting_traces = static_cast<int64_t>(waiting_traces_.size()),
          .last_sequence = held_.last_sequence()};
}

void FeedAudit::Learn() {
  for (PromisedRecord& record : promises_.Take()) {
    ++promised_of_[record.mark];
    traces_ += record.kind == Kind::kTrace ? 1 : 0;
    promised_.push_back(std::move(record));
  }
}

void FeedAudit::ReadOn() {
  const rpc::Channel channel = *rpc::Channel::Open({address_, "", ""});
  const auto stub = IngestService::NewStub(channel.get());
  EXPECT_OK(rpc::CallWithRetry(channel, {}, [&](grpc::ClientContext& context) {
    ingest::v1::ReadFeedRequest request;
    request.set_cursor(rpc::FeedToken(held_.cursor()));
    request.set_max_entries(5'000);
    const auto reader = stub->ReadFeed(&context, request);
    ingest::v1::ReadFeedResponse response;
    while (reader->Read(&response)) held_.Add(response);
    return reader->Finish();
  }));
}

void FeedAudit::Check(const PromisedRecord& record, const std::set<std::string>& leaving) {
  if (leaving.count(record.mark) != 0) return;
  const std::string* const output = held_.Find(record.id);
  if (output == nullptr && record.kind == Kind::kTrace) {
    waiting_traces_.push_back(record);
  } else if (output == nullptr) {
    ADD_FAILURE() << record.id << " was acknowledged and is missing";
  } else {
    EXPECT_EQ(*output, record.output) << record.id;
  }
}

int64_t FeedAudit::RecordsThatMayLeave(const std::set<std::string>& leaving,
                                       const std::set<std::string>& erased_before) const {
  int64_t records = 0;
  for (const std::string& mark : leaving) {
    const auto promised = promised_of_.find(mark);
    if (erased_before.count(mark) == 0 && promised != promised_of_.end()) {
      records += promised->second;
    }
  }
  return records;
}

int64_t AuditFiles(const std::string& data_dir, const std::set<std::string>& erased) {
  const std::unordered_set<std::string> marks(erased.begin(), erased.end());
  const std::string_view start = kMarkStart;
  const std::boyer_moore_horspool_searcher searcher(start.begin(), start.end());
  int64_t size_bytes = 0;
  std::string content;
  std::string mark;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_dir)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    content.resize(std::filesystem::file_size(entry.path()));
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    EXPECT_EQ(file.gcount(), static_cast<std::streamsize>(content.size())) << entry.path();
    size_bytes += file.gcount();
    for (auto place = content.begin();; ++place) {
      place = std::search(place, content.end(), searcher);
      if (place == content.end()) break;
      mark.assign(place, place + std::min<std::ptrdiff_t>(kMarkBytes, content.end() - place));
      EXPECT_EQ(marks.count(mark), 0u)
          << mark << " was erased and is in " << entry.path() << " at " << place - content.begin();
    }
  }
  return size_bytes;
}

}  // namespace flywheel::crash
