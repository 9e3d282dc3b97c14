#include "curation_service/domain/contamination.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "curation_service/domain/contamination_index.h"
#include "shared/status/status_macros.h"
#include "shared/text/compared_text.h"

namespace flywheel::curation {
namespace {

constexpr size_t kLeastTextsWithAffix = 20;
constexpr size_t kMostWordsOfAffix = 64;
constexpr int kTextsPerCheck = 1'000;

enum class End { kFirst, kLast };

// The first or last `words` words of a text; empty where it has no more than those.
std::string_view AffixOf(std::string_view text, size_t words, End end) {
  size_t place = end == End::kFirst ? 0 : text.size();
  for (size_t i = 0; i < words; ++i) {
    if (end == End::kFirst) {
      const size_t space = text.find(' ', place);
      if (space == std::string_view::npos) return {};
      place = space + 1;
    } else {
      const size_t space = place == 0 ? std::string_view::npos : text.rfind(' ', place - 1);
      if (space == std::string_view::npos) return {};
      place = space;
    }
  }
  return end == End::kFirst ? text.substr(0, place) : text.substr(place);
}

// The longest one that half of the texts share. Each longer one is shared by fewer.
std::string SharedAffix(const std::vector<std::string>& texts, End end) {
  std::string shared;
  for (size_t words = 1; words <= kMostWordsOfAffix; ++words) {
    absl::flat_hash_map<std::string_view, size_t> texts_with;
    std::string_view most;
    for (const std::string& text : texts) {
      const std::string_view affix = AffixOf(text, words, end);
      if (!affix.empty() && 2 * ++texts_with[affix] >= texts.size()) most = affix;
    }
    if (most.empty()) break;
    shared = most;
  }
  return shared;
}

void TakeOff(const std::string& affix, End end, std::string& text) {
  if (affix.empty() || text.size() <= affix.size()) return;
  if (end == End::kFirst && text.compare(0, affix.size(), affix) == 0) {
    text.erase(0, affix.size());
  } else if (end == End::kLast &&
             text.compare(text.size() - affix.size(), affix.size(), affix) == 0) {
    text.resize(text.size() - affix.size());
  }
}

// Texts that are compared, and whose they are.
struct Side {
  std::vector<std::string> interaction_ids;
  std::vector<std::string> texts;

  void Add(const std::string& interaction_id, const std::string& input) {
    interaction_ids.push_back(interaction_id);
    texts.push_back(ComparedText(input));
  }
};

Side EvalSide(const std::vector<DraftRow>& drafts, std::vector<EvalInput> earlier) {
  for (const DraftRow& draft : drafts) {
    if (draft.row.split != Split::kEval || !draft.row.positive()) continue;
    earlier.push_back({draft.row.interaction_id, draft.row.input});
  }
  std::sort(earlier.begin(), earlier.end(), [](const EvalInput& a, const EvalInput& b) {
    return std::tie(a.interaction_id, a.input) < std::tie(b.interaction_id, b.input);
  });
  Side side;
  absl::flat_hash_set<std::string> met;
  for (const EvalInput& one : earlier) {
    if (met.insert(ComparedText(one.input)).second) side.Add(one.interaction_id, one.input);
  }
  WithoutSharedAffixes(side.texts);
  return side;
}

}  // namespace

void WithoutSharedAffixes(std::vector<std::string>& texts) {
  if (texts.size() < kLeastTextsWithAffix) return;
  for (const End end : {End::kFirst, End::kLast}) {
    const std::string affix = SharedAffix(texts, end);
    for (std::string& text : texts) TakeOff(affix, end, text);
  }
}

absl::StatusOr<std::vector<DraftRow>> WithoutContaminated(std::vector<DraftRow> drafts,
                                                          std::vector<EvalInput> earlier,
                                                          const DatasetOptions& options,
                                                          Removals& removals,
                                                          const Deadline& deadline) {
  const Side eval = EvalSide(drafts, std::move(earlier));
  if (eval.texts.empty()) return drafts;
  std::vector<std::string> train;
  for (const DraftRow& draft : drafts) {
    if (draft.row.split == Split::kTrain) train.push_back(ComparedText(draft.row.input));
  }
  WithoutSharedAffixes(train);
  WordFrequencies frequencies;
  for (const std::string& text : eval.texts) frequencies.Add(text);
  for (const std::string& text : train) frequencies.Add(text);
  RETURN_IF_ERROR(deadline.Check());
  ContaminationOptions thresholds;
  thresholds.block_cosine = options.block_similarity;
  thresholds.review_cosine = std::min(options.review_similarity, options.block_similarity);
  ContaminationIndex index(eval.texts, frequencies, thresholds);

  PeriodicCheck check(deadline, kTextsPerCheck);
  std::vector<DraftRow> kept;
  kept.reserve(drafts.size());
  auto text = train.begin();
  for (DraftRow& draft : drafts) {
    if (draft.row.split == Split::kTrain) {
      RETURN_IF_ERROR(check.Step());
      if (const std::optional<Contamination> found = index.Find(*text++)) {
        const bool blocks = index.Blocks(*found);
        removals.Add({draft.row.interaction_id,
                      blocks ? RemovalReason::kContaminated : RemovalReason::kPerhapsContaminated,
                      found->score, eval.interaction_ids[found->eval_text]});
        if (blocks) continue;
      }
    }
    kept.push_back(std::move(draft));
  }
  return kept;
}

}  // namespace flywheel::curation
