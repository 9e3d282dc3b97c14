// Known values: what is personal anywhere in a conversation, to be found everywhere in it.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_KNOWN_VALUES_H_
#define FLYWHEEL_REDACTION_CONVERSATION_KNOWN_VALUES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "redaction/conversation/personal_span.h"

namespace flywheel::redaction {

// The values of one conversation, the persons behind them, and their placeholders. A name and its
// parts are one person where no other full name has the part: "Ann" and "Ann Lee" are [NAME_1].
// Numbers are given at first use, from 1 on or behind those that texts brought with them. Holds
// values in memory only. Not thread-safe.
class KnownValues {
 public:
  // What is a value, and how far it spreads; the same one twice changes nothing. `label` outlives
  // this object.
  void Add(DataType type, std::string_view label, std::string_view value, Spread spread);
  // Finds out which names belong together, after values were added and before FindIn.
  void Resolve();

  // Appends where known values stand in `text`, at the bounds of its words and in any case. Linear:
  // one pass, a look at a hash table a word, and a bounded number behind a word that begins a
  // value. A name that is a common word, too, counts with a capital inside of a sentence only, a
  // number of less than six digits in texts only (`in_text`).
  void FindIn(std::string_view text, bool in_text, std::vector<PersonalSpan>& spans) const;
  // Is there nothing that FindIn could find?
  bool spreads_nothing() const { return places_.empty(); }
  // How many values are known.
  size_t size() const { return persons_.size(); }

  // The placeholder of a value: the one of its person where it is known, else a new one.
  std::string Placeholder(DataType type, std::string_view label, std::string_view value);
  // Notes the placeholders that a text brings, whose numbers are not given again.
  void SkipNumbers(std::string_view text);

 private:
  struct Place {
    size_t person = 0;
    bool is_name = false;
    bool is_part = false;
  };
  struct FullName {
    size_t person = 0;
    std::vector<std::string> parts;
  };

  size_t PersonOf(DataType type, std::string_view label, std::string_view value);
  size_t Root(size_t person) const;
  // Makes `text`, a value or a part of it, something to look for.
  void Look(std::string_view text, Place place);
  // The same for what stands between the commas of an address, with its number.
  void LookForParts(std::string_view address, size_t person);
  bool Counts(std::string_view text, size_t begin, size_t end, const Place& place,
              bool in_text) const;

  struct Person {
    DataType type = DataType::kName;
    std::string_view label;
    size_t same_as = 0;  // Itself, or who it was found to be.
    std::string placeholder;
  };
  std::vector<Person> persons_;
  absl::flat_hash_map<std::string, size_t> by_value_;  // By normalised value.
  std::vector<FullName> full_names_;
  absl::flat_hash_set<std::string> spread_by_parts_;  // Keys of full_names_.
  size_t resolved_ = 0;
  absl::flat_hash_map<std::string, Place> places_;          // By words and what is between them.
  absl::flat_hash_map<std::string, size_t> max_words_;      // By first word.
  std::array<bool, 256> begins_{};                          // First bytes of first words.
  absl::flat_hash_map<std::string, int64_t> last_numbers_;  // By label.
};

// A value as it is compared: in lower case, numbers without their separators.
std::string NormalisedValue(DataType type, std::string_view value);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_KNOWN_VALUES_H_
