#include <chrono>
#include <iostream>

#include "phyllo/client.h"

int main(int argc, char** argv) {
  phyllo::Client client({argc > 1 ? argv[1] : "tcp://127.0.0.1:7401"});

  auto subscription = client.subscribe("sensors/temp", [](const phyllo::Message& message) {
    std::cout << message.topic() << ": " << message.payload() << std::endl;
  });
  if (!subscription) {
    std::cerr << subscription.status().message() << std::endl;
    return 1;
  }

  auto publisher = client.publisher("sensors/temp");
  publisher.publish("21.5");
  const auto status = publisher.flush(std::chrono::seconds(5));  // the topic's root has it
  std::cin.get();                                                // until Enter
  return status.ok() ? 0 : 1;
}
