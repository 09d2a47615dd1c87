#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/network/network_namespace.h"
#include "tests/support/processes/child_process.h"
#include "tests/support/processes/phyllod_process.h"

namespace phyllo::test {

/// What crossed a border in one direction, as the kernel counted it: whole IP packets, which may be
/// larger than one frame of the medium.
struct Crossed {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  Crossed operator-(const Crossed& before) const {
    return {packets - before.packets, bytes - before.bytes};
  }
};

/// Sites on this host, each a network of its own, all joined by one router, where every packet from
/// one site to another passes: counted by the packet filter, cut off, or late.
class Borders {
 public:
  /// Why this host cannot have it (no root, a tool is missing); nullopt when it can.
  static std::optional<std::string> missing();

  /// Names of at most 12 characters.
  explicit Borders(std::vector<std::string> sites);

  const NetworkNamespace& site(const std::string& name) const;
  /// An address of the site, `host` in 1 … 20.
  std::string address(const std::string& site, int host) const;

  Crossed crossed(const std::string& from, const std::string& to) const;
  /// Nothing passes from one of the two to the other any more, in silence.
  void cut(const std::string& one, const std::string& other);
  /// Nothing is cut any more.
  void restore();
  /// So long takes every packet between any two sites, one way. Call it once.
  void delay(std::chrono::milliseconds one_way);

 private:
  std::size_t index(const std::string& site) const;
  std::string prefix(std::size_t site) const;
  void join(std::size_t site);
  void count();

  std::vector<std::string> names_;
  ScratchFolder folder_;
  NetworkNamespace router_{"router"};
  std::vector<std::unique_ptr<NetworkNamespace>> sites_;
  std::unique_ptr<ChildProcess> delay_line_;
};

}  // namespace phyllo::test
