// An agent that is a model behind an endpoint of OpenAI's chat completions.
#ifndef FLYWHEEL_CLI_GATE_RUN_CHAT_ENDPOINT_H_
#define FLYWHEEL_CLI_GATE_RUN_CHAT_ENDPOINT_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "cli/gate_run/agent.h"
#include "cli/gate_run/http_post.h"

namespace flywheel::cli {

struct ChatEndpointOptions {
  // Such as http://127.0.0.1:8000/v1.
  std::string url;
  std::string model;
  // Empty: none.
  std::string key;
  // Members that go into every request, such as {"temperature": 0}.
  nlohmann::ordered_json body = nlohmann::ordered_json::object();
  // Of one try.
  absl::Duration timeout = absl::Seconds(60);
  // Further tries after the first.
  int retries = 5;
  // US dollars a million tokens; not set: nobody knows what an answer costs.
  std::optional<double> input_price, output_price;
};

// Tries again where the endpoint is busy or broken: 408, 425, 429, 5xx, no answer, a cut
// connection, an answer that is none. In the end that is an error of the infrastructure. A question
// that is too long for the model, or that the provider's filter refuses, is the version's own
// error. Every other 4xx, and a quota that is used up, is an error of the run: it would be the same
// for every case. For one thread.
class ChatEndpoint : public Agent {
 public:
  explicit ChatEndpoint(ChatEndpointOptions options);

  absl::StatusOr<Answer> Ask(const Question& question) override;

 private:
  std::string Request(const Question& question) const;
  // Tries until there is something to take, or nothing more to try.
  absl::StatusOr<HttpAnswer> Send(const std::string& request) const;
  void SetCost(evalgate::v1::CaseOutput& output) const;

  const ChatEndpointOptions options_;
  const HttpPost post_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_CHAT_ENDPOINT_H_
