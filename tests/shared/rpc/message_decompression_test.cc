#include "shared/rpc/message_decompression.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"

namespace flywheel::rpc {
namespace {

constexpr int kMaxMessageBytes = 1 << 20;

// Answers every call with the message that it got, not compressed.
class Echo : public grpc::CallbackGenericService {
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    class Call : public grpc::ServerGenericBidiReactor {
     public:
      Call() { StartRead(&message_); }
      void OnReadDone(bool ok) override {
        if (!ok) return Finish(grpc::Status(grpc::StatusCode::INTERNAL, "no message"));
        StartWriteAndFinish(&message_, grpc::WriteOptions(), grpc::Status::OK);
      }
      void OnDone() override { delete this; }

     private:
      grpc::ByteBuffer message_;
    };
    return new Call();
  }
};

class MessageDecompression : public ::testing::Test {
 protected:
  MessageDecompression() {
    EXPECT_TRUE(BoundDecompression({.message_bytes = kMaxMessageBytes, .total_bytes = 4 << 20}));
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
    builder.RegisterCallbackGenericService(&echo_);
    server_ = builder.BuildAndStart();
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                   grpc::InsecureChannelCredentials());
  }
  ~MessageDecompression() override { server_->Shutdown(); }

  // Sends `message` compressed; `answer` gets what comes back.
  grpc::Status Send(grpc_compression_algorithm algorithm, const std::string& message,
                    std::string* answer) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    const grpc::Slice slice(message);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status result;
    absl::Notification done;
    grpc::GenericStub(channel_).UnaryCall(&context, "/echo", {}, &request, &response,
                                          [&](const grpc::Status& status) {
                                            result = status;
                                            done.Notify();
                                          });
    done.WaitForNotification();
    std::vector<grpc::Slice> slices;
    if (result.ok() && response.Dump(&slices).ok()) {
      for (const grpc::Slice& one : slices) {
        answer->append(reinterpret_cast<const char*>(one.begin()), one.size());
      }
    }
    return result;
  }

  Echo echo_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// Half of it can be compressed.
std::string MakeText(size_t size) {
  std::mt19937 generator(7);
  std::string text;
  while (text.size() < size) {
    text += static_cast<char>(generator());
    text += 'x';
  }
  text.resize(size);
  return text;
}

TEST_F(MessageDecompression, GivesBackWhatWasCompressed) {
  for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_NONE}) {
    for (const size_t size : {0, 1, 1'000, 65'535, 65'536, 65'537, 300'000, kMaxMessageBytes}) {
      const std::string message = MakeText(size);
      std::string answer;
      const grpc::Status status = Send(algorithm, message, &answer);
      EXPECT_TRUE(status.ok()) << status.error_message() << " at " << size;
      EXPECT_TRUE(answer == message) << size << " bytes by algorithm " << algorithm;
    }
  }
}

TEST_F(MessageDecompression, RefusesWhatBecomesTooLargeAsWhatIsTooLarge) {
  for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_NONE}) {
    for (const size_t size : {kMaxMessageBytes + 1, 64 << 20}) {
      std::string answer;
      const grpc::Status status = Send(algorithm, std::string(size, 'a'), &answer);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED)
          << status.error_message();
    }
  }
}

TEST_F(MessageDecompression, CountsWhatIsHeldOnlyWhileItIsHeld) {
  for (int i = 0; i < 20; ++i) {
    std::string answer;
    EXPECT_TRUE(Send(GRPC_COMPRESS_GZIP, std::string(kMaxMessageBytes, 'a'), &answer).ok())
        << "all of them together are more than the process may hold";
  }
}

}  // namespace
}  // namespace flywheel::rpc
