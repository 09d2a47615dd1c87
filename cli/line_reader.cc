#include "cli/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace phyllo::cli {

std::optional<std::string> LineReader::next() {
  while (true) {
    const std::size_t newline = buffer_.find('\n', scanned_);
    const bool found = newline != std::string::npos;
    const std::size_t length = (found ? newline : buffer_.size()) - begin_;
    if (length > longest_line_) end_ = End::kTooLong;
    const bool last_unfinished = end_ == End::kInput && length > 0;
    if (end_ != End::kTooLong && (found || last_unfinished)) {
      std::string line = buffer_.substr(begin_, length);
      begin_ = scanned_ = found ? newline + 1 : buffer_.size();
      ++lines_;
      return line;
    }
    if (end_ != End::kNone) return std::nullopt;
    scanned_ = buffer_.size();
    read_more();
  }
}

void LineReader::read_more() {
  constexpr std::size_t kChunk = 64 << 10;
  std::array<pollfd, 2> ready{{{fd_, POLLIN, 0}, {signals_.fd(), POLLIN, 0}}};
  if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) {
    end_ = End::kFailed;
    return;
  }
  if (signals_.stopped()) {
    end_ = End::kStopped;
    return;
  }
  if (ready[0].revents == 0) return;
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kChunk);
  const ssize_t got = read(fd_, buffer_.data() + before, kChunk);
  const int error = errno;
  buffer_.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
  if (got == 0) end_ = End::kInput;
  if (got < 0 && error != EINTR && error != EAGAIN) end_ = End::kFailed;
  errno = error;
}

}  // namespace phyllo::cli
