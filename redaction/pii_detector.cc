#include "redaction/pii_detector.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>

#include "redaction/address_block.h"
#include "redaction/foreign_digits.h"
#include "redaction/surroundings.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::redaction {
namespace {

// Memory of one pattern's automata. RE2 slows down where it is not enough, and stays linear.
constexpr int64_t kPatternBytes = 4 << 20;

// Texts from here on are asked whether they repeat: a pattern at every tenth byte is what is slow.
constexpr size_t kLongText = 1 << 16;
// What surroundings, finders and checks look at, at most, before a place and behind a value.
constexpr size_t kSeenBefore = 256;
constexpr size_t kSeenBehind = 512;

bool IsTokenByte(char c) {
  const bool letter = static_cast<unsigned char>((c | 0x20) - 'a') < 26;
  return letter || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The row's pattern; null where it has only a finder. A pattern of an operator may be wrong: the
// answer says so, not the log.
absl::StatusOr<std::unique_ptr<RE2>> Compile(const Recogniser& recogniser,
                                             const std::string& where) {
  if (recogniser.finder != nullptr && recogniser.pattern.empty()) return nullptr;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternBytes);
  auto pattern = std::make_unique<RE2>(recogniser.pattern, options);
  if (!pattern->ok()) {
    return errors::InvalidConfiguration(where + ".pattern", pattern->error(), "a pattern of RE2");
  }
  if (pattern->NumberOfCapturingGroups() > 1 || RE2::FullMatch("", *pattern)) {
    return errors::InvalidConfiguration(
        where + ".pattern", "more than one group, or a match of nothing", "at most one group");
  }
  return pattern;
}

// Makes overlapping findings one, which the earlier row of the table names.
void Merge(std::vector<Finding>& findings) {
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.begin, a.end, a.recogniser) < std::tie(b.begin, b.end, b.recogniser);
  });
  size_t kept = 0;
  for (size_t i = 1; i < findings.size(); ++i) {
    Finding& last = findings[kept];
    const Finding& next = findings[i];
    if (next.begin >= last.end) {
      findings[++kept] = next;
      continue;
    }
    // Who holds the other names both; where none does, the table's order decides.
    const bool holds = next.begin == last.begin && next.end > last.end;
    const bool held = next.end <= last.end && !(next.begin == last.begin && next.end == last.end);
    if (holds || (!held && next.recogniser < last.recogniser)) last.recogniser = next.recogniser;
    last.end = std::max(last.end, next.end);
  }
  if (!findings.empty()) findings.resize(kept + 1);
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// A word that is longer than a recogniser reads may end within a character, of which no part must
// stay. True where one did.
bool GrowCharacters(std::string_view text, std::vector<Finding>& findings) {
  bool grown = false;
  for (Finding& finding : findings) {
    // A text that is no UTF-8 has rows of such bytes.
    for (int i = 0; i < 3 && finding.end < text.size() && IsContinuation(text[finding.end]); ++i) {
      ++finding.end;
      grown = true;
    }
  }
  return grown;
}

}  // namespace

std::vector<Recogniser> BuiltinRecognisers() {
  std::vector<Recogniser> table;
  for (auto family : {SecretRecognisers, NationalIdRecognisers, PaymentRecognisers,
                      ContactRecognisers, PhoneRecognisers, DocumentRecognisers, AccountRecognisers,
                      NameRecognisers, BirthRecognisers, BirthDayRecognisers, PlaceRecognisers,
                      BlockRecognisers, PositionRecognisers}) {
    for (Recogniser& recogniser : family()) table.push_back(std::move(recogniser));
  }
  return table;
}

PiiDetector::PiiDetector() = default;
PiiDetector::PiiDetector(PiiDetector&&) noexcept = default;
PiiDetector& PiiDetector::operator=(PiiDetector&&) noexcept = default;
PiiDetector::~PiiDetector() = default;

// Compiles every row once; a process shares the result.
absl::StatusOr<PiiDetector> PiiDetector::Make(const RedactionConfig& config) {
  PiiDetector detector;
  // The operator knows better what a thing is called: their rows stand first.
  for (const Recogniser& recogniser : config.recognisers) RETURN_IF_ERROR(detector.Add(recogniser));
  for (const Recogniser& recogniser : BuiltinRecognisers()) {
    const bool disabled = std::find(config.disabled.begin(), config.disabled.end(),
                                    recogniser.name) != config.disabled.end();
    if (!disabled) RETURN_IF_ERROR(detector.Add(recogniser));
  }
  detector.AddTagger(config.tagger);
  return detector;
}

void PiiDetector::AddTagger(const TaggerThresholds& thresholds) {
  thresholds_ = thresholds;
  wanted_ = Wanted::kNamesAndAddresses;
  for (size_t type = 0; type < kTaggedTypes.size(); ++type) {
    const bool personal =
        kTaggedTypes[type] == DataType::kName || kTaggedTypes[type] == DataType::kAddress;
    if (thresholds.least[type].has_value() && !personal) wanted_ = Wanted::kAll;
  }
  first_tagged_ = table_.size();
  for (const DataType type : kTaggedTypes) {
    Recogniser row;
    row.name = "tagger";
    row.type = type;
    row.label = DataTypeName(type);
    table_.push_back(std::move(row));
  }
}

