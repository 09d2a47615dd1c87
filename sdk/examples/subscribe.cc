// Prints a topic's messages until there were COUNT of them: subscribe BROKER TOPIC COUNT
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>

#include <phyllo/client.h>

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: subscribe BROKER TOPIC COUNT\n"), 2;
  int left = std::atoi(argv[3]);
  std::promise<void> done;

  phyllo::Client client({argv[1]});
  auto subscription =
      client.subscribe(argv[2],
                       [&](const phyllo::Message& message) {
                         std::printf("%s\n", std::string(message.payload()).c_str());
                         if (--left == 0) done.set_value();
                       },
                       {.on_gap = [](const phyllo::Gap& gap) {
                         std::printf("lost %llu messages: %s\n",
                                     static_cast<unsigned long long>(gap.count()), gap.why.c_str());
                       }});

  if (!subscription) {
    std::fprintf(stderr, "%s\n", subscription.status().to_string().c_str());
    return 1;
  }
  done.get_future().wait();
  return 0;
}
