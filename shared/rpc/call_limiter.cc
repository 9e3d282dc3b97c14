#include "shared/rpc/call_limiter.h"

#include <dlfcn.h>
#include <grpc/slice.h>
#include <grpcpp/version_info.h>

#include "absl/status/status.h"

namespace flywheel::rpc {

void CallLimiter::SetLimits(const CallLimits& limits) {
  absl::MutexLock lock(&mutex_);
  limits_ = limits;
}

void CallLimiter::Begin(const void* call, const void* connection) {
  absl::MutexLock lock(&mutex_);
  calls_[call] = connection;
  ++connections_[connection];
}

void CallLimiter::End(const void* call) {
  absl::MutexLock lock(&mutex_);
  const auto found = calls_.find(call);
  if (found == calls_.end()) return;
  const auto of_connection = connections_.find(found->second);
  if (--of_connection->second == 0) connections_.erase(of_connection);
  calls_.erase(found);
}

bool CallLimiter::Allows(const void* connection) {
  absl::MutexLock lock(&mutex_);
  const auto found = connections_.find(connection);
  const int64_t of_connection = found == connections_.end() ? 0 : found->second;
  const bool crowded = static_cast<int64_t>(calls_.size()) > limits_.process;
  if (of_connection <= (crowded ? limits_.crowded : limits_.connection)) return true;
  ++refusals_;
  return false;
}

int64_t CallLimiter::calls() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int64_t>(calls_.size());
}

int64_t CallLimiter::refusals() const {
  absl::MutexLock lock(&mutex_);
  return refusals_;
}

}  // namespace flywheel::rpc

// What follows holds for the functions of one version: of another one, nothing is replaced.
#if GRPC_CPP_VERSION_MAJOR == 1 && GRPC_CPP_VERSION_MINOR == 51

// libgrpc exports these three functions and calls them as any program's dynamic symbols, so that
// those of the program go before (the linker is told to export them in shared/CMakeLists.txt). Each
// calls the one that it replaces, with the same arguments. The pointers are gRPC's own objects,
// which nothing looks into here.

// A call begins, which HTTP/2 calls a stream: the place for it, its connection, and more.
void FlywheelConstructStream(void*, void*, void*, const void*, void*) __asm__(
    "_ZN18grpc_chttp2_streamC1EP21grpc_chttp2_transportP20grpc_stream_refcountPKvPN9grpc_core5"
    "ArenaE");
// Its last trace leaves the memory, which may be long after its end.
void FlywheelDestroyStream(void*) __asm__("_ZN18grpc_chttp2_streamD1Ev");
// Bytes of a HEADERS frame have come, such as the first of a call that was begun just before. An
// error closes the connection.
absl::Status FlywheelParseHeader(void*, void*, void*, const grpc_slice&, int) __asm__(
    "_Z31grpc_chttp2_header_parser_parsePvP21grpc_chttp2_transportP18grpc_chttp2_streamRK10grpc_"
    "slicei");

namespace {

// Their names once more, for dlsym.
constexpr char kConstructStream[] =
    "_ZN18grpc_chttp2_streamC1EP21grpc_chttp2_transportP20grpc_stream_refcountPKvPN9grpc_core5"
    "ArenaE";
constexpr char kDestroyStream[] = "_ZN18grpc_chttp2_streamD1Ev";
constexpr char kParseHeader[] =
    "_Z31grpc_chttp2_header_parser_parsePvP21grpc_chttp2_transportP18grpc_chttp2_streamRK10grpc_"
    "slicei";

flywheel::rpc::CallLimiter& Limiter() {
  static auto& limiter = *new flywheel::rpc::CallLimiter();
  return limiter;
}

// The function of this name that libgrpc has.
template <typename Function>
Function* Replaced(Function*, const char* symbol) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, symbol));
}

}  // namespace

void FlywheelConstructStream(void* stream, void* connection, void* refcount, const void* data,
                             void* arena) {
  static auto* const replaced = Replaced(&FlywheelConstructStream, kConstructStream);
  replaced(stream, connection, refcount, data, arena);
  Limiter().Begin(stream, connection);
}

void FlywheelDestroyStream(void* stream) {
  static auto* const replaced = Replaced(&FlywheelDestroyStream, kDestroyStream);
  // First: then the address is free for another one.
  Limiter().End(stream);
  replaced(stream);
}

absl::Status FlywheelParseHeader(void* parser, void* connection, void* stream,
                                 const grpc_slice& bytes, int is_last) {
  static auto* const replaced = Replaced(&FlywheelParseHeader, kParseHeader);
  if (!Limiter().Allows(connection)) {
    return absl::ResourceExhaustedError("this connection has too many calls");
  }
  return replaced(parser, connection, stream, bytes, is_last);
}

namespace flywheel::rpc {

CallLimiter* ProcessCallLimiter() {
  const auto is_replaced = [](auto* function, const char* symbol) {
    return dlsym(RTLD_DEFAULT, symbol) == reinterpret_cast<void*>(function) &&
           Replaced(function, symbol) != nullptr;
  };
  const bool all = is_replaced(&FlywheelConstructStream, kConstructStream) &&
                   is_replaced(&FlywheelDestroyStream, kDestroyStream) &&
                   is_replaced(&FlywheelParseHeader, kParseHeader);
  return all ? &Limiter() : nullptr;
}

}  // namespace flywheel::rpc

#else

namespace flywheel::rpc {

CallLimiter* ProcessCallLimiter() { return nullptr; }

}  // namespace flywheel::rpc

#endif
