#include "shared/text/name_key.h"

#include <utf8proc.h>

#include <optional>

#include "shared/text/normalise.h"
#include "shared/text/unicode_form.h"

namespace flywheel {

std::string NameKey(std::string_view name) {
  const std::optional<std::string> folded =
      UnicodeForm(name, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                            UTF8PROC_IGNORE);
  // Lower case once more: folding leaves a few letters upper-case (Cherokee).
  return NormaliseText(folded ? *folded : name);
}

}  // namespace flywheel
