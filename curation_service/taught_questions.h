// Use case FindTaughtQuestions: what models of a project may have been trained on.
#ifndef FLYWHEEL_CURATION_SERVICE_TAUGHT_QUESTIONS_H_
#define FLYWHEEL_CURATION_SERVICE_TAUGHT_QUESTIONS_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/sql/database.h"

namespace flywheel::curation {

// What somebody wants to ask a model.
struct Question {
  std::string input;
  // More was said before it.
  bool has_history = false;
};

// Who is asked.
struct Learner {
  std::string agent;
  std::string model_version;
};

// Thread-safe.
class TaughtQuestions {
 public:
  explicit TaughtQuestions(sql::Database* database) : database_(database) {}

  // Of the questions, in their order, whether their input stands on the train side of the project;
  // with a learner, on one of a dataset version that it may have learned from: up to the newest in
  // its lineage, because each may hold what an earlier one held. One without any in its lineage may
  // have learned from all. An input that everybody says is no question by itself where it follows
  // other turns.
  absl::StatusOr<std::vector<bool>> Find(const std::string& project,
                                         std::span<const Question> questions,
                                         const std::optional<Learner>& learner) const;

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_TAUGHT_QUESTIONS_H_
