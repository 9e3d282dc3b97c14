// Groundedness on public sets that people labelled: QAGS (Wang, Cho and Lewis 2020), sentences of
// summaries, and BEGIN (Dziri et al. 2022), answers in dialogues. None of them was looked at when
// the measure was made.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/eval_gate_service/evaluators/evaluate.h"
#include "tests/eval_gate_service/evaluators/public_data.h"
#include "tests/eval_gate_service/evaluators/ranking.h"

namespace flywheel::evalgate::evaluators {
namespace {

struct Labelled {
  std::string context;
  std::string answer;
  bool supported = false;
};

// A sentence is supported where most of those who were asked say so.
std::vector<Labelled> Qags(const std::string& name) {
  std::vector<Labelled> items;
  for (const nlohmann::json& row : JsonLines("qags/" + name + ".jsonl")) {
    for (const nlohmann::json& sentence : row["summary_sentences"]) {
      int yes = 0;
      for (const nlohmann::json& one : sentence["responses"]) yes += one["response"] == "yes";
      items.push_back({row["article"], sentence["sentence"],
                       2 * yes > static_cast<int>(sentence["responses"].size())});
    }
  }
  return items;
}

// Answers that are labelled as generic say nothing, and are left out.
std::vector<Labelled> Begin(const std::string& name) {
  std::ifstream file(DataFile("begin/" + name + ".tsv"));
  std::vector<Labelled> items;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    std::vector<std::string> fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, '\t');) fields.push_back(field);
    if (fields.size() != 6) continue;
    if (fields[5] == "Fully attributable") items.push_back({fields[2], fields[4], true});
    if (fields[5] == "Not fully attributable") items.push_back({fields[2], fields[4], false});
  }
  return items;
}

struct PublicSet {
  const char* name;
  std::vector<Labelled> (*read)(const std::string&);
  // What was measured, less two points.
  double least;
};

class PublicGroundedness : public ::testing::TestWithParam<PublicSet> {};

INSTANTIATE_TEST_SUITE_P(All, PublicGroundedness,
                         ::testing::Values(PublicSet{"mturk_cnndm", Qags, 0.656},
                                           PublicSet{"mturk_xsum", Qags, 0.653},
                                           PublicSet{"begin_dev_cmu", Begin, 0.930},
                                           PublicSet{"begin_dev_tc", Begin, 0.839},
                                           PublicSet{"begin_dev_wow", Begin, 0.899},
                                           PublicSet{"begin_test_wow", Begin, 0.888}),
                         [](const auto& param) { return std::string(param.param.name); });

TEST_P(PublicGroundedness, RanksWhatPeopleCallSupported) {
  const std::vector<Labelled> items = GetParam().read(GetParam().name);
  if (items.empty()) {
    GTEST_SKIP() << GetParam().name << " is not here: put it into 'qags' or 'begin' of "
                 << "FLYWHEEL_DATA_DIR";
  }
  const auto groundedness = Make("groundedness", "", 0.5);
  std::vector<double> supported, others, plain_supported, plain_others;
  for (const Labelled& item : items) {
    Case one;
    one.contexts = {item.context};
    const double score = groundedness->Evaluate(one, Said(item.answer)).score;
    (item.supported ? supported : others).push_back(score);
    (item.supported ? plain_supported : plain_others)
        .push_back(UnigramPrecision(item.context, item.answer));
  }
  const double auroc = Auroc(supported, others);
  fmt::print("{}: {} supported, {} not; AUROC {:.3f}, unigram precision {:.3f}\n", GetParam().name,
             supported.size(), others.size(), auroc, Auroc(plain_supported, plain_others));
  EXPECT_GE(auroc, GetParam().least);
}

}  // namespace
}  // namespace flywheel::evalgate::evaluators
