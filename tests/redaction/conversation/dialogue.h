// A dialogue to redact in one go.
#ifndef FLYWHEEL_TESTS_REDACTION_CONVERSATION_DIALOGUE_H_
#define FLYWHEEL_TESTS_REDACTION_CONVERSATION_DIALOGUE_H_

#include <gtest/gtest.h>

#include <list>
#include <string>
#include <utility>

#include "redaction/conversation/conversation_redactor.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::redaction {

inline const PiiDetector& TheDetector() {
  static const auto& detector = *new PiiDetector(PiiDetector::Make({}).value());
  return detector;
}

// Texts with their speakers. Redact() also checks that twice is once.
class Dialogue {
 public:
  Dialogue& Agent(std::string text) { return Add(Speaker::kAgent, std::move(text)); }
  Dialogue& User(std::string text) { return Add(Speaker::kUser, std::move(text)); }
  Dialogue& Tool(std::string text) { return Add(Speaker::kOther, std::move(text)); }
  Dialogue& OfUser(std::string user_id) {
    user_id_ = std::move(user_id);
    return *this;
  }

  Dialogue& Redact() {
    Run();
    const std::list<std::pair<Speaker, std::string>> once = texts_;
    Run();
    EXPECT_EQ(texts_, once) << "redacted twice";
    return *this;
  }

  const std::string& operator[](size_t index) const {
    return std::next(texts_.begin(), static_cast<std::ptrdiff_t>(index))->second;
  }

 private:
  Dialogue& Add(Speaker speaker, std::string text) {
    texts_.emplace_back(speaker, std::move(text));
    return *this;
  }

  void Run() {
    ConversationRedactor redactor(TheDetector());
    if (!user_id_.empty()) redactor.Know(DataType::kUserId, user_id_);
    for (auto& [speaker, text] : texts_) redactor.Add(speaker, &text);
    EXPECT_OK(redactor.Finish());
  }

  std::list<std::pair<Speaker, std::string>> texts_;
  std::string user_id_;
};

// What becomes of the answer to a question.
inline std::string Answered(const std::string& question, const std::string& answer) {
  return Dialogue().Agent(question).User(answer).Redact()[1];
}

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_CONVERSATION_DIALOGUE_H_
