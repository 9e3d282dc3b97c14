// Store of labels: what has some.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_LABEL_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_LABEL_STORE_H_

#include "shared/sql/label_store.h"

namespace flywheel::evalgate {

// What has labels in the table resource_labels; the numbers are stored.
enum class Labelled { kSuite = 1, kVerdict = 2, kRun = 3 };

using LabelStore = sql::LabelStore<Labelled>;

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_LABEL_STORE_H_
