#include "experiment_service/domain/exact_sum.h"

#include <bit>
#include <cstddef>

#include "experiment_service/domain/double_bytes.h"

namespace flywheel::experiment {
namespace {

using Limbs = std::array<uint64_t, 4>;

constexpr int kLimbBits = 64;
// The place of 1 in the number.
constexpr int kOneBit = 128;
// A double is its fraction, of 53 bits, times 2^(its exponent - 1075).
constexpr int kFractionBits = 52;
constexpr int kExponentBias = 1'075;

// A double's magnitude as a whole number times 2^(shift - kOneBit).
struct Scaled {
  uint64_t whole = 0;
  int shift = 0;
};

Scaled Scale(double value) {
  const auto bits = std::bit_cast<uint64_t>(std::fabs(value));
  const int shift = static_cast<int>(bits >> kFractionBits) - kExponentBias + kOneBit;
  if (shift < 0) {
    // It has digits below 2^-128: at most 2^53 of those remain.
    return {static_cast<uint64_t>(std::nearbyint(std::ldexp(std::fabs(value), kOneBit))), 0};
  }
  constexpr uint64_t kHiddenBit = uint64_t{1} << kFractionBits;
  return {(bits & (kHiddenBit - 1)) | kHiddenBit, shift};
}

// limbs + term, or limbs - term where `negative`; term has no more limbs than reach the top.
void AddAt(size_t place, uint64_t term, bool negative, Limbs& limbs) {
  for (size_t i = place; i < limbs.size() && term != 0; ++i) {
    const uint64_t before = limbs[i];
    limbs[i] = negative ? before - term : before + term;
    // What is carried, or borrowed.
    term = uint64_t{negative ? limbs[i] > before : limbs[i] < before};
  }
}

bool IsNegative(const Limbs& limbs) { return limbs.back() >> (kLimbBits - 1) != 0; }

Limbs Magnitude(const Limbs& limbs) {
  if (!IsNegative(limbs)) return limbs;
  Limbs magnitude;
  for (size_t i = 0; i < limbs.size(); ++i) magnitude[i] = ~limbs[i];
  AddAt(0, 1, /*negative=*/false, magnitude);
  return magnitude;
}

// The high and the low part, of which the rest is less than 2^-106.
struct HighLow {
  double high = 0;
  double low = 0;
};

HighLow Split(ExactSum sum) {
  HighLow split;
  split.high = sum.value();
  sum.Subtract(split.high);
  split.low = sum.value();
  return split;
}

}  // namespace

ExactSum ExactSum::Of(absl::Span<const double> values) {
  ExactSum sum;
  for (const double value : values) sum.Add(value);
  return sum;
}

void ExactSum::Add(double value) {
  if (value == 0) return;
  const Scaled scaled = Scale(value);
  const bool negative = value < 0;
  const auto place = static_cast<size_t>(scaled.shift / kLimbBits);
  const int offset = scaled.shift % kLimbBits;
  AddAt(place, scaled.whole << offset, negative, limbs_);
  if (offset > 0) AddAt(place + 1, scaled.whole >> (kLimbBits - offset), negative, limbs_);
}

double ExactSum::value() const {
  const Limbs magnitude = Magnitude(limbs_);
  size_t top = magnitude.size();
  while (top > 0 && magnitude[top - 1] == 0) --top;
  if (top == 0) return 0;
  const uint64_t highest = magnitude[top - 1];
  const int zeros = std::countl_zero(highest);
  uint64_t digits = highest << zeros;
  uint64_t rest = 0;
  if (top > 1) {
    const uint64_t next = magnitude[top - 2];
    if (zeros > 0) digits |= next >> (kLimbBits - zeros);
    rest = next << zeros;
  }
  for (size_t i = 0; i + 2 < top; ++i) rest |= magnitude[i];
  // The lowest of 64 digits stands for all below it: it lies beneath what rounding to 53 looks at.
  digits |= uint64_t{rest != 0};
  const int exponent = kLimbBits * (static_cast<int>(top) - 1) - zeros - kOneBit;
  const double rounded = std::ldexp(static_cast<double>(digits), exponent);
  return IsNegative(limbs_) ? -rounded : rounded;
}

std::vector<double> ExactSum::parts() const {
  std::vector<double> parts;
  ExactSum rest = *this;
  for (double part = rest.value(); part != 0; part = rest.value()) {
    parts.push_back(part);
    rest.Subtract(part);
  }
  return parts;
}

std::string ExactSum::bytes() const {
  std::string bytes;
  for (const double part : parts()) AppendDouble(part, bytes);
  return bytes;
}

std::optional<ExactSum> ExactSum::FromBytes(std::string_view bytes) {
  if (bytes.size() % kBytesOfDouble != 0) return std::nullopt;
  ExactSum sum;
  while (!bytes.empty()) {
    const double part = TakeDouble(bytes);
    if (!(std::fabs(part) < 0x1p127)) return std::nullopt;
    sum.Add(part);
  }
  return sum;
}

double ExactSum::MinusProductOver(const ExactSum& a, const ExactSum& b, double count) const {
  const HighLow first = Split(a);
  const HighLow second = Split(b);
  // b/count as quotient + rest, each in turn multiplied by a.
  const double quotient = second.high / count;
  const double rest = (std::fma(-quotient, count, second.high) + second.low) / count;
  ExactSum result = *this;
  result.SubtractProduct(quotient, first.high);
  result.Subtract(quotient * first.low + rest * (first.high + first.low));
  return result.value();
}

}  // namespace flywheel::experiment
