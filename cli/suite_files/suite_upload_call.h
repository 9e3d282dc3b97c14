// Uploads the cases of a file.
#ifndef FLYWHEEL_CLI_SUITE_FILES_SUITE_UPLOAD_CALL_H_
#define FLYWHEEL_CLI_SUITE_FILES_SUITE_UPLOAD_CALL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/suite_files/suite_file.h"
#include "flywheel/evalgate/v1/eval_gate_service.pb.h"
#include "shared/rpc/channel.h"

namespace flywheel::cli {

// An id for an upload that has none: NAME-HASH, the same for the same header and cases, so that an
// upload that is made again finds the suite of before, and one that changed makes its next version.
std::string SuiteIdOf(const evalgate::v1::SuiteHeader& header,
                      const std::vector<evalgate::v1::UploadedCase>& cases);

// UploadSuite in messages of about 1 MiB, sent again as a whole as long as that may help.
absl::StatusOr<evalgate::v1::UploadSuiteResponse> UploadSuite(
    const rpc::Channel& channel, const std::string& project,
    const evalgate::v1::SuiteHeader& header, const std::vector<evalgate::v1::UploadedCase>& cases);

// Where the cases stand that a message of the gate names: "c17 stands in cases.jsonl:3", by place.
std::vector<std::string> PlacesNamedIn(const std::string& message, const SuiteFile& file);

// What the gate refused of the cases, each fault with the place in the file and in the words of
// files: "cases.jsonl:2: case 'c2': messages[0].role: got ...". Empty where it names no case.
std::vector<std::string> FaultsInFile(const absl::Status& refused, const SuiteFile& file);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_SUITE_UPLOAD_CALL_H_
