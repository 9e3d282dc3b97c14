#include "tests/fault/crash/audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "examples/support_agent/services.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::crash {
namespace {

using ingest::v1::FeedEntry;
using ingest::v1::IngestService;
using ingest::v1::ReadFeedRequest;
using ingest::v1::ReadFeedResponse;

// The records that a feed holds.
struct Held {
  std::map<std::string, std::string> interactions;
  std::set<std::string> signals;
  // Of all records, and of those that tombstones say have left.
  std::set<int64_t> sequences;

  void Add(const FeedEntry& entry) {
    EXPECT_TRUE(sequences.insert(entry.sequence()).second) << entry.sequence() << " twice";
    if (entry.has_interaction()) {
      const auto& interaction = entry.interaction();
      EXPECT_TRUE(interactions.emplace(interaction.interaction_id(), interaction.output()).second)
          << interaction.interaction_id() << " twice";
    } else if (entry.has_signal()) {
      EXPECT_TRUE(signals.insert(entry.signal().signal_id()).second)
          << entry.signal().signal_id() << " twice";
    } else if (entry.has_tombstone()) {
      sequences.insert(entry.tombstone().sequences().begin(), entry.tombstone().sequences().end());
    }
  }
};

Held ReadWholeFeed(const std::string& address) {
  const example::Client<IngestService> client(*rpc::Channel::Open({address, "", ""}));
  Held held;
  EXPECT_OK((client.Read<ReadFeedRequest, ReadFeedResponse>(
      &IngestService::Stub::ReadFeed, {}, [&] { held = Held(); },
      [&](const ReadFeedResponse& response) {
        for (const FeedEntry& entry : response.entries()) held.Add(entry);
      })));
  return held;
}

bool Leaves(const Promised& promised, const std::string& id) {
  return promised.leaving.count(MarkIn(id)) != 0;
}

// At most so many acknowledged records are about to leave, or have left without a tombstone yet.
int64_t RecordsThatMayLeave(const Promised& promised, const std::set<std::string>& erased_before) {
  const auto may_leave = [&](const std::string& mark) {
    return promised.leaving.count(mark) != 0 && erased_before.count(mark) == 0;
  };
  int64_t records = 0;
  for (const auto& [id, output] : promised.interactions) records += may_leave(MarkIn(id)) ? 1 : 0;
  for (const std::string& id : promised.signals) records += may_leave(MarkIn(id)) ? 1 : 0;
  for (const auto& [id, mark] : promised.traces) records += may_leave(mark) ? 1 : 0;
  return records;
}

}  // namespace

Audited AuditFeed(const std::string& address, const Promises& promises) {
  const Promised before = promises.Read();
  const Held held = ReadWholeFeed(address);
  // Whoever was asked to be forgotten in between may have left already.
  const Promised after = promises.Read();
  Audited audited;
  for (const auto& [id, output] : before.interactions) {
    if (Leaves(after, id)) continue;
    const auto found = held.interactions.find(id);
    if (found == held.interactions.end()) {
      ADD_FAILURE() << id << " was acknowledged and is missing";
    } else {
      EXPECT_EQ(found->second, output) << id;
    }
  }
  for (const std::string& id : before.signals) {
    EXPECT_TRUE(Leaves(after, id) || held.signals.count(id) != 0) << id << " is missing";
  }
  for (const auto& [id, mark] : before.traces) {
    const bool leaves = after.leaving.count(mark) != 0;
    audited.waiting_traces += leaves || held.interactions.count(id) != 0 ? 0 : 1;
    EXPECT_EQ(held.interactions.count(id + ".2"), 0u) << id << " was made twice";
  }
  for (const auto& [id, output] : held.interactions) {
    const auto trace = before.traces.find(id);
    const std::string mark = trace == before.traces.end() ? MarkIn(id) : trace->second;
    EXPECT_EQ(before.erased.count(mark), 0u) << id << " was erased";
  }
  audited.interactions = static_cast<int64_t>(held.interactions.size());
  audited.signals = static_cast<int64_t>(held.signals.size());
  audited.erased_people = static_cast<int64_t>(before.erased.size());
  audited.last_sequence = held.sequences.empty() ? 0 : *held.sequences.rbegin();
  // Sequences begin at 1, so a feed without gaps has as many as its last one. Records of people
  // whose erasure has begun may have left before their tombstone says so.
  const int64_t missing = audited.last_sequence - static_cast<int64_t>(held.sequences.size());
  EXPECT_LE(missing, RecordsThatMayLeave(after, before.erased)) << "a gap";
  return audited;
}

void AuditFiles(const std::string& data_dir, const Promised& promised) {
  const std::string start = kMarkStart;
  const std::boyer_moore_horspool_searcher searcher(start.begin(), start.end());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_dir)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    const std::string content = std::move(bytes).str();
    for (auto place = content.begin(); place != content.end();) {
      place = std::search(place, content.end(), searcher);
      if (place == content.end()) break;
      const auto offset = static_cast<size_t>(place - content.begin());
      const std::string mark = content.substr(offset, kMarkBytes);
      EXPECT_EQ(promised.erased.count(mark), 0u)
          << mark << " was erased and is in " << entry.path() << " at " << offset;
      ++place;
    }
  }
}

}  // namespace flywheel::crash
