#include "shared/rpc/message_decompression.h"

#include <dlfcn.h>
#include <grpc/compression.h>
#include <grpc/slice.h>
#include <grpc/slice_buffer.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <limits>
#include <memory>

// What libgrpc calls for every compressed message that arrives. It exports the function and calls
// it as any program's dynamic symbol, so that the one of the program goes before (the linker is
// told to export it in shared/CMakeLists.txt).
// Appends to `output` what `input` becomes; 0 where that cannot be, and nothing is appended then.
int grpc_msg_decompress(grpc_compression_algorithm algorithm, grpc_slice_buffer* input,
                        grpc_slice_buffer* output);

namespace flywheel::rpc {
namespace {

constexpr char kDecompressSymbol[] =
    "_Z19grpc_msg_decompress26grpc_compression_algorithmP17grpc_slice_bufferS1_";
constexpr size_t kLeastBlockBytes = 1 << 10;
constexpr size_t kMostBlockBytes = 64 << 10;
// Of zlib: the window of 32 KiB, and what says that the format is gzip.
constexpr int kDeflateWindow = 15;
constexpr int kGzipWindow = 15 + 16;

std::atomic<int64_t> process_message_limit = 0;
std::atomic<int64_t> process_total_limit = 0;
// Decompressed and still held by gRPC.
std::atomic<int64_t> process_bytes = 0;

void Raise(std::atomic<int64_t>& limit, int64_t value) {
  int64_t known = limit.load();
  while (known < value && !limit.compare_exchange_weak(known, value)) {
  }
}

enum class Outcome { kWhole, kMalformed, kTooLarge };

// Writes blocks, which are counted until gRPC lets go of them.
class BlockWriter {
 public:
  BlockWriter(size_t block_bytes, grpc_slice_buffer* output)
      : block_bytes_(block_bytes), output_(output) {}

  // Lets `stream` write on. False where that would pass a limit.
  bool MakeRoom(z_stream& stream) {
    if (stream.avail_out > 0) return true;
    if (!Flush(stream)) return false;
    block_ = std::make_unique_for_overwrite<char[]>(block_bytes_);
    stream.next_out = reinterpret_cast<Bytef*>(block_.get());
    stream.avail_out = static_cast<uInt>(block_bytes_);
    return true;
  }

  // Appends what `stream` has written since. False where that passes a limit.
  bool Flush(const z_stream& stream) {
    if (block_ == nullptr) return true;
    const size_t size = block_bytes_ - stream.avail_out;
    message_bytes_ += static_cast<int64_t>(size);
    const int64_t total = process_bytes += static_cast<int64_t>(size);
    grpc_slice_buffer_add_indexed(output_,
                                  grpc_slice_new_with_len(block_.release(), size, &Release));
    return message_bytes_ <= process_message_limit && total <= process_total_limit;
  }

 private:
  static void Release(void* block, size_t size) {
    delete[] static_cast<char*>(block);
    process_bytes -= static_cast<int64_t>(size);
  }

  const size_t block_bytes_;
  grpc_slice_buffer* const output_;
  std::unique_ptr<char[]> block_;
  int64_t message_bytes_ = 0;
};

Outcome Inflate(int window, const grpc_slice_buffer& input, grpc_slice_buffer* output) {
  z_stream stream = {};
  if (inflateInit2(&stream, window) != Z_OK) return Outcome::kMalformed;
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> owner(&stream, &inflateEnd);
  // Most messages become a few times as large as they were, and need one block.
  BlockWriter writer(std::clamp(4 * input.length, kLeastBlockBytes, kMostBlockBytes), output);
  int code = Z_OK;
  for (size_t i = 0; i < input.count; ++i) {
    stream.next_in = GRPC_SLICE_START_PTR(input.slices[i]);
    stream.avail_in = static_cast<uInt>(GRPC_SLICE_LENGTH(input.slices[i]));
    do {
      if (!writer.MakeRoom(stream)) return Outcome::kTooLarge;
      code = inflate(&stream, Z_NO_FLUSH);
      // Z_BUF_ERROR: nothing was left to do with this slice.
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return Outcome::kMalformed;
    } while (code == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0));
    // Something behind the end.
    if (stream.avail_in > 0) return Outcome::kMalformed;
  }
  if (code != Z_STREAM_END) return Outcome::kMalformed;
  return writer.Flush(stream) ? Outcome::kWhole : Outcome::kTooLarge;
}

// gRPC refuses by length what is longer than its limit, with the right status: so a message that
// was given up gets a length of one more, of the same few bytes again and again.
void AppendTooMuch(grpc_slice_buffer* output) {
  static constexpr char kZeros[kMostBlockBytes] = {};
  const auto limit = static_cast<size_t>(process_message_limit.load());
  for (size_t size = 0; size <= limit; size += kMostBlockBytes) {
    grpc_slice_buffer_add_indexed(output, grpc_slice_from_static_buffer(kZeros, kMostBlockBytes));
  }
}

}  // namespace

bool BoundDecompression(const DecompressionLimits& limits) {
  Raise(process_message_limit, limits.message_bytes);
  Raise(process_total_limit, limits.total_bytes);
  return dlsym(RTLD_DEFAULT, kDecompressSymbol) == reinterpret_cast<void*>(&grpc_msg_decompress) &&
         dlsym(RTLD_NEXT, kDecompressSymbol) != nullptr;
}

// A message of no algorithm is not compressed, and is passed on as it is.
static int Decompress(grpc_compression_algorithm algorithm, const grpc_slice_buffer& input,
                      grpc_slice_buffer* output) {
  if (algorithm == GRPC_COMPRESS_NONE) {
    for (size_t i = 0; i < input.count; ++i) {
      grpc_slice_buffer_add(output, grpc_slice_ref(input.slices[i]));
    }
    return 1;
  }
  if (algorithm != GRPC_COMPRESS_GZIP && algorithm != GRPC_COMPRESS_DEFLATE) return 0;
  grpc_slice_buffer message;
  grpc_slice_buffer_init(&message);
  const Outcome outcome =
      Inflate(algorithm == GRPC_COMPRESS_GZIP ? kGzipWindow : kDeflateWindow, input, &message);
  if (outcome != Outcome::kWhole) grpc_slice_buffer_reset_and_unref(&message);
  if (outcome == Outcome::kTooLarge) AppendTooMuch(&message);
  grpc_slice_buffer_move_into(&message, output);
  grpc_slice_buffer_destroy(&message);
  return outcome == Outcome::kMalformed ? 0 : 1;
}

}  // namespace flywheel::rpc

int grpc_msg_decompress(grpc_compression_algorithm algorithm, grpc_slice_buffer* input,
                        grpc_slice_buffer* output) {
  return flywheel::rpc::Decompress(algorithm, *input, output);
}
