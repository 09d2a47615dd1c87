#include "broker/border_book.h"

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "base/checksum.h"
#include "broker/listeners.h"

namespace phyllo::broker {
namespace {

// The first line says what this is, the second one the month; then a line for each border: from,
// to, bytes of data, of control, seconds counted; the last line has the checksum of those before.

constexpr char kTitle[] = "phyllo borders 1";
constexpr char kSum[] = "checksum ";
/// More cannot have been counted in a month.
constexpr std::uint64_t kMostBytes = 1'000'000'000'000'000'000;
constexpr std::uint64_t kMostSeconds = 32 * 24 * 3600;
/// A border with each of 256 regions, both ways, needs a tenth of it.
constexpr std::size_t kLongest = 1 << 20;

std::string month_of(BorderBook::WallTime now) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now));
  return fmt::format("{:04}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()));
}

std::string sum_of(std::string_view text) { return fmt::format("{}{:016x}", kSum, checksum(text)); }

std::optional<BorderAccount> account_of(const std::string& line) {
  std::istringstream words(line);
  BorderAccount account;
  regions::Volume& volume = account.so_far.volume;
  std::uint64_t seconds = 0;
  words >> account.from >> account.to >> volume.data_bytes >> volume.control_bytes >> seconds;
  const bool whole = !words.fail() && (words >> std::ws).eof();
  if (!whole || volume.data_bytes > kMostBytes || volume.control_bytes > kMostBytes ||
      seconds > kMostSeconds) {
    return std::nullopt;
  }
  account.so_far.counted = std::chrono::seconds(seconds);
  return account;
}

/// Everything before the line with the checksum, when that is right.
std::optional<std::string> checked(const std::string& text) {
  const std::size_t end = text.rfind(kSum);
  if (end == std::string::npos || (end > 0 && text[end - 1] != '\n')) return std::nullopt;
  const std::string body = text.substr(0, end);
  if (text.substr(end) != sum_of(body) + "\n") return std::nullopt;
  return body;
}

}  // namespace

BorderBook::BorderBook(const std::filesystem::path& folder, overlay::NodeId broker)
    : file_(folder / ("borders-" + broker.hex())) {}

Result<std::vector<BorderAccount>> BorderBook::read(WallTime now) const {
  std::vector<BorderAccount> accounts;
  std::error_code none;
  if (!std::filesystem::exists(file_, none) && !none) return accounts;
  const Error damaged{ErrorCode::kMalformed, file_.string() + " is damaged"};
  std::ifstream stream(file_, std::ios::binary);
  std::string text(kLongest, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad() || !stream.eof()) {
    return Error{ErrorCode::kUnavailable, "cannot read " + file_.string()};
  }
  const std::optional<std::string> body = checked(text);
  if (!body) return damaged;
  std::istringstream lines(*body);
  std::string line;
  if (!std::getline(lines, line) || line != kTitle) return damaged;
  if (!std::getline(lines, line)) return damaged;
  if (line != month_of(now)) return accounts;
  while (std::getline(lines, line)) {
    auto account = account_of(line);
    if (!account) return damaged;
    accounts.push_back(*std::move(account));
  }
  return accounts;
}

Outcome BorderBook::write(WallTime now, const std::vector<BorderAccount>& accounts) const {
  std::string text = std::string(kTitle) + "\n" + month_of(now) + "\n";
  for (const BorderAccount& account : accounts) {
    const regions::MonthSoFar& so_far = account.so_far;
    text += fmt::format("{} {} {} {} {}\n", account.from, account.to, so_far.volume.data_bytes,
                        so_far.volume.control_bytes, so_far.counted / std::chrono::seconds(1));
  }
  return write_atomically(file_, text + sum_of(text));
}

}  // namespace phyllo::broker
