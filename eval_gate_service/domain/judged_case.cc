#include "eval_gate_service/domain/judged_case.h"

#include <algorithm>
#include <cstddef>

#include "eval_gate_service/domain/content_hash.h"
#include "shared/hashing/content_hash.h"
#include "shared/text/normalise.h"

namespace flywheel::evalgate {
namespace {

constexpr size_t kKeyBytes = 8;

}  // namespace

uint64_t AnswerKey(const LooksAt& looks_at, const std::string& text,
                   const std::vector<ToolCall>& calls) {
  if (!looks_at.text && !looks_at.calls) return 0;
  ContentHash hash;
  if (looks_at.text) hash.Add(NormaliseText(text));
  if (looks_at.calls) hash.Add(CallsHash(calls));
  const std::string bytes = hash.Bytes();
  uint64_t key = 0;
  for (size_t i = 0; i < kKeyBytes; ++i) key = key << 8 | static_cast<unsigned char>(bytes[i]);
  return std::max<uint64_t>(key, 1);
}

}  // namespace flywheel::evalgate
