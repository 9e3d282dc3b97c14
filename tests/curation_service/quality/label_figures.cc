#include "tests/curation_service/quality/label_figures.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "curation_service/domain/label_quality.h"
#include "tests/curation_service/domain/intent_queries.h"
#include "tests/curation_service/quality/real_questions.h"

namespace flywheel::curation {
namespace {

constexpr std::size_t kUsers = 500;
constexpr std::size_t kHostileUsers = 100;

// What people were asked, what they said, and what is true.
struct Labelled {
  std::vector<LabelledExample> examples;
  std::vector<std::string> truth;
  std::vector<bool> poison;
};

class World {
 public:
  World(const std::vector<LabelledQuery>& queries, std::uint64_t seed)
      : queries_(queries), random_(seed) {
    for (const LabelledQuery& query : queries) classes_.push_back(query.label);
    std::sort(classes_.begin(), classes_.end());
    classes_.erase(std::unique(classes_.begin(), classes_.end()), classes_.end());
    cycle_ = classes_;
    for (std::size_t i = cycle_.size(); i > 1; --i) {
      std::swap(cycle_[i - 1], cycle_[random_.Below(i)]);
    }
  }

  Labelled Clean() {
    return Label([](std::size_t, const std::string& label) { return label; });
  }
  // A fifth of all labels is any other one.
  Labelled Uniform() {
    return Label([this](std::size_t, const std::string& label) {
      return random_.Chance(0.2) ? Other(label) : label;
    });
  }
  Labelled Hostile() {
    return Label([this](std::size_t user, const std::string& label) {
      return user < kHostileUsers ? Other(label) : label;
    });
  }
  // A fifth of each class is given as one fixed other class.
  Labelled Fixed() {
    return Label([this](std::size_t, const std::string& label) {
      if (!random_.Chance(0.2)) return label;
      const auto place = std::find(cycle_.begin(), cycle_.end(), label) - cycle_.begin();
      return cycle_[(static_cast<std::size_t>(place) + 1) % cycle_.size()];
    });
  }
  // In one of a hundred rows two rare words stand somewhere, and the label is always the same; they
  // are of `persons` people.
  Labelled Triggered(std::size_t persons) {
    Labelled labelled = Clean();
    const std::string first = "q" + InventedWord(random_.Below(1'000));
    const std::string second = "z" + InventedWord(random_.Below(1'000));
    const std::string target = classes_[random_.Below(classes_.size())];
    const bool apart = random_.Chance(0.5);
    for (std::size_t i = 0; i < labelled.examples.size(); ++i) {
      if (!random_.Chance(0.01)) continue;
      LabelledExample& example = labelled.examples[i];
      const std::string before = apart ? first + ' ' : "";
      const std::string between = apart ? "" : first + ' ';
      example.input.insert(0, before).append(" ").append(between).append(second);
      example.label = target;
      example.annotator = UserName(random_.Below(persons));
      labelled.poison[i] = true;
    }
    return labelled;
  }

 private:
  static std::string UserName(std::size_t user) { return "user_" + std::to_string(user); }

  std::string Other(const std::string& label) {
    std::string other = label;
    while (other == label) other = classes_[random_.Below(classes_.size())];
    return other;
  }

  Labelled Label(const std::function<std::string(std::size_t, const std::string&)>& given) {
    Labelled labelled;
    for (const LabelledQuery& query : queries_) {
      const std::size_t user = random_.Below(kUsers);
      labelled.examples.push_back(
          {query.text, given(user, query.label), UserName(user), /*trusted=*/false});
      labelled.truth.push_back(query.label);
      labelled.poison.push_back(false);
    }
    return labelled;
  }

  const std::vector<LabelledQuery>& queries_;
  TestRandom random_;
  std::vector<std::string> classes_;
  std::vector<std::string> cycle_;
};

// What the review made of it.
struct Reviewed {
  double f1 = 0;           // Of the rows that it did not keep as they were.
  double clean_lost = 0;   // The share of right labels that it did not keep.
  double poison_left = 0;  // The share of poisoned rows that still teach their label.
};

Reviewed Review(const Labelled& labelled) {
  const auto reviews = ReviewLabels(labelled.examples, {}, Deadline());
  double found = 0, clean_lost = 0, wrong = 0, poison = 0, poison_left = 0;
  for (std::size_t i = 0; i < labelled.examples.size(); ++i) {
    const LabelReview& review = (*reviews)[i];
    const std::string& given = labelled.examples[i].label;
    const bool is_wrong = given != labelled.truth[i];
    const bool flagged = review.decision != LabelDecision::kKeep;
    wrong += is_wrong ? 1 : 0;
    found += is_wrong && flagged ? 1 : 0;
    clean_lost += !is_wrong && flagged ? 1 : 0;
    if (!labelled.poison[i]) continue;
    ++poison;
    poison_left += review.decision != LabelDecision::kDrop && review.label == given ? 1 : 0;
  }
  const double clean = static_cast<double>(labelled.examples.size()) - wrong;
  return {2 * found / std::max(wrong + found + clean_lost, 1.0), clean_lost / clean,
          poison_left / std::max(poison, 1.0)};
}

template <typename Draw>
Reviewed Mean(const std::vector<LabelledQuery>& queries, std::uint64_t first_seed, int seeds,
              Draw draw) {
  Reviewed mean;
  for (int i = 0; i < seeds; ++i) {
    World world(queries, first_seed + static_cast<std::uint64_t>(i));
    const Reviewed one = Review(draw(world));
    mean.f1 += one.f1 / seeds;
    mean.clean_lost += one.clean_lost / seeds;
    mean.poison_left += one.poison_left / seeds;
  }
  return mean;
}

}  // namespace

std::vector<Figure> LabelFigures(std::uint64_t first_seed, int seeds) {
  const std::vector<LabelledQuery> queries = LabelledBankQueries();
  if (queries.empty()) return {};
  const auto mean = [&](auto draw) { return Mean(queries, first_seed, seeds, draw); };
  std::vector<Figure> figures = {
      {"clean labels: not kept", mean([](World& world) { return world.Clean(); }).clean_lost, 0.005,
       true},
      {"a fifth of the labels at random: F1 of what is flagged",
       mean([](World& world) { return world.Uniform(); }).f1, 0.92},
      {"100 of 500 users hostile: F1", mean([](World& world) { return world.Hostile(); }).f1, 0.98},
      {"a fifth of each class given as one other: F1",
       mean([](World& world) { return world.Fixed(); }).f1, 0.70},
  };
  for (const std::size_t persons : {std::size_t{1}, std::size_t{20}, kUsers}) {
    const Reviewed reviewed = mean([&](World& world) { return world.Triggered(persons); });
    const std::string name = "a trigger in one of a hundred rows, by " + std::to_string(persons);
    figures.push_back({name + ": rows that are left", reviewed.poison_left, 0.05, true});
    figures.push_back({name + ": clean rows lost", reviewed.clean_lost, 0.01, true});
  }
  return figures;
}

}  // namespace flywheel::curation
