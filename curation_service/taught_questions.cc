#include "curation_service/taught_questions.h"

#include "curation_service/domain/firewall.h"
#include "curation_service/store/firewall_store.h"
#include "shared/status/status_macros.h"
#include "shared/text/normalise.h"

namespace flywheel::curation {

absl::StatusOr<std::vector<bool>> TaughtQuestions::Find(const std::string& project,
                                                        std::span<const Question> questions) const {
  // Two keys a question: its own, and the one that it has where everybody asks it.
  std::vector<std::string> keys;
  keys.reserve(2 * questions.size());
  for (const Question& question : questions) {
    const std::string normalised = NormaliseText(question.input);
    keys.push_back(InputKey(normalised));
    keys.push_back(CommonInputKey(normalised));
  }
  ASSIGN_OR_RETURN(const std::vector<bool> on_train_side,
                   database_->Read([&](sql::Connection& connection) {
                     return FirewallStore(connection).OnTrainSide(project, keys);
                   }));
  std::vector<bool> taught(questions.size(), false);
  for (size_t i = 0; i < questions.size(); ++i) {
    const bool own = on_train_side[2 * i];
    const bool common = on_train_side[2 * i + 1];
    taught[i] = questions[i].has_history ? own && !common : own || common;
  }
  return taught;
}

}  // namespace flywheel::curation
