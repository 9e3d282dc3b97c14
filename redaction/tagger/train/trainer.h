// Trainer: learns the weights of the tagger from labelled texts.
#ifndef FLYWHEEL_REDACTION_TAGGER_TRAIN_TRAINER_H_
#define FLYWHEEL_REDACTION_TAGGER_TRAIN_TRAINER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "redaction/tagger/model.h"
#include "redaction/tagger/train/labelled_text.h"

namespace flywheel::redaction {

struct TrainOptions {
  uint32_t row_bits = 16;
  uint32_t lexicon_bits = 17;
  uint32_t ordinary_bits = 22;
  int epochs = 5;
  float rate = 0.05F;
  uint64_t seed = 1;
  // How often training does not see which word a word is, but only what it looks like.
  double hide_identity = 0.3;
};

// The bytes of a model without weights: `lexicon` has lines "BITS<tab>word", `ordinary` one word a
// line.
std::string EmptyModel(const TrainOptions& options, std::string_view lexicon,
                       std::string_view ordinary);

// How many bytes of a model are what was learnt; its lexicon follows.
size_t LearntBytes(const TrainOptions& options);

// Fits a conditional random field to `texts` by stochastic gradients (AdaGrad), in an order that
// the seed decides, and writes weights and transitions, rounded to bytes, into `model`.
void Train(const TrainOptions& options, const std::vector<LabelledText>& texts, std::string& model);

// Fits each type's slope and offset to texts that were not trained on: logistic regression of
// "right" on the log odds of the least sure word.
void Calibrate(const std::vector<LabelledText>& texts, std::string& model);

// Prints recall and precision by type, and how many texts without a span are changed.
void Evaluate(const std::string& name, const std::vector<LabelledText>& texts,
              const std::string& model, float threshold, bool show_errors);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_TRAIN_TRAINER_H_
