// The schema of the store, and every earlier one on its way to it.
#include <gtest/gtest.h>

#include "experiment_service/store/migrations.h"
#include "shared/testing/store_schema.h"

namespace flywheel::experiment {
namespace {

testing::StoreGolden Golden() {
  return {Migrations(), "experiment_service/store/schema.sql",
          "tests/experiment_service/schema_dumps"};
}

TEST(Schema, OfANewStoreIsTheGoldenFile) { testing::ExpectGoldenSchema(Golden()); }

TEST(Schema, OfEveryEarlierVersionBecomesThatOfANewStoreAndKeepsItsRows) {
  testing::ExpectEveryVersionMigrates(Golden());
}

}  // namespace
}  // namespace flywheel::experiment
