// Store of labels: what has some.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_LABEL_STORE_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_LABEL_STORE_H_

#include "shared/sql/label_store.h"

namespace flywheel::curation {

// What has labels in the table resource_labels; the numbers are stored. Those of a model version
// stand in its row.
enum class Labelled { kDatasetVersion = 1, kTrainingRun = 2 };

using LabelStore = sql::LabelStore<Labelled>;

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_LABEL_STORE_H_
