// The forms of a payload whose interaction nothing shows, for SQL.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_HIDDEN_FORMS_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_HIDDEN_FORMS_H_

#include "ingest_service/domain/payload_form.h"
#include "shared/sql/text.h"

namespace flywheel::ingest {

// Those of which IsShown is false: "WHERE payload_form NOT IN (" + kHiddenForms + ")".
inline constexpr auto kHiddenForms =
    sql::kLiteral<PayloadForm::kThinned> + ", " + sql::kLiteral<PayloadForm::kErased>;
static_assert(IsShown(PayloadForm::kArchived) && !IsShown(PayloadForm::kThinned) &&
              !IsShown(PayloadForm::kErased));

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_HIDDEN_FORMS_H_
