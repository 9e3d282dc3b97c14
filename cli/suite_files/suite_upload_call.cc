#include "cli/suite_files/suite_upload_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "cli/error_details.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/hashing/content_hash.h"
#include "shared/hashing/sha256.h"
#include "shared/ids/id.h"
#include "shared/rpc/retry.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::UploadSuiteRequest;

constexpr size_t kMessageBytes = 1 << 20;
constexpr size_t kHashDigits = 12;
// 256 MiB, the most that an upload may be, over a slow line.
constexpr absl::Duration kUploadTimeout = absl::Minutes(5);

// False where the stream has ended: what it ended with is told by Finish.
template <typename Writer>
bool WriteCases(Writer& writer, const std::vector<evalgate::v1::UploadedCase>& cases) {
  UploadSuiteRequest message;
  size_t bytes = 0;
  for (const evalgate::v1::UploadedCase& one : cases) {
    const size_t size = one.ByteSizeLong();
    if (bytes > 0 && bytes + size > kMessageBytes) {
      if (!writer.Write(message)) return false;
      message.Clear();
      bytes = 0;
    }
    *message.add_cases() = one;
    bytes += size;
  }
  message.set_last(true);
  return writer.Write(message);
}

// What files call a field of an uploaded case.
std::string InWordsOfFiles(std::string field) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kNames = {
      {{"prompt[", "messages["}, {"ideal_outputs", "ideals"}}};
  for (const auto& [contract, name] : kNames) {
    if (field.starts_with(contract)) field.replace(0, contract.size(), name);
  }
  return field;
}

}  // namespace

std::string SuiteIdOf(const evalgate::v1::SuiteHeader& header,
                      const std::vector<evalgate::v1::UploadedCase>& cases) {
  // Whatever the order in which the cases stand: it is the same suite.
  std::vector<std::string> hashes;
  hashes.reserve(cases.size());
  for (const evalgate::v1::UploadedCase& one : cases) hashes.push_back(Sha256(StableBytes(one)));
  std::sort(hashes.begin(), hashes.end());
  ContentHash hash;
  hash.Add(StableBytes(header));
  for (const std::string& one : hashes) hash.Add(one);
  return fmt::format("{}-{}", header.suite_name(), Sha256Hex(hash.Bytes()).substr(0, kHashDigits));
}

absl::StatusOr<evalgate::v1::UploadSuiteResponse> UploadSuite(
    const rpc::Channel& channel, const std::string& project,
    const evalgate::v1::SuiteHeader& header, const std::vector<evalgate::v1::UploadedCase>& cases) {
  const auto stub = evalgate::v1::EvalGateService::NewStub(channel.get());
  evalgate::v1::UploadSuiteResponse response;
  RETURN_IF_ERROR(rpc::CallWithRetry(
      channel, {.attempt_timeout = kUploadTimeout, .total_timeout = kUploadTimeout},
      [&](grpc::ClientContext& context) {
        const auto writer = stub->UploadSuite(&context, &response);
        UploadSuiteRequest first;
        *first.mutable_header() = header;
        if (writer->Write(first) && WriteCases(*writer, cases)) writer->WritesDone();
        return writer->Finish();
      },
      project));
  return response;
}

std::vector<std::string> PlacesNamedIn(const std::string& message, const SuiteFile& file) {
  std::set<std::string> named;
  std::string_view rest = message;
  while (!rest.empty()) {
    size_t length = 0;
    while (length < rest.size() && IsValidId(rest.substr(length, 1))) ++length;
    // An id may end in what ends a sentence.
    std::string word(rest.substr(0, length));
    while (!word.empty() && !file.places.contains(word) &&
           std::string_view(".:").find(word.back()) != std::string_view::npos) {
      word.pop_back();
    }
    const auto place = file.places.find(word);
    if (place != file.places.end()) {
      named.insert(fmt::format("{} stands in {}", word, place->second));
    }
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return {named.begin(), named.end()};
}

std::vector<std::string> FaultsInFile(const absl::Status& refused, const SuiteFile& file) {
  constexpr std::string_view kCase = "case '";
  std::vector<std::string> faults;
  for (const auto& [field, description] : ViolationsOf(refused)) {
    const size_t id_end = field.rfind("': ");
    if (!field.starts_with(kCase) || id_end == std::string::npos) return {};
    const std::string id = field.substr(kCase.size(), id_end - kCase.size());
    const auto place = file.places.find(id);
    if (place == file.places.end()) return {};
    faults.push_back(fmt::format("{}: case '{}': {}: {}", place->second, id,
                                 InWordsOfFiles(field.substr(id_end + 3)), description));
  }
  return faults;
}

}  // namespace flywheel::cli
