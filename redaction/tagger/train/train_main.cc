// train_tagger: makes model.bin of what generate.py wrote, or measures a model on labelled texts.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "redaction/tagger/model_bytes.h"
#include "redaction/tagger/train/trainer.h"

namespace flywheel::redaction {
namespace {

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "cannot read " << path << "\n";
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

int Main(int argc, char** argv) {
  CLI::App app("Makes the tagger's model of labelled texts, or measures one.");
  TrainOptions options;
  std::string data, out, model_file;
  std::vector<std::string> tests;
  float threshold = 0.5F;
  bool show_errors = false, whole_lexicon = false;
  app.add_option("--data", data, "the folder that generate.py wrote; none: measure only");
  app.add_option("--out", out, "where the model is written");
  app.add_option("--model", model_file, "the model that is measured; none: the one compiled in");
  app.add_option("--test", tests, "files of labelled texts to measure on");
  app.add_option("--threshold", threshold, "what is less sure is not counted");
  app.add_option("--epochs", options.epochs, "passes over the texts");
  app.add_option("--rate", options.rate, "the first step of a weight");
  app.add_option("--row-bits", options.row_bits, "2^n rows of weights");
  app.add_option("--hide-identity", options.hide_identity, "how often words are hidden");
  app.add_option("--seed", options.seed, "decides the order");
  app.add_flag("--whole-lexicon", whole_lexicon, "writes a model that knows all names there are");
  app.add_flag("--show-errors", show_errors, "prints the texts that are wrong");
  CLI11_PARSE(app, argc, argv);

  std::string model = model_file.empty() ? std::string(ModelBytes()) : ReadWhole(model_file);
  if (!data.empty()) {
    model =
        EmptyModel(options, ReadWhole(data + "/lexicon.txt"), ReadWhole(data + "/ordinary.txt"));
    Train(options, ParseLabelledTexts(ReadWhole(data + "/train.txt")), model);
    Calibrate(ParseLabelledTexts(ReadWhole(data + "/calibrate.txt")), model);
    if (whole_lexicon) {
      const std::string whole = EmptyModel(options, ReadWhole(data + "/whole_lexicon.txt"),
                                           ReadWhole(data + "/ordinary.txt"));
      const size_t learnt = LearntBytes(options);
      model = model.substr(0, learnt) + whole.substr(learnt);
    }
    std::ofstream(out, std::ios::binary) << model;
  }
  for (const std::string& test : tests) {
    Evaluate(test, ParseLabelledTexts(ReadWhole(test)), model, threshold, show_errors);
  }
  return 0;
}

}  // namespace
}  // namespace flywheel::redaction

int main(int argc, char** argv) { return flywheel::redaction::Main(argc, argv); }
