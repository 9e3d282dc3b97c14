// Use case FindTaughtQuestions: what models of a project may have been trained on.
#ifndef FLYWHEEL_CURATION_SERVICE_TAUGHT_QUESTIONS_H_
#define FLYWHEEL_CURATION_SERVICE_TAUGHT_QUESTIONS_H_

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

// Thread-safe.
class TaughtQuestions {
 public:
  explicit TaughtQuestions(sql::Database* database) : database_(database) {}

  // Of the questions, in their order, whether their input stands on the train side of the project.
  // An input that everybody says is no question by itself where it follows other turns.
  absl::StatusOr<std::vector<bool>> Find(const std::string& project,
                                         std::span<const Question> questions) const;

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_TAUGHT_QUESTIONS_H_
