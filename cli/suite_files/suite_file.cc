#include "cli/suite_files/suite_file.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <utility>

#include "cli/json_view.h"
#include "shared/hashing/sha256.h"
#include "shared/ids/id.h"
#include "shared/status/errors.h"

namespace flywheel::cli {
namespace {

constexpr size_t kIdDigits = 24;
constexpr size_t kMostIdBytes = 128;
constexpr size_t kShortHashDigits = 12;

}  // namespace

void SuiteFile::AddFault(const absl::Status& fault) {
  ++fault_count;
  if (faults.size() < kToldFaults) faults.push_back(errors::MessageOf(fault));
}

void SuiteFile::AddCase(evalgate::v1::UploadedCase one, const std::string& place) {
  const auto [known, added] = places.emplace(one.case_id(), place);
  if (!added) {
    AddFault(WrongInFile(place,
                         fmt::format("the case '{}' of {} again", one.case_id(), known->second),
                         "an id of its own for each case"));
    return;
  }
  cases.push_back(std::move(one));
}

void SuiteFile::AddQuestion(evalgate::v1::UploadedCase one, const std::string& place) {
  const std::string id = QuestionId(one);
  one.set_case_id(id);
  for (int time = 2; places.contains(one.case_id()); ++time) {
    one.set_case_id(fmt::format("{}-{}", id, time));
  }
  AddCase(std::move(one), place);
}

void SuiteFile::LeaveOut(std::string_view what, std::string_view why, const std::string& place) {
  left_out[{std::string(what), std::string(why)}].push_back(place);
}

void SuiteFile::LeaveTestOut(std::string_view why, const std::string& place) {
  ++tests_left_out;
  LeaveOut("the whole test", why, place);
}

std::string QuestionId(const evalgate::v1::UploadedCase& one) {
  evalgate::v1::UploadedCase question;
  question.set_input(one.input());
  *question.mutable_prompt() = one.prompt();
  *question.mutable_tools() = one.tools();
  *question.mutable_contexts() = one.contexts();
  return "c-" + Sha256Hex(StableBytes(question)).substr(0, kIdDigits);
}

std::string CaseIdOf(const std::string& text) {
  std::string id = text;
  for (char& c : id) {
    if (!IsValidId(std::string_view(&c, 1))) c = '-';
  }
  if (id == text && id.size() <= kMostIdBytes) return id;
  // What was changed may be what told two ids apart.
  const std::string hash = Sha256Hex(text).substr(0, kShortHashDigits);
  return fmt::format("{}-{}", id.substr(0, kMostIdBytes - kShortHashDigits - 1), hash);
}

std::string StableBytes(const google::protobuf::MessageLite& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace flywheel::cli
