// gRPC client by reflection, built without any .proto of the services, like grpcurl.
#ifndef FLYWHEEL_TESTS_INTEGRATION_DYNAMIC_CLIENT_H_
#define FLYWHEEL_TESTS_INTEGRATION_DYNAMIC_CLIENT_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/status/status_macros.h"

namespace flywheel::integration {

// The part of grpc.reflection.v1alpha that is needed here, as its numbers are on the wire.
inline constexpr char kReflectionSchema[] = R"pb(
  name: "reflection.proto"
  package: "grpc.reflection.v1alpha"
  syntax: "proto3"
  message_type {
    name: "Request"
    field { name: "file_containing_symbol" number: 4 type: TYPE_STRING label: LABEL_OPTIONAL }
    field { name: "list_services" number: 7 type: TYPE_STRING label: LABEL_OPTIONAL }
  }
  message_type {
    name: "Files"
    field { name: "file_descriptor_proto" number: 1 type: TYPE_BYTES label: LABEL_REPEATED }
  }
  message_type {
    name: "Service"
    field { name: "name" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
  }
  message_type {
    name: "Services"
    field {
      name: "service"
      number: 1
      type: TYPE_MESSAGE
      type_name: "Service"
      label: LABEL_REPEATED
    }
  }
  message_type {
    name: "Response"
    field { name: "files" number: 4 type: TYPE_MESSAGE type_name: "Files" label: LABEL_OPTIONAL }
    field {
      name: "services"
      number: 6
      type: TYPE_MESSAGE
      type_name: "Services"
      label: LABEL_OPTIONAL
    }
  }
)pb";

// Knows what the server tells it. Not thread-safe.
class DynamicClient {
 public:
  using Message = google::protobuf::Message;

  explicit DynamicClient(std::shared_ptr<grpc::Channel> channel)
      : stub_(std::move(channel)), pool_(&files_), messages_(&pool_) {
    google::protobuf::FileDescriptorProto schema;
    google::protobuf::TextFormat::ParseFromString(kReflectionSchema, &schema);
    files_.Add(schema);
  }

  // Full names.
  absl::StatusOr<std::vector<std::string>> ListServices() {
    ASSIGN_OR_RETURN(const auto response, Reflect("list_services", "*"));
    const Message& services = Field(*response, "services");
    const auto* field = services.GetDescriptor()->FindFieldByName("service");
    std::vector<std::string> names;
    for (int i = 0; i < services.GetReflection()->FieldSize(services, field); ++i) {
      const Message& service = services.GetReflection()->GetRepeatedMessage(services, field, i);
      names.push_back(service.GetReflection()->GetString(
          service, service.GetDescriptor()->FindFieldByName("name")));
    }
    return names;
  }

  // Fetches the service's files from the server. NOT_FOUND where it has none of this name.
  absl::StatusOr<const google::protobuf::ServiceDescriptor*> Describe(const std::string& service) {
    ASSIGN_OR_RETURN(const auto response, Reflect("file_containing_symbol", service));
    const Message& files = Field(*response, "files");
    const auto* field = files.GetDescriptor()->FindFieldByName("file_descriptor_proto");
    for (int i = 0; i < files.GetReflection()->FieldSize(files, field); ++i) {
      google::protobuf::FileDescriptorProto file;
      file.ParseFromString(files.GetReflection()->GetRepeatedString(files, field, i));
      files_.Add(file);
    }
    const auto* found = pool_.FindServiceByName(service);
    if (found == nullptr) return absl::NotFoundError(service);
    return found;
  }

  // A unary call, JSON in and JSON out.
  absl::StatusOr<std::string> Call(const google::protobuf::MethodDescriptor& method,
                                   const std::string& request_json) {
    ASSIGN_OR_RETURN(const auto answers, CallAll(method, request_json, {}));
    if (answers.size() != 1) return absl::InternalError("no answer, or several");
    return answers.front();
  }

  // The same of one that may answer with a stream: all that it says until it ends.
  absl::StatusOr<std::vector<std::string>> CallAll(
      const google::protobuf::MethodDescriptor& method, const std::string& request_json,
      const google::protobuf::util::JsonPrintOptions& options) {
    std::unique_ptr<Message> request(messages_.GetPrototype(method.input_type())->New());
    const auto parsed = google::protobuf::util::JsonStringToMessage(request_json, request.get());
    if (!parsed.ok()) return absl::InvalidArgumentError(std::string(parsed.message()));
    const std::string path = "/" + method.service()->full_name() + "/" + method.name();
    ASSIGN_OR_RETURN(const auto answers, Exchange(path, *request, *method.output_type()));
    std::vector<std::string> texts;
    for (const auto& answer : answers) {
      texts.emplace_back();
      if (!google::protobuf::util::MessageToJsonString(*answer, &texts.back(), options).ok()) {
        return absl::InternalError("an answer that is no JSON");
      }
    }
    return texts;
  }

 private:
  static const Message& Field(const Message& message, const std::string& name) {
    return message.GetReflection()->GetMessage(message,
                                               message.GetDescriptor()->FindFieldByName(name));
  }

  const google::protobuf::Descriptor& ReflectionType(const std::string& name) {
    return *pool_.FindMessageTypeByName("grpc.reflection.v1alpha." + name);
  }

  absl::StatusOr<std::unique_ptr<Message>> Reflect(const std::string& field,
                                                   const std::string& value) {
    const google::protobuf::Descriptor& type = ReflectionType("Request");
    std::unique_ptr<Message> request(messages_.GetPrototype(&type)->New());
    request->GetReflection()->SetString(request.get(), type.FindFieldByName(field), value);
    ASSIGN_OR_RETURN(auto answers,
                     Exchange("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                              *request, ReflectionType("Response")));
    if (answers.size() != 1) return absl::InternalError("no answer, or several");
    return std::move(answers.front());
  }

  // One message out and all that come back: on the wire, a unary call is a stream as well.
  absl::StatusOr<std::vector<std::unique_ptr<Message>>> Exchange(
      const std::string& path, const Message& request, const google::protobuf::Descriptor& type) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    grpc::CompletionQueue queue;
    const auto next = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    const auto call = stub_.PrepareCall(&context, path, &queue);
    call->StartCall(nullptr);
    next();
    const grpc::Slice bytes(request.SerializeAsString());
    call->WriteLast(grpc::ByteBuffer(&bytes, 1), grpc::WriteOptions(), nullptr);
    next();
    std::vector<std::unique_ptr<Message>> answers;
    bool readable = true;
    grpc::ByteBuffer answer;
    for (call->Read(&answer, nullptr); next(); call->Read(&answer, nullptr)) {
      answers.emplace_back(messages_.GetPrototype(&type)->New());
      grpc::Slice slice;
      readable = readable && answer.DumpToSingleSlice(&slice).ok() &&
                 answers.back()->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
    }
    grpc::Status status;
    call->Finish(&status, nullptr);
    next();
    if (!status.ok()) {
      return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                          status.error_message());
    }
    if (!readable) return absl::InternalError("no answer that can be read");
    return answers;
  }

  grpc::GenericStub stub_;
  google::protobuf::SimpleDescriptorDatabase files_;
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory messages_;
};

}  // namespace flywheel::integration

#endif  // FLYWHEEL_TESTS_INTEGRATION_DYNAMIC_CLIENT_H_
