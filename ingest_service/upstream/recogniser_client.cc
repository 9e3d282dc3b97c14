#include "ingest_service/upstream/recogniser_client.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "absl/time/clock.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

using redaction::DataType;
using redaction::ForeignSpan;
using redaction::Speaker;

constexpr absl::Duration kProbeTimeout = absl::Seconds(2);
// An answer is a few spans a text; more than this is none.
constexpr int kMaxAnswerBytes = 64 << 20;

// Said of what happened in a call, in metrics and logs.
constexpr char kOk[] = "ok";
constexpr char kUnavailable[] = "unavailable";
constexpr char kMalformed[] = "malformed";

redaction::v1::Speaker ToProtoSpeaker(Speaker speaker) {
  switch (speaker) {
    case Speaker::kUser:
      return redaction::v1::SPEAKER_USER;
    case Speaker::kAgent:
      return redaction::v1::SPEAKER_AGENT;
    case Speaker::kOther:
      break;
  }
  return redaction::v1::SPEAKER_OTHER;
}

// By its name: the message may quote a text.
std::string_view NameOf(grpc::StatusCode code) {
  static constexpr std::array<std::string_view, 17> kNames = {
      "OK",
      "CANCELLED",
      "UNKNOWN",
      "INVALID_ARGUMENT",
      "DEADLINE_EXCEEDED",
      "NOT_FOUND",
      "ALREADY_EXISTS",
      "PERMISSION_DENIED",
      "RESOURCE_EXHAUSTED",
      "FAILED_PRECONDITION",
      "ABORTED",
      "OUT_OF_RANGE",
      "UNIMPLEMENTED",
      "INTERNAL",
      "UNAVAILABLE",
      "DATA_LOSS",
      "UNAUTHENTICATED",
  };
  const auto index = static_cast<size_t>(code);
  return index < kNames.size() ? kNames[index] : "UNKNOWN";
}

// Is `place` a bound of a character of valid UTF-8?
bool IsBound(std::string_view text, size_t place) {
  return place == text.size() || (static_cast<unsigned char>(text[place]) & 0xc0) != 0x80;
}

// In a metric: a stranger's names could be without number.
std::string MetricType(const std::string& type) {
  for (size_t i = 0; i < redaction::kDataTypes; ++i) {
    if (redaction::DataTypeName(static_cast<DataType>(i)) == type) return type;
  }
  return std::string(redaction::DataTypeName(DataType::kCustom));
}

}  // namespace

bool IsRecogniserType(std::string_view type) {
  if (type.empty() || type.size() > 64 || type[0] < 'A' || type[0] > 'Z') return false;
  return std::all_of(type.begin(), type.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

absl::StatusOr<std::unique_ptr<RecogniserClient>> RecogniserClient::Open(
    const RecogniserConfig& config, rpc::Metrics* metrics) {
  rpc::Target target = config.target;
  target.max_answer_bytes = kMaxAnswerBytes;
  ASSIGN_OR_RETURN(rpc::Channel channel, rpc::Channel::Open(target));
  return std::unique_ptr<RecogniserClient>(
      new RecogniserClient(config, std::move(channel), metrics));
}

absl::Status RecogniserClient::Call(const redaction::v1::RecogniseRequest& request,
                                    absl::Time deadline, redaction::v1::RecogniseResponse& response,
                                    absl::Duration& took) {
  const absl::Time begin = absl::Now();
  if (begin >= deadline) {
    return errors::RecogniserUnavailable("there was no time left to ask it");
  }
  grpc::ClientContext context;
  channel_.Prepare(context, deadline - begin);
  const grpc::Status status = stub_->Recognise(&context, request, &response);
  const bool answered = status.ok() && response.results_size() == request.texts_size();
  took = absl::Now() - begin;
  const char* const outcome = status.ok() ? kMalformed : kUnavailable;
  if (!answered) metrics_.CountRecogniserCall(outcome, took);
  if (is_up_.exchange(answered) && !answered) {
    spdlog::warn("event=recogniser_failed address={} outcome={} code={} texts={} results={}",
                 channel_.address(), outcome, NameOf(status.error_code()), request.texts_size(),
                 response.results_size());
  }
  if (answered) return absl::OkStatus();
  if (!status.ok()) {
    return errors::RecogniserUnavailable(
        fmt::format("it answers with {}", NameOf(status.error_code())));
  }
  return errors::RecogniserUnavailable(fmt::format("it answers with {} results to {} texts",
                                                   response.results_size(), request.texts_size()));
}

absl::Status RecogniserClient::Probe() {
  redaction::v1::RecogniseResponse response;
  absl::Duration took;
  return Call({}, absl::Now() + kProbeTimeout, response, took);
}

absl::StatusOr<std::vector<RecogniserClient::Found>> RecogniserClient::Recognise(
    const std::vector<AskedText>& texts, absl::Time deadline) {
  redaction::v1::RecogniseRequest request;
  for (const AskedText& asked : texts) {
    redaction::v1::Text* const text = request.add_texts();
    text->set_text(std::string(asked.text));
    text->set_speaker(ToProtoSpeaker(asked.speaker));
  }
  redaction::v1::RecogniseResponse response;
  absl::Duration took;
  RETURN_IF_ERROR(Call(request, deadline, response, took));
  std::vector<Found> found;
  found.reserve(texts.size());
  int64_t malformed = 0;
  std::map<std::string, int64_t> counts;
  for (size_t i = 0; i < texts.size(); ++i) {
    found.push_back(Read(response.results(static_cast<int>(i)), texts[i].text));
    if (!found.back()) {
      ++malformed;
      continue;
    }
    for (const ForeignSpan& span : *found.back()) ++counts[MetricType(span.type)];
  }
  for (const auto& [type, count] : counts) {
    metrics_.CountRecognised(type, static_cast<double>(count));
  }
  metrics_.CountRecogniserCall(malformed > 0 ? kMalformed : kOk, took);
  if (malformed > 0) {
    spdlog::warn(
        "event=recogniser_malformed address={} texts={} malformed={} message=\"a span is out of "
        "its text, cuts a character, or has a type or score that is none\"",
        channel_.address(), texts.size(), malformed);
  }
  return found;
}

RecogniserClient::Found RecogniserClient::Read(const redaction::v1::Result& result,
                                               std::string_view text) {
  std::vector<ForeignSpan> spans;
  const auto size = static_cast<int64_t>(text.size());
  for (const redaction::v1::Span& span : result.spans()) {
    const bool in_text = span.begin() >= 0 && span.begin() < span.end() && span.end() <= size;
    const bool has_score = span.score() >= 0 && span.score() <= 1;  // Not of NaN.
    if (!in_text || !has_score || !IsRecogniserType(span.type())) return std::nullopt;
    const auto begin = static_cast<size_t>(span.begin());
    const auto end = static_cast<size_t>(span.end());
    if (!IsBound(text, begin) || !IsBound(text, end)) return std::nullopt;
    if (span.score() < config_.least_score) continue;
    const std::vector<std::string>& types = config_.types;
    if (!types.empty() && std::find(types.begin(), types.end(), span.type()) == types.end()) {
      continue;
    }
    spans.push_back({begin, end, span.type()});
  }
  return spans;
}

}  // namespace flywheel::ingest
