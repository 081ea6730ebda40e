#include "shared/monitoring/http_listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "tests/shared/monitoring/http_request.h"

namespace melsweep::monitoring {
namespace {

using testing::HasSubstr;

HttpAnswer echo(std::string_view path) {
  if (path == "/broken") throw std::runtime_error("broken");
  return {.status = path == "/sick" ? 503 : 200, .body = std::string(path) + "\n"};
}

std::unique_ptr<HttpListener> start() {
  auto listener = HttpListener::start({"127.0.0.1", 0}, echo);
  EXPECT_TRUE(listener.ok()) << listener.status();
  return *std::move(listener);
}

// One for all: to end one takes a while.
class HttpListenerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { listener_ = start(); }
  static void TearDownTestSuite() { listener_.reset(); }
  static int port() { return listener_->port(); }

 private:
  static inline std::unique_ptr<HttpListener> listener_;
};

TEST_F(HttpListenerTest, AnswersGetWithWhatTheHandlerMakesOfThePath) {
  const Response answer = get(port(), "/there?query=1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "/there\n");
  EXPECT_THAT(answer.head, HasSubstr("Content-Length: 7"));
  EXPECT_THAT(answer.head, HasSubstr("Content-Type: text/plain; charset=utf-8"));
  EXPECT_EQ(get(port(), "/sick").status, 503);
}

TEST_F(HttpListenerTest, AnswersHeadWithoutTheBody) {
  const Response answer = request(port(), "HEAD", "/there");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_THAT(answer.head, HasSubstr("Content-Length: 7"));
}

TEST_F(HttpListenerTest, RefusesOtherMethods) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(request(port(), method, "/there").status, 405) << method;
  }
}

TEST_F(HttpListenerTest, LivesOnWhenAHandlerThrows) {
  EXPECT_EQ(get(port(), "/broken").status, 500);
  EXPECT_EQ(get(port(), "/there").status, 200);
}

// 16 KiB are taken; what follows them is not kept.
TEST_F(HttpListenerTest, RefusesEndlessRequests) {
  const Socket socket(port());
  socket.send("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x'));
  EXPECT_EQ(socket.receive().find("200 OK"), std::string::npos);
  EXPECT_EQ(get(port(), "/there").status, 200);
}

TEST(HttpListener, TakesThisMachinesNameAndNoOther) {
  const auto local = HttpListener::start({"localhost", 0}, echo);
  ASSERT_TRUE(local.ok()) << local.status();
  EXPECT_EQ(get((*local)->port(), "/there").status, 200);
  EXPECT_TRUE(absl::IsInvalidArgument(HttpListener::start({"node-3", 0}, echo).status()));
}

TEST_F(HttpListenerTest, SaysThatAPortIsTaken) {
  const auto second = HttpListener::start({"127.0.0.1", port()}, echo);
  EXPECT_TRUE(absl::IsUnavailable(second.status())) << second.status();
}

TEST(HttpListener, ListensNoMoreOnceItIsGone) {
  auto listener = start();
  const int its_port = listener->port();
  listener.reset();
  EXPECT_FALSE(Socket(its_port).connected());
}

}  // namespace
}  // namespace melsweep::monitoring
