#include <array>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

std::string_view DataTypeName(DataType type) {
  constexpr std::array<std::string_view, kDataTypes> kNames = {
      "EMAIL",           "PHONE",        "CARD",        "IBAN",     "IP_ADDRESS", "MAC",
      "URL_CREDENTIALS", "API_KEY",      "PRIVATE_KEY", "JWT",      "PASSWORD",   "NATIONAL_ID",
      "PASSPORT",        "BIRTH_DATE",   "ADDRESS",     "LOCATION", "NAME",       "DRIVER_LICENSE",
      "USER_ID",         "ORGANISATION", "PLACE",       "DATE",     "AGE",        "CUSTOM"};
  return kNames[static_cast<size_t>(type)];
}

}  // namespace flywheel::redaction
