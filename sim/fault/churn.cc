#include "sim/fault/churn.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

namespace phyllo::sim {
namespace {

using Event = ChurnTrace::Event;
using What = ChurnTrace::What;

constexpr double kLatest = 1e9;  // seconds: what a Duration holds, with room

Duration exponential(Duration mean, Random& random) {
  const double drawn = -std::log1p(-random.unit()) * static_cast<double>(mean.count());
  return Duration(static_cast<Duration::rep>(std::min(drawn, kLatest * 1e9)));
}

/// The words of one line of a trace, without what is said to people.
std::vector<std::string_view> words_of(std::string_view line) {
  line = line.substr(0, line.find('#'));
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t\r,");
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t\r,"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

std::optional<Duration> seconds_of(std::string_view word) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), seconds);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  if (!(seconds >= 0 && seconds <= kLatest)) return std::nullopt;
  return Duration(static_cast<Duration::rep>(seconds * 1e9));
}

std::string quoted(std::string_view word) { return "'" + std::string(word.substr(0, 40)) + "'"; }

/// Takes a trace line by line.
class Reader {
 public:
  /// What is wrong with the line; nothing when it was taken.
  std::optional<std::string> take(std::string_view line) {
    const auto words = words_of(line);
    if (words.empty()) return std::nullopt;
    if (words.size() != 3) return "expected 'seconds node up|down'";
    const auto at = seconds_of(words[0]);
    if (!at) return quoted(words[0]) + " is no time in seconds";
    if (*at < last_) return quoted(words[0]) + " is earlier than the line before";
    if (words[2] != "up" && words[2] != "down") {
      return quoted(words[2]) + " is neither 'up' nor 'down'";
    }
    const auto [known, fresh] =
        names_.try_emplace(std::string(words[1]), Node{trace_.nodes, false});
    if (fresh) ++trace_.nodes;
    const bool up = words[2] == "up";
    if (known->second.up == up) return quoted(words[1]) + (up ? " is up" : " is down") + " already";
    known->second.up = up;
    last_ = *at;
    trace_.events.push_back({*at, known->second.number, up ? What::kUp : What::kDown});
    return std::nullopt;
  }
  ChurnTrace done() { return std::move(trace_); }

 private:
  struct Node {
    std::uint32_t number;
    bool up;
  };
  ChurnTrace trace_;
  Duration last_{};
  std::map<std::string, Node> names_;
};

}  // namespace

ChurnTrace poisson_churn(std::size_t nodes, Duration mean_session, Duration length,
                         Random& random) {
  ChurnTrace trace;
  const auto live = [&](Duration from) {
    const Duration until = from + exponential(mean_session, random);
    trace.events.push_back({from, trace.nodes, What::kUp});
    if (until <= length) trace.events.push_back({until, trace.nodes, What::kDown});
    ++trace.nodes;
  };
  for (std::size_t i = 0; i < nodes; ++i) live(Duration::zero());
  const Duration between = std::max(mean_session / static_cast<Duration::rep>(nodes), Duration(1));
  for (Duration at = exponential(between, random); at <= length;
       at += exponential(between, random)) {
    live(at);
  }
  std::stable_sort(trace.events.begin(), trace.events.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  return trace;
}

Result<ChurnTrace> parse_churn(std::string_view text, const std::string& file) {
  Reader reader;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const auto wrong = reader.take(text.substr(0, end))) {
      return Error{ErrorCode::kMalformed, file + ":" + std::to_string(line) + ": " + *wrong};
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  ChurnTrace trace = reader.done();
  if (trace.events.empty()) {
    return Error{ErrorCode::kMalformed, file + ":1: nobody comes or goes in it"};
  }
  return trace;
}

Result<ChurnTrace> read_churn(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, file + ": cannot be opened"};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || in.bad()) return Error{ErrorCode::kUnavailable, file + ": cannot be read"};
  return parse_churn(text.str(), file);
}

}  // namespace phyllo::sim
