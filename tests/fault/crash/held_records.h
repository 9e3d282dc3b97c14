// Model of a reader of ingest's feed: the records that it holds after what it has read.
#ifndef FLYWHEEL_TESTS_FAULT_CRASH_HELD_RECORDS_H_
#define FLYWHEEL_TESTS_FAULT_CRASH_HELD_RECORDS_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "flywheel/ingest/v1/ingest_service.pb.h"

namespace flywheel::crash {

// Fails the test where something comes twice, out of order, or again after it has left.
class HeldRecords {
 public:
  void Add(const ingest::v1::ReadFeedResponse& response);

  // Where reading goes on.
  int64_t cursor() const { return cursor_; }
  int64_t last_sequence() const { return last_sequence_; }
  int64_t interactions() const { return interactions_; }
  int64_t signals() const { return static_cast<int64_t>(records_.size()) - interactions_; }
  // Numbers up to the last one that were neither those of a record nor named by a tombstone.
  int64_t missing() const { return last_sequence_ - static_cast<int64_t>(sequences_.size()); }

  // Null where there is no record of this id; else the output of an interaction, "" of a signal.
  const std::string* Find(const std::string& id) const;
  // How many records there are of a person.
  int64_t CountOf(const std::string& mark) const;

 private:
  void AddRecord(int64_t sequence, const std::string& id, std::string mark, std::string output,
                 bool is_interaction);
  // A record that a tombstone names.
  void Remove(int64_t sequence);

  struct Record {
    std::string id;
    std::string mark;
    bool is_interaction;
  };

  int64_t cursor_ = 0;
  int64_t last_sequence_ = 0;
  int64_t interactions_ = 0;
  // By sequence.
  std::unordered_map<int64_t, Record> records_;
  std::unordered_map<std::string, std::string> outputs_;
  std::unordered_map<std::string, int64_t> counts_;
  // Of all that came, with what has left since.
  std::unordered_set<std::string> ids_;
  std::unordered_set<int64_t> sequences_;
};

}  // namespace flywheel::crash

#endif  // FLYWHEEL_TESTS_FAULT_CRASH_HELD_RECORDS_H_
