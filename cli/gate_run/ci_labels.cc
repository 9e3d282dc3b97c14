#include "cli/gate_run/ci_labels.h"

#include <cstdlib>
#include <string>

#include "shared/text/shorten.h"

namespace flywheel::cli {
namespace {

// What the gate takes.
constexpr size_t kMostOfALabel = 256;

std::string Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string GitHubUrl() {
  const std::string server = Variable("GITHUB_SERVER_URL");
  const std::string repository = Variable("GITHUB_REPOSITORY");
  const std::string run = Variable("GITHUB_RUN_ID");
  if (server.empty() || repository.empty() || run.empty()) return "";
  return server + "/" + repository + "/actions/runs/" + run;
}

void Add(const char* name, const std::string& value, LabelMap& labels) {
  if (!value.empty()) labels.insert({name, std::string(Shorten(value, kMostOfALabel))});
}

}  // namespace

void AddCiLabels(LabelMap& labels) {
  // insert() keeps what is there.
  Add("git_sha", Variable("GITHUB_SHA"), labels);
  Add("git_sha", Variable("CI_COMMIT_SHA"), labels);
  Add("branch", Variable("GITHUB_REF_NAME"), labels);
  Add("branch", Variable("CI_COMMIT_REF_NAME"), labels);
  Add("ci_url", GitHubUrl(), labels);
  Add("ci_url", Variable("CI_JOB_URL"), labels);
}

}  // namespace flywheel::cli
