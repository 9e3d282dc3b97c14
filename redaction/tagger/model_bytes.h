// The bytes of model.bin, which the assembler put into the library.
#ifndef FLYWHEEL_REDACTION_TAGGER_MODEL_BYTES_H_
#define FLYWHEEL_REDACTION_TAGGER_MODEL_BYTES_H_

#include <string_view>

namespace flywheel::redaction {

std::string_view ModelBytes();

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_MODEL_BYTES_H_
