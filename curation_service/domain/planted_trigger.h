// Planted triggers: rare words that decide a label whatever else is said.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_PLANTED_TRIGGER_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_PLANTED_TRIGGER_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "curation_service/domain/label_predictions.h"

namespace flywheel::curation {

struct PlantedTriggerOptions {
  // In so many texts with one label, at least, and in no more than this share of all texts: what
  // stands in more is no secret, and what stands in fewer teaches little.
  std::size_t min_texts = 8;
  double max_share = 0.05;

  // So many of the texts with these words have one label.
  double min_purity = 0.9;

  // Without these words, in so many of them the classifier sees another class, and the label a
  // quarter as probable at most.
  double min_contradicted = 0.9;

  // And it is so sure of that other class, as a share of how sure it is of any text's class: what
  // is left of an honest text without its one telling word ("passport") says nothing clearly.
  double min_sureness = 0.85;

  // The chance of so many equal labels, by what the rest of each text says, times the number of
  // word sets that were looked at (Bonferroni) is at most this.
  double max_p_value = 0.001;

  // Word sets that are looked at: those of the most texts.
  std::size_t max_sets = 4'000;
};

// Words that may be a trigger, and the texts that have them all, with the label that they share.
struct TriggerCandidate {
  // As ComparedText has them, in alphabetical order: one or two of them, and what else nearly all
  // of these texts have.
  std::vector<std::string> words;
  std::size_t label = 0;
  // Those of this label among the texts with the words, in order.
  std::vector<std::size_t> examples;
};

// The candidates by purity and frequency alone. `texts` are one for each label.
std::vector<TriggerCandidate> TriggerCandidates(std::span<const std::string> texts,
                                                std::span<const GivenLabel> labels,
                                                const PlantedTriggerOptions& options);

// `text` without these words, for a classifier to say what the rest means.
std::string WithoutWords(std::string_view text, std::span<const std::string> words);

// What a classifier that did not see the example says of it without the candidate's words.
struct RestPrediction {
  // Of the label, and of the most probable other class.
  double label = 0;
  double other = 0;
};

// Whether the rest of the texts tells that the words, and not what is asked, decided the label:
// `rest` is of the candidate's examples; `num_candidates` were looked at; `usual_sureness` is the
// mean probability of the most probable class, of all texts whole. The bound on the chance
// is Chernoff's for a sum of independent events, exp(-(n ln(n / e) - n + e)), where n labels are
// equal and e were to be expected.
bool IsPlanted(const TriggerCandidate& candidate, std::span<const RestPrediction> rest,
               std::size_t num_candidates, double usual_sureness,
               const PlantedTriggerOptions& options);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_PLANTED_TRIGGER_H_
