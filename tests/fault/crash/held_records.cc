#include "tests/fault/crash/held_records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "shared/testing/feed_sequence.h"
#include "tests/fault/crash/promises.h"

namespace flywheel::crash {

void HeldRecords::Add(const ingest::v1::ReadFeedResponse& response) {
  for (const ingest::v1::FeedEntry& entry : response.entries()) {
    EXPECT_GT(entry.sequence(), last_sequence_) << "out of order";
    last_sequence_ = std::max(last_sequence_, entry.sequence());
    EXPECT_TRUE(sequences_.insert(entry.sequence()).second)
        << entry.sequence() << " is a record's, and that of one which has left";
    if (entry.has_interaction()) {
      const auto& interaction = entry.interaction();
      // An interaction that was a trace has its person in the text only.
      const std::string mark = MarkIn(interaction.interaction_id());
      AddRecord(entry.sequence(), interaction.interaction_id(),
                mark.empty() ? MarkIn(interaction.input()) : mark, interaction.output(), true);
    } else if (entry.has_signal()) {
      const std::string& id = entry.signal().signal_id();
      AddRecord(entry.sequence(), id, MarkIn(id), "", false);
    } else if (entry.has_tombstone()) {
      for (const int64_t sequence : entry.tombstone().sequences()) Remove(sequence);
    }
  }
  EXPECT_GE(testing::FeedSequence(response.next_cursor()), cursor_);
  cursor_ = testing::FeedSequence(response.next_cursor());
}

void HeldRecords::AddRecord(int64_t sequence, const std::string& id, std::string mark,
                            std::string output, bool is_interaction) {
  EXPECT_TRUE(ids_.insert(id).second) << id << " twice";
  EXPECT_FALSE(id.starts_with("otel-") && id.find('.') != std::string::npos)
      << id << ": a trace was made twice";
  EXPECT_FALSE(mark.empty()) << id << " is nobody's";
  outputs_[id] = std::move(output);
  ++counts_[mark];
  interactions_ += is_interaction ? 1 : 0;
  records_[sequence] = {id, std::move(mark), is_interaction};
}

void HeldRecords::Remove(int64_t sequence) {
  sequences_.insert(sequence);
  const auto found = records_.find(sequence);
  if (found == records_.end()) return;
  --counts_[found->second.mark];
  outputs_.erase(found->second.id);
  interactions_ -= found->second.is_interaction ? 1 : 0;
  records_.erase(found);
}

const std::string* HeldRecords::Find(const std::string& id) const {
  const auto found = outputs_.find(id);
  return found == outputs_.end() ? nullptr : &found->second;
}

int64_t HeldRecords::CountOf(const std::string& mark) const {
  const auto found = counts_.find(mark);
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace flywheel::crash
