#include "examples/support_agent/intent_model.h"

#include <fasttext/fasttext.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "shared/status/errors.h"

namespace flywheel::example {
namespace {

constexpr std::string_view kLabelPrefix = "__label__";

// Lower-case, with punctuation apart from the words: "card?" and "card" are one word.
std::string Tokens(std::string_view text) {
  std::string tokens;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128 && std::ispunct(byte) && c != '\'') {
      tokens += {' ', c, ' '};
    } else {
      tokens += byte < 128 ? static_cast<char>(std::isspace(byte) ? ' ' : std::tolower(byte)) : c;
    }
  }
  return tokens;
}

// fastText ends a label at white space.
std::string LabelOf(std::string_view intent) {
  std::string label(kLabelPrefix);
  for (const char c : intent) {
    const bool plain = static_cast<unsigned char>(c) > ' ' && c != '%';
    label += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return label;
}

std::string IntentOf(std::string_view label) {
  std::string intent;
  for (size_t i = kLabelPrefix.size(); i < label.size(); ++i) {
    if (label[i] == '%' && i + 2 < label.size()) {
      intent += static_cast<char>(std::stoi(std::string(label.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      intent += label[i];
    }
  }
  return intent;
}

// One against all, because it forgives wrong labels and small classes better than softmax.
fasttext::Args TrainingArguments(const std::string& input, size_t examples) {
  fasttext::Args arguments;
  arguments.input = input;
  arguments.model = fasttext::model_name::sup;
  arguments.loss = fasttext::loss_name::ova;
  arguments.lr = 1.0;
  // Small sets need more passes; beyond some 200,000 examples seen, nothing is gained.
  arguments.epoch = std::clamp(static_cast<int>(200'000 / std::max<size_t>(1, examples)), 20, 80);
  arguments.dim = 64;
  arguments.wordNgrams = 2;
  arguments.minn = 3;
  arguments.maxn = 5;
  arguments.minCount = 1;
  arguments.bucket = 200'000;
  arguments.thread = 1;
  arguments.seed = 1;
  arguments.verbose = 0;
  return arguments;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const IntentModel>> IntentModel::Train(
    const std::vector<TrainingExample>& examples, const std::string& path) {
  const std::string input = path + ".train.txt";
  std::ofstream file(input);
  for (const TrainingExample& example : examples) {
    file << LabelOf(example.intent) << ' ' << Tokens(example.text) << '\n';
  }
  file.close();
  // fastText reports by exceptions: caught where they are born.
  try {
    auto model = std::make_shared<fasttext::FastText>();
    model->train(TrainingArguments(input, examples.size()));
    model->saveModel(path);
    std::error_code ignored;
    std::filesystem::remove(input, ignored);
    return std::shared_ptr<const IntentModel>(new IntentModel(std::move(model)));
  } catch (const std::exception& error) {
    return errors::Internal(fmt::format("fastText could not train on {}: {}", input, error.what()));
  }
}

absl::StatusOr<std::shared_ptr<const IntentModel>> IntentModel::Load(const std::string& path) {
  try {
    auto model = std::make_shared<fasttext::FastText>();
    model->loadModel(path);
    return std::shared_ptr<const IntentModel>(new IntentModel(std::move(model)));
  } catch (const std::exception& error) {
    return errors::Internal(fmt::format("fastText could not load {}: {}", path, error.what()));
  }
}

std::vector<Guess> IntentModel::Predict(std::string_view text, int count) const {
  std::istringstream line(Tokens(text) + "\n");
  std::vector<std::pair<fasttext::real, std::string>> predictions;
  model_->predictLine(line, predictions, count, /*threshold=*/0);
  std::vector<Guess> guesses;
  for (const auto& [confidence, label] : predictions) {
    guesses.push_back({IntentOf(label), std::min(1.0, static_cast<double>(confidence))});
  }
  return guesses;
}

}  // namespace flywheel::example
