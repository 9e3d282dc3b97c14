// Multi-string search in the bytes of files and answers.
#ifndef FLYWHEEL_TESTS_INGEST_SERVICE_LABELLED_VALUE_SEARCH_H_
#define FLYWHEEL_TESTS_INGEST_SERVICE_LABELLED_VALUE_SEARCH_H_

#include <bitset>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/redaction/sentences.h"

namespace flywheel::ingest {

// Knows every labelled value of some sentences. A value that an escape may cut in two (a line
// break, a quote) counts as found with any of its longer pieces.
class ValueSearch {
 public:
  explicit ValueSearch(const std::vector<redaction::Sentence>& sentences);

  // Of all values; what stands outside of labels as well, such as in an order number, is none.
  int values() const { return static_cast<int>(types_.size()); }

  // Counts the values that stand in `bytes`, and remembers them and what `where` said first.
  int Find(std::string_view bytes, const std::string& where);

  // Different values that any call found, by type.
  std::map<redaction::DataType, int> Found() const;
  // A few of them, a line each, with the place; of these types alone, where any is named.
  std::string Examples(const std::set<redaction::DataType>& types = {}) const;

 private:
  struct Needle {
    std::string text;
    size_t value;
  };

  // Calls visit(value) for each needle in `bytes`, once a place.
  template <typename Visit>
  void ForEachHit(std::string_view bytes, Visit visit) const;
  void AddNeedles(const std::string& value, size_t index);

  std::vector<redaction::DataType> types_;
  std::vector<std::string> values_;
  // By their first four bytes, which the bitset knows hashed.
  std::unordered_map<uint32_t, std::vector<Needle>> needles_;
  std::bitset<1 << 20> beginnings_;
  // Value and where it was first found.
  std::map<size_t, std::string> found_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_TESTS_INGEST_SERVICE_LABELLED_VALUE_SEARCH_H_
