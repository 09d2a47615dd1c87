#include "tests/support/network/network_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/support/network/shell.h"

namespace phyllo::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "/run/netns";
/// Every namespace is called phyllo-PROCESS-NAME.
constexpr const char* kPrefix = "phyllo-";

/// Those of processes that are no more.
void sweep() {
  if (!fs::exists(kFolder)) return;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(kPrefix)) continue;
    const std::string owner = name.substr(std::string(kPrefix).size());
    if (!fs::exists("/proc/" + owner.substr(0, owner.find('-')))) shell("ip netns del " + name);
  }
}

int opened(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw std::runtime_error("cannot open " + path);
  return file;
}

}  // namespace

NetworkNamespace::NetworkNamespace(const std::string& name)
    : name_(kPrefix + std::to_string(getpid()) + "-" + name) {
  sweep();
  shell("ip netns add " + name_);
  run("ip link set lo up");
}

NetworkNamespace::~NetworkNamespace() {
  try {
    shell("ip netns del " + name_);
  } catch (const std::runtime_error&) {
    // The next test sweeps it up.
  }
}

std::string NetworkNamespace::run(const std::string& command) const {
  return shell("ip netns exec " + name_ + " " + command);
}

Visit::Visit(const NetworkNamespace& network) : home_(opened("/proc/thread-self/ns/net")) {
  const int there = opened(std::string(kFolder) + "/" + network.name());
  const int entered = setns(there, CLONE_NEWNET);
  close(there);
  if (entered != 0) throw std::runtime_error("cannot enter " + network.name());
}

Visit::~Visit() {
  if (setns(home_, CLONE_NEWNET) != 0) std::abort();  // the test would go on in a wrong network
  close(home_);
}

}  // namespace phyllo::test
