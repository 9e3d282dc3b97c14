// A labelled set of answers that stand on a context, stand on it in part, or do not: made from
// templates.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_GROUNDED_ITEMS_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_GROUNDED_ITEMS_H_

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/eval_gate_service/evaluators/grounded_templates.h"

namespace flywheel::evalgate::evaluators {

enum class Grounded { kSupported, kPartly, kUnsupported };

struct GroundedItem {
  // Of which it is made: the first six are there to choose weights by, the others are held back.
  size_t template_number = 0;
  Grounded label = Grounded::kSupported;
  std::string context;
  std::string answer;
};

inline std::string Filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string place = "{" + name + "}";
    for (size_t at = text.find(place); at != std::string::npos; at = text.find(place)) {
      text.replace(at, place.size(), value);
    }
  }
  return text;
}

// Each template filled `rounds` times, the same ones for a seed.
inline std::vector<GroundedItem> GroundedItems(int rounds, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<GroundedItem> items;
  for (size_t number = 0; number < GroundedTemplates().size(); ++number) {
    const GroundedTemplate& one = GroundedTemplates()[number];
    for (int round = 0; round < rounds; ++round) {
      std::map<std::string, std::string> values;
      for (const auto& [name, choices] : GroundedNames()) {
        values[name] = choices[random() % choices.size()];
      }
      // Steps of 18 keep them apart.
      const unsigned first = random() % 90;
      for (unsigned i = 0; i < 5; ++i) {
        values["n" + std::to_string(i + 1)] = std::to_string(2 + (first + i * 18) % 90);
      }
      const unsigned year = 1900 + random() % 80;
      values["year"] = std::to_string(year);
      values["year2"] = std::to_string(year + 1 + random() % 19);
      const std::string context = Filled(one.context, values);
      for (const auto& [label, answers] : {std::pair(Grounded::kSupported, &one.supported),
                                           std::pair(Grounded::kPartly, &one.partly),
                                           std::pair(Grounded::kUnsupported, &one.unsupported)}) {
        for (const char* answer : *answers) {
          items.push_back({number, label, context, Filled(answer, values)});
        }
      }
    }
  }
  return items;
}

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_EVALUATORS_GROUNDED_ITEMS_H_
