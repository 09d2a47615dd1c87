#pragma once

#include <cstdint>

namespace phyllo::internal {

/// Descriptors with news, for any number of threads that wait for it. Each piece of news is told
/// once and to one of them, to the one that came last if several wait: its caches are warm.
/// Thread-safe.
class Poller {
 public:
  /// A set of bits, one for each kind of news.
  using News = std::uint32_t;

  /// Throws std::system_error when the process has no file descriptor left.
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Tells `news` whenever `fd` becomes readable, or is signalled again while it is. False: the
  /// system has no room for it.
  bool add(int fd, News news);
  /// Before the descriptor is closed.
  void remove(int fd);
  /// Waits until there is some. None: a signal came.
  News wait() { return within(-1); }
  /// What there is now.
  News look() { return within(0); }

 private:
  News within(int milliseconds);

  int fd_;
};

}  // namespace phyllo::internal
