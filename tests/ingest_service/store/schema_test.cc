// The schema of the store, and every earlier one on its way to it.
#include <gtest/gtest.h>

#include "ingest_service/store/migrations.h"
#include "shared/testing/store_schema.h"

namespace flywheel::ingest {
namespace {

testing::StoreGolden Golden() {
  return {Migrations(), "ingest_service/store/schema.sql",
          "tests/ingest_service/store/schema_dumps"};
}

TEST(Schema, OfANewStoreIsTheGoldenFile) { testing::ExpectGoldenSchema(Golden()); }

TEST(Schema, OfEveryEarlierVersionBecomesThatOfANewStoreAndKeepsItsRows) {
  testing::ExpectEveryVersionMigrates(Golden());
}

}  // namespace
}  // namespace flywheel::ingest
