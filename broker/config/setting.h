#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "broker/config/scalars.h"
#include "broker/config/settings.h"

namespace phyllo::broker {

/// One setting, bound to where it is kept: how it is read from YAML and how it is shown.
struct Setting {
  enum class Shape {
    kNumber,  ///< a scalar that quotes would make a text
    kText,
    kList,  ///< of texts
  };
  Shape shape;
  /// Takes a scalar over, or one more item of a list. An error says what would have been right.
  std::function<Outcome(std::string_view)> set;
  /// The value as `set` reads it.
  std::function<std::string()> show;
  /// Empties a list.
  std::function<void()> clear = {};
};

/// Which endpoints a setting takes.
enum class EndpointUse {
  kPeerListen,    ///< tcp; port 0 and all interfaces allowed
  kPeerConnect,   ///< tcp; a host that others can connect to
  kSeed,          ///< the same, and a port
  kClientListen,  ///< tcp or ipc
};

template <class Integer>
Setting count_setting(Integer& target, std::uint64_t least, std::uint64_t most);
Setting real_setting(double& target, double least, double most);
Setting bytes_setting(std::size_t& target, std::size_t least, std::size_t most);
Setting duration_setting(Duration& target, Duration least, Duration most);
/// 1 to 64 of letters, digits, '.', '_' and '-'.
Setting name_setting(std::string& target);
/// Any text that is not empty.
Setting text_setting(std::string& target);
/// 32 hexadecimal digits, or "auto".
Setting node_id_setting(std::optional<overlay::NodeId>& target);
/// `when_empty` is the word for "no endpoint"; without one the endpoint is obligatory.
Setting endpoint_setting(overlay::Endpoint& target, EndpointUse use,
                         std::string_view when_empty = {});
Setting endpoints_setting(std::vector<overlay::Endpoint>& target, EndpointUse use);
/// Names as in `name_setting`, none of them twice.
Setting names_setting(std::vector<std::string>& target);
/// Which topics something is about: a regions::TopicPattern.
Setting pattern_setting(std::string& target);
/// `host:port`, or "none".
Setting host_port_setting(std::optional<HostPort>& target);

/// One of a few words; index into `words`.
Setting word_setting(std::function<void(std::size_t)> set, std::function<std::size_t()> get,
                     std::span<const char* const> words);

/// An enumeration whose values 0, 1, … are called `words`.
template <class Enum>
Setting choice_setting(Enum& target, std::span<const char* const> words) {
  return word_setting([&target](std::size_t index) { target = static_cast<Enum>(index); },
                      [&target] { return static_cast<std::size_t>(target); }, words);
}

/// What `setting` makes of a T, or `word` for none.
template <class T>
Setting optional_setting(std::optional<T>& target, std::string word,
                         std::function<Setting(T&)> setting) {
  const auto set = [&target, word, setting](std::string_view text) -> Outcome {
    if (text == word) {
      target.reset();
      return Done{};
    }
    T value{};
    const Outcome outcome = setting(value).set(text);
    if (outcome) target = value;
    return outcome;
  };
  const auto show = [&target, word, setting] {
    if (!target) return word;
    T value = *target;
    return setting(value).show();
  };
  T none{};
  return {setting(none).shape, set, show};
}

Outcome check_count(std::uint64_t number, std::uint64_t least, std::uint64_t most);

template <class Integer>
Setting count_setting(Integer& target, std::uint64_t least, std::uint64_t most) {
  const auto set = [&target, least, most](std::string_view text) -> Outcome {
    const Result<std::uint64_t> number = parse_count(text);
    if (!number) return number.error();
    if (const Outcome range = check_count(*number, least, most); !range) return range;
    target = static_cast<Integer>(*number);
    return Done{};
  };
  return {Setting::Shape::kNumber, set, [&target] { return std::to_string(target); }};
}

}  // namespace phyllo::broker
