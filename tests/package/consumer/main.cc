// A user's program: it sees only what is installed, and needs no broker to run.

#include <chrono>
#include <cstdio>
#include <string>

#include <phyllo/client.h>

namespace {

int failures = 0;

void expect(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "failed: %s\n", what);
  ++failures;
}

}  // namespace

int main() {
  using namespace std::chrono_literals;
  using phyllo::StatusCode;

  phyllo::Client client({"tcp://127.0.0.1:1"}, {.name = "consumer"});
  expect(client.status().code() == StatusCode::kUnavailable, "nobody listens there");
  expect(client.publisher("a/b").publish("x").ok(), "a message is kept for later");
  expect(client.publisher("a//b").publish("x").code() == StatusCode::kInvalidArgument,
         "a wrong topic name is refused");
  auto subscription = client.subscribe("a/b", [](const phyllo::Message&) {}, {.timeout = 50ms});
  expect(subscription.status().code() == StatusCode::kTimeout, "no subscription without a broker");
  expect(client.close(50ms).code() == StatusCode::kTimeout, "closing does not wait for ever");
  return failures == 0 ? 0 : 1;
}
