// Reads the stream of an upload, and checks what it brings.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_READER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_READER_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/rpc/upload_memory.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "shared/rpc/endpoint.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate {

// Holds all cases of one upload in memory, because a suite is hashed and sealed as a whole: at most
// kMostUploadBytes of messages, as far as uploads that run beside it leave memory. What is faulty
// is counted and not kept. Not thread-safe.
class UploadReader {
 public:
  static constexpr int64_t kMostCases = 100'000;
  static constexpr int64_t kMostUploadBytes = int64_t{256} << 20;
  // What a case holds beside its texts, roughly.
  static constexpr int64_t kBytesOfCase = 512;
  // Of the largest upload.
  static constexpr int64_t kMostMemoryBytes = kMostUploadBytes + kMostCases * kBytesOfCase;

  using Stream = grpc::ServerReader<v1::UploadSuiteRequest>;

  // All outlive the reader.
  UploadReader(const rpc::Endpoint* endpoint, const rpc::Caller* caller,
               UploadMemory::Share* memory, grpc::ServerContext* context, Stream* stream)
      : endpoint_(endpoint), caller_(caller), memory_(memory), context_(context), stream_(stream) {}

  // Reads to the last message; `on_header` is called with the first one, and its error ends the
  // upload. INVALID_ARGUMENT with the first ten faults; TOO_LARGE; BUSY where other uploads hold
  // the memory; CANCELLED where the stream ended before its last message, no message came for a
  // minute, or it took ten; SHUTTING_DOWN.
  absl::Status Read(absl::FunctionRef<absl::Status(const v1::SuiteHeader&)> on_header);

  // All cases that came, once Read is OK.
  std::vector<SuiteCase>& cases() { return cases_; }

 private:
  absl::Status TakeCases(v1::UploadSuiteRequest& message);
  absl::Status CheckSizes(const v1::UploadSuiteRequest& message);

  const rpc::Endpoint* const endpoint_;
  const rpc::Caller* const caller_;
  UploadMemory::Share* const memory_;
  grpc::ServerContext* const context_;
  Stream* const stream_;
  std::vector<SuiteCase> cases_;
  absl::flat_hash_set<std::string> ids_;
  std::vector<errors::FieldViolation> faults_;
  int64_t came_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_UPLOAD_READER_H_
