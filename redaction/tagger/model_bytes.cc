#include "redaction/tagger/model_bytes.h"

#include <cstddef>

// The assembler reads the file: as a literal, a megabyte takes the compiler minutes. CMakeLists.txt
// tells where it is, and that this object depends on it.
// NOLINTNEXTLINE(hicpp-no-assembler)
__asm__(
    ".section .rodata\n"
    ".balign 64\n"
    ".globl flywheel_tagger_model_begin\n"
    ".hidden flywheel_tagger_model_begin\n"
    "flywheel_tagger_model_begin:\n"
    ".incbin \"" FLYWHEEL_TAGGER_MODEL
    "\"\n"
    ".globl flywheel_tagger_model_end\n"
    ".hidden flywheel_tagger_model_end\n"
    "flywheel_tagger_model_end:\n"
    ".byte 0\n"
    ".text\n");

extern "C" {
extern const char flywheel_tagger_model_begin[];
extern const char flywheel_tagger_model_end[];
}

namespace flywheel::redaction {

std::string_view ModelBytes() {
  return {flywheel_tagger_model_begin,
          static_cast<size_t>(flywheel_tagger_model_end - flywheel_tagger_model_begin)};
}

}  // namespace flywheel::redaction
