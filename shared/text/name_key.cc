#include "shared/text/name_key.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "shared/text/normalise.h"

namespace flywheel {

std::string NameKey(std::string_view name) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
      static_cast<utf8proc_ssize_t>(name.size()), &mapped,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                     UTF8PROC_CASEFOLD | UTF8PROC_IGNORE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(mapped, &std::free);
  if (size < 0) return NormaliseText(name);
  // Lower case once more: folding leaves a few letters upper-case (Cherokee).
  return NormaliseText({reinterpret_cast<const char*>(mapped), static_cast<size_t>(size)});
}

}  // namespace flywheel
