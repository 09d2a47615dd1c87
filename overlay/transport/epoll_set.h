#pragma once

#include <cstdint>
#include <span>

#include "base/time.h"

namespace phyllo::overlay::transport {

/// A set of file descriptors to wait on (level-triggered, for reading). Itself a descriptor that
/// can be put into another set. One thread.
class EpollSet {
 public:
  EpollSet();
  ~EpollSet();
  EpollSet(const EpollSet&) = delete;
  EpollSet& operator=(const EpollSet&) = delete;

  int fd() const { return fd_; }
  /// `tag` is what `wait` reports for this descriptor.
  void add(int fd, std::uint64_t tag);
  /// Before the descriptor is closed: ZeroMQ closes its own ones later, in another thread.
  void remove(int fd);
  /// Writes the tags of readable descriptors to `ready`; as many as fit, fairly over several calls.
  /// Waits up to `timeout`; none at zero.
  std::size_t wait(Duration timeout, std::span<std::uint64_t> ready);

 private:
  int fd_;
};

}  // namespace phyllo::overlay::transport
