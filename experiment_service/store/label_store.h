// Store of labels: what has some.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_STORE_LABEL_STORE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_STORE_LABEL_STORE_H_

#include "shared/sql/label_store.h"

namespace flywheel::experiment {

// What has labels in the table resource_labels; the numbers are stored.
enum class Labelled { kExperiment = 1, kPromotion = 2 };

using LabelStore = sql::LabelStore<Labelled>;

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_STORE_LABEL_STORE_H_
