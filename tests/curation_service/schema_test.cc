// The schema of the store, and every earlier one on its way to it.
#include <gtest/gtest.h>

#include "curation_service/store/migrations.h"
#include "shared/testing/store_schema.h"

namespace flywheel::curation {
namespace {

testing::StoreGolden Golden() {
  return {Migrations(), "curation_service/store/schema.sql", "tests/curation_service/schema_dumps"};
}

TEST(Schema, OfANewStoreIsTheGoldenFile) { testing::ExpectGoldenSchema(Golden()); }

TEST(Schema, OfEveryEarlierVersionBecomesThatOfANewStoreAndKeepsItsRows) {
  testing::ExpectEveryVersionMigrates(Golden());
}

}  // namespace
}  // namespace flywheel::curation
