#include "redaction/tagger/model.h"

#include <cstring>

#include "redaction/tagger/model_bytes.h"

namespace flywheel::redaction {
namespace {

constexpr uint32_t kMaxBits = 30;
constexpr size_t kSlotBytes = 4;

}  // namespace

std::optional<TaggerModel> TaggerModel::Read(std::string_view bytes) {
  TaggerModel model;
  if (bytes.size() < sizeof(ModelHeader)) return std::nullopt;
  std::memcpy(&model.header_, bytes.data(), sizeof(ModelHeader));
  const ModelHeader& header = model.header_;
  if (header.magic != kModelMagic || header.row_bits > kMaxBits || header.lexicon_bits > kMaxBits ||
      header.ordinary_bits > kMaxBits) {
    return std::nullopt;
  }
  const size_t weights = (size_t{1} << header.row_bits) * kLanes;
  const size_t lexicon = (size_t{1} << header.lexicon_bits) * kSlotBytes;
  const size_t ordinary = ((size_t{1} << header.ordinary_bits) + 7) / 8;
  if (bytes.size() != sizeof(ModelHeader) + weights + lexicon + ordinary) return std::nullopt;
  const char* data = bytes.data() + sizeof(ModelHeader);
  model.weights_ = reinterpret_cast<const int8_t*>(data);
  model.lexicon_ = data + weights;
  model.ordinary_ = reinterpret_cast<const uint8_t*>(data + weights + lexicon);
  return model;
}

const TaggerModel& TaggerModel::Builtin() {
  // value() would throw: the build made this file, and a test reads it.
  static const TaggerModel model = TaggerModel::Read(ModelBytes()).value();
  return model;
}

uint32_t TaggerModel::EntryOf(uint64_t lower_hash) const {
  const uint64_t slots = uint64_t{1} << header_.lexicon_bits;
  const uint16_t print = LexiconPrint(lower_hash);
  uint64_t slot = LexiconSlot(lower_hash, header_.lexicon_bits);
  for (uint64_t probe = 0; probe < slots; ++probe, slot = (slot + 1) & (slots - 1)) {
    std::array<uint16_t, 2> entry{};
    std::memcpy(entry.data(), lexicon_ + slot * kSlotBytes, kSlotBytes);
    if (entry[0] == 0) break;
    if (entry[0] == print) return entry[1];
  }
  return 0;
}

uint32_t TaggerModel::OrdinaryOf(uint64_t lower_hash) const {
  for (int probe = 0; probe < kOrdinaryProbes; ++probe) {
    const uint64_t bit = OrdinaryBit(lower_hash, probe, header_.ordinary_bits);
    if ((ordinary_[bit / 8] >> (bit % 8) & 1) == 0) return 0;
  }
  return kOrdinary;
}

}  // namespace flywheel::redaction
