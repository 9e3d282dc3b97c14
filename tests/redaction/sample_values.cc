#include "tests/redaction/sample_values.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "redaction/checks.h"
#include "tests/redaction/sample_makers.h"

namespace flywheel::redaction {
namespace {

const MakerMap& AllMakers() {
  static const auto& makers = *[] {
    auto* all = new MakerMap(NumberMakers());
    all->merge(PersonMakers());
    all->merge(SecretMakers());
    all->merge(OrdinaryMakers());
    return all;
  }();
  return makers;
}

}  // namespace

uint64_t Random::Next() {
  uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::string Fill(std::string_view shape, Random& random) {
  constexpr std::string_view kAny =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  for (const char c : shape) {
    if (c == '#') {
      text += static_cast<char>('0' + random.Below(10));
    } else if (c == '^') {
      text += static_cast<char>('A' + random.Below(26));
    } else if (c == '~') {
      text += static_cast<char>('a' + random.Below(26));
    } else if (c == '%') {
      text += "0123456789abcdef"[random.Below(16)];
    } else if (c == '*') {
      text += kAny[static_cast<size_t>(random.Below(static_cast<int>(kAny.size())))];
    } else {
      text += c;
    }
  }
  return text;
}

std::string SampleValue(std::string_view slot, Random& random) {
  const auto found = AllMakers().find(slot);
  if (found == AllMakers().end()) {
    std::fprintf(stderr, "no value for the slot %s\n", std::string(slot).c_str());
    std::abort();
  }
  return found->second(random);
}

std::string Valid(std::string_view shape, Check check, Random& random) {
  while (true) {
    std::string value = Fill(shape, random);
    if (check(value) == value.size()) return value;
  }
}

Maker Shapes(std::vector<const char*> shapes) {
  return [shapes = std::move(shapes)](Random& random) { return Fill(random.Pick(shapes), random); };
}

Maker Checked(std::vector<const char*> shapes, Check check) {
  return [shapes = std::move(shapes), check](Random& random) {
    return Valid(random.Pick(shapes), check, random);
  };
}

MakerMap OrdinaryMakers() {
  return {
      // What is no personal data, but looks like it.
      {"ORDER",
       Shapes({"#######", "########", "##########", "114-#######-#######", "ORD-2024-######",
               "^######", "SO#######", "1Z999AA1##########", "PO-####-####"})},
      {"AMOUNT", Shapes({"$1,2##.50", "€#99", "12.###,00", "£3#.99", "1 2## 000", "2#00 EUR",
                         "0.0###", "###,###,###"})},
      {"VERSION", Shapes({"1.2#.3", "v2.#.1", "10.15.#", "3.11.#rc1", "4.18.0-#05", "2024.1.#"})},
      {"HASH", Shapes({"%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%", "%%%%%%%",
                       "sha256:%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%"})},
      {"UUID", Shapes({"%%%%%%%%-%%%%-4%%%-a%%%-%%%%%%%%%%%%"})},
      {"ULID", Shapes({"01ARZ3NDEKTSV4RRFFQ69G5F#V", "01HV8Z3K#PQ2W4X6Y8Z0A1B2C3"})},
      {"ANY_DATE", Shapes({"2024-0#-1#", "1#/05/2023", "2024-05-1# 14:3#:22", "1#.06.2024",
                           "20240#1#", "2024-05-1#T08:15:3#Z", "May 1#, 2024"})},
      {"TIME", Shapes({"1#:3#", "09:15:2#", "171######3", "171######3123"})},
      {"BAD_CARD",
       [](Random& random) {
         while (true) {
           std::string value = Fill("4### #### #### ####", random);
           if (!IsLuhn(Digits(value))) return value;
         }
       }},
      {"BAD_IBAN", Shapes({"DE00 1234 5678 9012 3456 7#", "FR99 3000 6000 0112 3456 7890 1#"})},
  };
}

}  // namespace flywheel::redaction
