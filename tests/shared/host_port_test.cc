#include "shared/text/host_port.h"

#include <gtest/gtest.h>

namespace flywheel {
namespace {

TEST(HostPort, IsTakenApartAtItsLastColon) {
  const auto plain = ParseHostPort("127.0.0.1:4317");
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->host, "127.0.0.1");
  EXPECT_EQ(plain->port, 4317);
  const auto six = ParseHostPort("[::1]:0");
  ASSERT_TRUE(six.has_value());
  EXPECT_EQ(six->host, "[::1]");
  EXPECT_EQ(six->port, 0);
  EXPECT_EQ(ParseHostPort(":65535")->port, 65'535);
  EXPECT_EQ(ParseHostPort(":65535")->host, "");
}

TEST(HostPort, IsNothingWithoutAPortThatCanBe) {
  for (const char* text : {"", "localhost", "localhost:", "a:1x", "a:-1", "a:65536", "a: 1", "a:+1",
                           "a:99999999999999999999"}) {
    EXPECT_FALSE(ParseHostPort(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace flywheel
