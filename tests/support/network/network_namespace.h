#pragma once

#include <string>

namespace phyllo::test {

/// A network of its own on this host, with nothing but a loopback interface at first. It goes away
/// with this object; what a test that crashed left behind goes with the next one.
class NetworkNamespace {
 public:
  /// `name` tells it from the others of this process. Throws std::runtime_error when the system
  /// does not allow it.
  explicit NetworkNamespace(const std::string& name);
  ~NetworkNamespace();
  NetworkNamespace(const NetworkNamespace&) = delete;
  NetworkNamespace& operator=(const NetworkNamespace&) = delete;

  /// As `ip netns` knows it.
  const std::string& name() const { return name_; }
  /// Runs a command line in there; as `shell`.
  std::string run(const std::string& command) const;

 private:
  std::string name_;
};

/// While it lives, the calling thread is in that network: the sockets it makes, and the threads and
/// processes it starts, belong there for good.
class Visit {
 public:
  explicit Visit(const NetworkNamespace& network);
  ~Visit();
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  int home_;
};

}  // namespace phyllo::test
