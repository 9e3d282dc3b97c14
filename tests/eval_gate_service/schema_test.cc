// The schema of the store, and every earlier one on its way to it.
#include <gtest/gtest.h>

#include "eval_gate_service/store/migrations.h"
#include "shared/testing/store_schema.h"

namespace flywheel::evalgate {
namespace {

testing::StoreGolden Golden() {
  return {Migrations(), "eval_gate_service/store/schema.sql",
          "tests/eval_gate_service/schema_dumps"};
}

TEST(Schema, OfANewStoreIsTheGoldenFile) { testing::ExpectGoldenSchema(Golden()); }

TEST(Schema, OfEveryEarlierVersionBecomesThatOfANewStoreAndKeepsItsRows) {
  testing::ExpectEveryVersionMigrates(Golden());
}

}  // namespace
}  // namespace flywheel::evalgate