absl::Status PiiDetector::Add(const Recogniser& recogniser) {
  const std::string where = "recogniser '" + recogniser.name + "'";
  for (const Recogniser& known : table_) {
    if (known.name == recogniser.name) {
      return errors::InvalidConfiguration(where, "a name that is taken", "one of its own");
    }
  }
  if (recogniser.scan != nullptr) {
    scans_.push_back(table_.size());
    table_.push_back(recogniser);
    if (table_.back().label.empty()) table_.back().label = DataTypeName(recogniser.type);
    patterns_.push_back(nullptr);
    surroundings_.push_back({ContextWords(""), ContextWords(""), ContextWords("")});
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(auto pattern, Compile(recogniser, where));
  // From here on the row's place in the table is its index everywhere.
  scanner_.Add(table_.size(), recogniser.trigger);
  table_.push_back(recogniser);
  if (table_.back().label.empty()) table_.back().label = DataTypeName(recogniser.type);
  patterns_.push_back(std::move(pattern));
  surroundings_.push_back({ContextWords(recogniser.context), ContextWords(recogniser.keys),
                           ContextWords(recogniser.not_after)});
  return absl::OkStatus();
}

bool PiiDetector::IsNamed(std::string_view text, const Finding& finding) const {
  const Surroundings& wanted = surroundings_[finding.recogniser];
  if (!wanted.keys.empty()) {
    const std::string_view key = TellingKey(text, finding.begin, finding.end);
    if (!key.empty()) return EndsWithWord(key, wanted.keys);
  }
  return HasContext(text, finding.begin, finding.end, wanted.context);
}

ValueSpan PiiDetector::Match(std::string_view text, size_t index, size_t place) const {
  const Recogniser& row = table_[index];
  if (row.pattern.empty()) return row.finder(text, place);
  // Match the pattern, from the trigger on where nothing may stand before it.
  const RE2& pattern = *patterns_[index];
  const size_t begin = place - std::min(place, row.before);
  const size_t end = std::min(text.size(), place + row.after);
  re2::StringPiece groups[2];
  const int wanted = row.finder != nullptr ? 1 : 1 + pattern.NumberOfCapturingGroups();
  const re2::StringPiece all(text.data(), text.size());
  const RE2::Anchor anchor = row.before > 0 ? RE2::UNANCHORED : RE2::ANCHOR_START;
  // Whether there is a match is cheap to know; where its group is, is not.
  if (wanted > 1 && !pattern.Match(all, begin, end, anchor, nullptr, 0)) return {};
  if (!pattern.Match(all, begin, end, anchor, groups, wanted)) return {};
  const re2::StringPiece& match = groups[wanted - 1];
  if (match.data() == nullptr) return {};
  const size_t first = static_cast<size_t>(match.data() - text.data());
  if (row.finder != nullptr) return row.finder(text, first + match.size());
  return {first, first + match.size()};
}

bool PiiDetector::Try(std::string_view text, size_t index, size_t place, Finding& finding) const {
  const Recogniser& row = table_[index];
  if (row.needed != 0 &&
      text.substr(place, row.needed_within).find(row.needed) == std::string_view::npos) {
    return false;
  }
  if (!row.begins.empty() && row.begins.find(text[place]) == std::string::npos) return false;
  if (row.starts_token && place > 0 && IsTokenByte(text[place - 1])) return false;
  // Most numbers of a row need no pattern to say so.
  if (row.not_in_row && row.before == 0 && ContinuesRow(text, place)) return false;
  const ValueSpan match = Match(text, index, place);
  if (match.begin == match.end) return false;
  // Let the check cut, or refuse, what matched.
  const size_t first = match.begin;
  size_t size = match.end - match.begin;
  if (row.check != nullptr) size = row.check(text.substr(first, size));
  // "4111 1111 1111 1111 888-8": with 888 it would be a card too.
  while (row.may_end_earlier && size > 0 && !IsWholeToken(text, first, first + size)) {
    size = row.check(text.substr(first, size - 1));
  }
  if (size == 0 || !IsWholeToken(text, first, first + size)) return false;
  // "\\u05df" is a letter.
  if (first > 0 && text[first] == 'u' && text[first - 1] == '\\') return false;
  // Ask the surroundings last: they cost most.
  finding = {first, first + size, index};
  if (!row.context.empty() && !IsNamed(text, finding)) return false;
  if (!row.not_after.empty() && StandsAfter(text, first, surroundings_[index].not_after)) {
    return false;
  }
  if (row.not_in_row && StandsInRow(text, finding.begin, finding.end)) return false;
  return !TouchesPlaceholder(text, finding.begin, finding.end);
}

bool PiiDetector::TryAgain(std::string_view text, size_t index, size_t place, LastTried& tried,
                           Repeats& repeats, Finding& finding) const {
  const size_t after = table_[index].after;
  const size_t end = place + after + kSeenBehind;
  const bool inside = end <= text.size() && after <= kSeenBehind;
  for (Tried& last : tried.places) {
    // Most places do not even begin as the last ones did.
    if (!inside || last.place < kSeenBefore || last.place >= place ||
        std::memcmp(text.data() + place, text.data() + last.place, sizeof(uint64_t)) != 0 ||
        !repeats.At(text, place - kSeenBefore, end, place - last.place)) {
      continue;
    }
    // The next place is asked about this one, so that the distance stays the same.
    const size_t moved = place - last.place;
    last.place = place;
    last.finding = {last.finding.begin + moved, last.finding.end + moved, index};
    finding = last.finding;
    return last.found;
  }
  const bool found = Try(text, index, place, finding);
  tried.places[tried.next] = {place, found, found ? finding : Finding{place, place, index}};
  tried.next = (tried.next + 1) % tried.places.size();
  return found;
}

void PiiDetector::Find(std::string_view text, std::vector<Finding>& findings) const {
  // Triggers come in any order and may overlap; merging sorts.
  findings.clear();
  // Digits of other scripts are looked at in a copy in which they are ASCII.
  const bool foreign = HasForeignDigits(text);
  const AsciiDigits copy = foreign ? AsciiDigits(text) : AsciiDigits();
  if (foreign) text = copy.text();
  std::vector<LastTried> tried(text.size() < kLongText ? 0 : table_.size());
  Repeats repeats;
  scanner_.Scan(text, [&](size_t index, size_t place) {
    Finding finding;
    const bool found = tried.empty() ? Try(text, index, place, finding)
                                     : TryAgain(text, index, place, tried[index], repeats, finding);
    if (found) findings.push_back(finding);
  });
  for (const size_t index : scans_) {
    table_[index].scan(text, [&](size_t begin, size_t end) {
      if (!TouchesPlaceholder(text, begin, end)) findings.push_back({begin, end, index});
    });
  }
  if (findings.size() > 1) Merge(findings);
  if (thresholds_.on) FindByTagger(text, findings);
  if (GrowAddresses(text, findings)) Merge(findings);
  if (GrowCharacters(text, findings)) Merge(findings);
  if (!foreign) return;
  for (Finding& finding : findings) {
    finding.begin = copy.PlaceInOriginal(finding.begin);
    finding.end = copy.PlaceInOriginal(finding.end);
  }
}

void PiiDetector::FindByTagger(std::string_view text, std::vector<Finding>& findings) const {
  std::vector<TaggedSpan> spans;
  tagger_.Find(text, spans, wanted_);
  const size_t by_rules = findings.size();
  size_t rule = 0;
  for (const TaggedSpan& span : spans) {
    const std::optional<float>& least = thresholds_.least[span.type];
    if (!least.has_value() || span.confidence < *least) continue;
    if (TouchesPlaceholder(text, span.begin, span.end)) continue;
    // Rules win where they found something, but for more of the same: "Dr. [Ann] Lee".
    while (rule < by_rules && findings[rule].end <= span.begin) ++rule;
    bool same = true;
    for (size_t r = rule; r < by_rules && findings[r].begin < span.end; ++r) {
      same = same && table_[findings[r].recogniser].type == kTaggedTypes[span.type];
    }
    if (same) findings.push_back({span.begin, span.end, first_tagged_ + span.type});
  }
  if (findings.size() == by_rules) return;
  Merge(findings);
  Join(text, findings);
}

void PiiDetector::Join(std::string_view text, std::vector<Finding>& findings) const {
  size_t kept = 0;
  for (size_t i = 1; i < findings.size(); ++i) {
    Finding& last = findings[kept];
    const Finding& next = findings[i];
    const DataType type = table_[last.recogniser].type;
    const bool tagged = last.recogniser >= first_tagged_ || next.recogniser >= first_tagged_;
    const std::string_view between = text.substr(last.end, next.begin - last.end);
    const bool joined = (type == DataType::kName && between == " ") ||
                        (type == DataType::kAddress && between.size() <= 2 &&
                         between.find_first_not_of(" ,\n") == std::string_view::npos);
    if (tagged && joined && table_[next.recogniser].type == type) {
      last.recogniser = std::min(last.recogniser, next.recogniser);
      last.end = next.end;
    } else {
      findings[++kept] = next;
    }
  }
  findings.resize(kept + 1);
}

bool PiiDetector::GrowAddresses(std::string_view text, std::vector<Finding>& findings) const {
  // What is known as an address is the middle of one: its number, unit, town and country are beside
  // it. The rest of a block is not asked again for what another recogniser found in it.
  bool grown = false;
  size_t done = 0;
  for (Finding& finding : findings) {
    if (table_[finding.recogniser].type != DataType::kAddress) {
      done = finding.end;
      continue;
    }
    const ValueSpan block = AddressBlock(text, {finding.begin, finding.end}, done);
    if (block.begin == finding.begin && block.end == finding.end) continue;
    if (TouchesPlaceholder(text, block.begin, block.end)) continue;
    finding.begin = block.begin;
    finding.end = done = block.end;
    grown = true;
  }
  return grown;
}

}  // namespace flywheel::redaction
