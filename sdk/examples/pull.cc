// Takes a topic's messages one by one, until none came for a second: pull BROKER TOPIC
#include <chrono>
#include <cstdio>
#include <string>

#include <phyllo/client.h>

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: pull BROKER TOPIC\n"), 2;

  phyllo::Client client({argv[1]});
  auto subscription = client.subscribe(argv[2]);
  while (auto message = subscription.next(std::chrono::seconds(1))) {
    std::printf("%llu %s\n", static_cast<unsigned long long>(message->stream_sequence()),
                std::string(message->payload()).c_str());
  }

  const phyllo::Status status = subscription.status();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.to_string().c_str());
  return status.ok() ? 0 : 1;
}
