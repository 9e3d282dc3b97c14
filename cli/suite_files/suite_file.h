// What a file of cases holds, whatever program it was written for.
#ifndef FLYWHEEL_CLI_SUITE_FILES_SUITE_FILE_H_
#define FLYWHEEL_CLI_SUITE_FILES_SUITE_FILE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "flywheel/evalgate/v1/suite_upload.pb.h"

namespace flywheel::cli {

// Faults that are told; the others are counted.
inline constexpr size_t kToldFaults = 10;

// The cases of a file, and what of it makes no case.
struct SuiteFile {
  std::vector<evalgate::v1::UploadedCase> cases;
  // Where each case stands, by its id: "cases.jsonl:12".
  std::unordered_map<std::string, std::string> places;
  // How the file itself says that its cases are judged; empty where it does not.
  std::vector<evalgate::v1::EvaluatorSpec> evaluators;
  // What means something else in a suite than in the file, or nothing, with the reason, and where
  // it stands.
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> left_out;
  // How many tests of the file make no case.
  int64_t tests_left_out = 0;
  // What is wrong with the file: the first kToldFaults. With one of them nothing is uploaded.
  std::vector<std::string> faults;
  int64_t fault_count = 0;

  void AddFault(const absl::Status& fault);

  // Says that `what` ("llm-rubric") has no place in a suite, or another meaning there.
  void LeaveOut(std::string_view what, std::string_view why, const std::string& place);
  // The same of a whole test.
  void LeaveTestOut(std::string_view why, const std::string& place);

  // Keeps a case that has an id, unless another one has it too, which is a fault.
  void AddCase(evalgate::v1::UploadedCase one, const std::string& place);
  // Keeps a case of a format without ids: the same question has the same one in whatever file, and
  // "-2" at its end where it is asked again.
  void AddQuestion(evalgate::v1::UploadedCase one, const std::string& place);
};

// An id for a case that has none, by what is asked: whatever would be right, it is the same case.
std::string QuestionId(const evalgate::v1::UploadedCase& one);

// The id that a file of others gives a case, as one of ours: other characters become '-'; a longer
// one ends in a hash.
std::string CaseIdOf(const std::string& text);

// The message in the same bytes every time, whatever the order of its maps.
std::string StableBytes(const google::protobuf::MessageLite& message);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_SUITE_FILE_H_
