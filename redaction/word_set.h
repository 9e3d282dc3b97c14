// A set of words for look-ups, from a list that a person can read.
#ifndef FLYWHEEL_REDACTION_WORD_SET_H_
#define FLYWHEEL_REDACTION_WORD_SET_H_

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "absl/container/flat_hash_set.h"

namespace flywheel::redaction {

// Immutable, so thread-safe. The list, with '|' between its words, has to outlive it.
//
//   static const WordSet& words = *new WordSet("am|an der|im");
class WordSet {
 public:
  explicit WordSet(std::string_view list) {
    for (size_t begin = 0; begin <= list.size();) {
      const size_t end = std::min(list.find('|', begin), list.size());
      words_.insert(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  bool Has(std::string_view word) const { return words_.contains(word); }

 private:
  absl::flat_hash_set<std::string_view> words_;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_WORD_SET_H_
