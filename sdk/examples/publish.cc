// Publishes one message: publish BROKER TOPIC MESSAGE
#include <chrono>
#include <cstdio>

#include <phyllo/client.h>

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: publish BROKER TOPIC MESSAGE\n"), 2;

  phyllo::Client client({argv[1]});
  phyllo::Status status = client.publisher(argv[2]).publish(argv[3]);

  // The client's destructor waits for the acknowledgement as well, but tells nobody how it went.
  if (status.ok()) status = client.flush(std::chrono::seconds(5));
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.to_string().c_str());
  return status.ok() ? 0 : 1;
}
