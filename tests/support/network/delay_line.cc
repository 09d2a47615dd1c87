// delay_line INTERFACE MILLISECONDS: every IP packet that is sent into this TUN interface comes out
// of it again, unchanged, so much later and in order. A long wire for tests.

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

/// More than any packet the kernel hands over at once.
constexpr std::size_t kMaxPacket = 65'536;

struct Packet {
  Clock::time_point due;
  std::vector<char> bytes;
};

std::optional<std::chrono::milliseconds> milliseconds(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc{} || end != text.end() || value < 0) return std::nullopt;
  return std::chrono::milliseconds(value);
}

/// A descriptor that reads and writes one packet at a time; negative when there is none to have.
int attach(const char* interface) {
  const int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (tun < 0) return tun;
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  return ioctl(tun, TUNSETIFF, &request) < 0 ? -1 : tun;
}

void take_in(int tun, std::chrono::milliseconds delay, std::deque<Packet>& under_way) {
  static std::array<char, kMaxPacket> buffer;
  while (true) {
    const ssize_t size = read(tun, buffer.data(), buffer.size());
    if (size <= 0) return;
    under_way.push_back({Clock::now() + delay, {buffer.data(), buffer.data() + size}});
  }
}

/// One that the kernel has no room for is lost, as on any wire.
void let_out(int tun, std::deque<Packet>& under_way) {
  while (!under_way.empty() && under_way.front().due <= Clock::now()) {
    const std::vector<char>& bytes = under_way.front().bytes;
    if (write(tun, bytes.data(), bytes.size()) < 0) std::perror("delay_line: write");
    under_way.pop_front();
  }
}

void wait(int tun, const std::deque<Packet>& under_way) {
  pollfd readable{tun, POLLIN, 0};
  if (under_way.empty()) {
    poll(&readable, 1, -1);
    return;
  }
  const auto left = std::max(under_way.front().due - Clock::now(), Clock::duration::zero());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec most{seconds.count(), (left - seconds).count()};
  ppoll(&readable, 1, &most, nullptr);
}

}  // namespace

int main(int count, char** words) {
  const auto delay = count == 3 ? milliseconds(words[2]) : std::nullopt;
  if (!delay) {
    std::fprintf(stderr, "usage: delay_line INTERFACE MILLISECONDS\n");
    return 2;
  }
  const int tun = attach(words[1]);
  if (tun < 0) {
    std::perror("delay_line: cannot attach to the interface");
    return 1;
  }
  std::deque<Packet> under_way;
  while (true) {
    wait(tun, under_way);
    take_in(tun, *delay, under_way);
    let_out(tun, under_way);
  }
}
