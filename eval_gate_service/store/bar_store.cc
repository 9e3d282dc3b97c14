#include "eval_gate_service/store/bar_store.h"

#include "eval_gate_service/store/bar_text.h"
#include "shared/hashing/sha256.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {

absl::StatusOr<std::string> BarStore::Put(const std::string& project, const Bar& bar) {
  const std::string text = BarToText(bar);
  std::string key = Sha256(text);
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
      INSERT INTO bars (project, bar_key, bar) VALUES (?, ?, ?)
      ON CONFLICT (project, bar_key) DO NOTHING)sql")
                      .Bind(project, sql::Blob{key}, text)
                      .Run());
  return key;
}

absl::StatusOr<Bar> BarStore::Get(const std::string& project, const std::string& bar_key) {
  sql::Statement select =
      connection_.Prepare("SELECT bar FROM bars WHERE project = ? AND bar_key = ?");
  select.Bind(project, sql::Blob{bar_key});
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  if (!found) return errors::Internal("a policy or a verdict has a bar that is not stored");
  return BarFromText(select.View(0));
}

}  // namespace flywheel::evalgate
