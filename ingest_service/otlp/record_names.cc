#include "ingest_service/otlp/record_names.h"

#include <string>
#include <utility>
#include <vector>

#include "shared/text/printable.h"

namespace flywheel::ingest {
namespace {

void Clean(std::string* name) {
  if (HasControls(*name)) *name = WithoutControls(*name);
}

}  // namespace

void CleanNames(v1::Interaction& interaction) {
  Clean(interaction.mutable_agent());
  Clean(interaction.mutable_model_version());
  Clean(interaction.mutable_prompt_version());
  for (auto* messages : {interaction.mutable_history(), interaction.mutable_messages()}) {
    for (common::v1::Message& message : *messages) {
      for (common::v1::Part& part : *message.mutable_parts()) {
        if (part.has_tool_call()) Clean(part.mutable_tool_call()->mutable_name());
      }
    }
  }
  auto& attributes = *interaction.mutable_attributes();
  std::vector<std::string> odd;
  for (const auto& [name, value] : attributes) {
    if (HasControls(name)) odd.push_back(name);
  }
  for (const std::string& name : odd) {
    // Of two that become one, the one that needed no change stays.
    attributes.insert({WithoutControls(name), attributes.at(name)});
    attributes.erase(name);
  }
}

void CleanNames(v1::Signal& signal) {
  if (signal.has_evaluation()) Clean(signal.mutable_evaluation()->mutable_name());
}

}  // namespace flywheel::ingest
