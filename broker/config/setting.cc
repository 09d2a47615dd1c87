#include "broker/config/setting.h"

#include <yaml-cpp/null.h>

#include <algorithm>
#include <charconv>

#include "broker/config/config_errors.h"
#include "broker/config/nearest_key.h"
#include "broker/config/socket_address.h"
#include "broker/config/utf8.h"
#include "regions/topic_pattern.h"

namespace phyllo::broker {
namespace {

using Shape = Setting::Shape;

Error wrong(std::string message) { return Error{ErrorCode::kInvalidArgument, std::move(message)}; }

Error out_of_range(const std::string& found, const std::string& least, const std::string& most) {
  return wrong("must be between " + least + " and " + most + ", not " + found);
}

bool alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// A text as YAML takes it in a list or alone: in quotes when YAML might see more than text in it.
std::string yaml_text(const std::string& text) {
  const auto harmless = [](char c) {
    return alphanumeric(c) || std::string_view("/._-:*").find(c) != std::string_view::npos;
  };
  const bool plain = !text.empty() && (alphanumeric(text[0]) || text[0] == '/') &&
                     std::all_of(text.begin(), text.end(), harmless) && text.back() != ':' &&
                     !YAML::IsNullString(text);
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

bool name_character(char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; }

Result<overlay::Endpoint> parse_endpoint(std::string_view text, EndpointUse use) {
  Result<overlay::Endpoint> endpoint = overlay::Endpoint::parse(text);
  if (!endpoint) return endpoint;
  if (const std::string problem = endpoint_problem(*endpoint, use); !problem.empty()) {
    return wrong("invalid endpoint " + in_quotes(text) + ": " + problem);
  }
  return endpoint;
}

}  // namespace

Outcome check_count(std::uint64_t number, std::uint64_t least, std::uint64_t most) {
  if (number >= least && number <= most) return Done{};
  return out_of_range(std::to_string(number), std::to_string(least), std::to_string(most));
}

Setting real_setting(double& target, double least, double most) {
  const auto set = [&target, least, most](std::string_view text) -> Outcome {
    const Result<double> number = parse_real(text);
    if (!number) return number.error();
    if (*number < least || *number > most) {
      return out_of_range(std::string(text), show_real(least), show_real(most));
    }
    target = *number;
    return Done{};
  };
  return {Shape::kNumber, set, [&target] { return show_real(target); }};
}

Setting bytes_setting(std::size_t& target, std::size_t least, std::size_t most) {
  const auto set = [&target, least, most](std::string_view text) -> Outcome {
    const Result<std::uint64_t> bytes = parse_bytes(text);
    if (!bytes) return bytes.error();
    if (*bytes < least || *bytes > most) {
      return out_of_range(std::string(text), show_bytes(least), show_bytes(most));
    }
    target = *bytes;
    return Done{};
  };
  return {Shape::kNumber, set, [&target] { return show_bytes(target); }};
}

Setting duration_setting(Duration& target, Duration least, Duration most) {
  const auto set = [&target, least, most](std::string_view text) -> Outcome {
    const Result<Duration> duration = parse_duration(text);
    if (!duration) return duration.error();
    if (*duration < least || *duration > most) {
      return out_of_range(std::string(text), show_duration(least), show_duration(most));
    }
    target = *duration;
    return Done{};
  };
  return {Shape::kNumber, set, [&target] { return show_duration(target); }};
}

Setting name_setting(std::string& target) {
  const auto set = [&target](std::string_view text) -> Outcome {
    constexpr std::size_t kLongest = 64;
    if (text.empty() || text.size() > kLongest ||
        !std::all_of(text.begin(), text.end(), name_character)) {
      return wrong("must be 1 to 64 letters, digits, '.', '_' or '-', not " + in_quotes(text));
    }
    target = text;
    return Done{};
  };
  return {Shape::kText, set, [&target] { return yaml_text(target); }};
}

Setting names_setting(std::vector<std::string>& target) {
  const auto set = [&target](std::string_view text) -> Outcome {
    std::string name;
    if (const Outcome good = name_setting(name).set(text); !good) return good;
    if (std::find(target.begin(), target.end(), name) != target.end()) {
      return wrong(in_quotes(text) + " is listed twice");
    }
    target.push_back(name);
    return Done{};
  };
  const auto show = [&target] {
    std::string list;
    for (const std::string& each : target) list += (list.empty() ? "" : ", ") + yaml_text(each);
    return "[" + list + "]";
  };
  return {Shape::kList, set, show, [&target] { target.clear(); }};
}

Setting pattern_setting(std::string& target) {
  const auto set = [&target](std::string_view text) -> Outcome {
    if (const auto pattern = regions::TopicPattern::parse(text); !pattern) return pattern.error();
    target = text;
    return Done{};
  };
  return {Shape::kText, set, [&target] { return yaml_text(target); }};
}

Setting text_setting(std::string& target) {
  const auto set = [&target](std::string_view text) -> Outcome {
    if (text.empty()) return wrong("must not be empty");
    if (printable(text) != text)
      return wrong("must be one line of plain text, not " + in_quotes(text));
    target = text;
    return Done{};
  };
  return {Shape::kText, set, [&target] { return yaml_text(target); }};
}

Setting node_id_setting(std::optional<overlay::NodeId>& target) {
  const auto set = [&target](std::string_view text) -> Outcome {
    const auto id = overlay::NodeId::from_hex(text);
    if (!id && text != "auto") {
      return wrong("must be 32 hexadecimal digits or 'auto', not " + in_quotes(text));
    }
    target = id;
    return Done{};
  };
  return {Shape::kText, set, [&target] { return target ? target->hex() : std::string("auto"); }};
}

Setting endpoint_setting(overlay::Endpoint& target, EndpointUse use, std::string_view when_empty) {
  const std::string word(when_empty);
  const auto set = [&target, use, word](std::string_view text) -> Outcome {
    if (!word.empty() && text == word) {
      target = {};
      return Done{};
    }
    const Result<overlay::Endpoint> endpoint = parse_endpoint(text, use);
    if (!endpoint) return endpoint.error();
    target = *endpoint;
    return Done{};
  };
  return {Shape::kText, set,
          [&target, word] { return target.empty() ? word : yaml_text(target.text()); }};
}

Setting endpoints_setting(std::vector<overlay::Endpoint>& target, EndpointUse use) {
  const auto set = [&target, use](std::string_view text) -> Outcome {
    constexpr std::size_t kMost = 256;
    const Result<overlay::Endpoint> endpoint = parse_endpoint(text, use);
    if (!endpoint) return endpoint.error();
    if (std::find(target.begin(), target.end(), *endpoint) != target.end()) {
      return wrong(in_quotes(text) + " is listed twice");
    }
    if (target.size() == kMost) return wrong("more than " + std::to_string(kMost) + " endpoints");
    target.push_back(*endpoint);
    return Done{};
  };
  const auto show = [&target] {
    std::string list;
    for (const overlay::Endpoint& each : target) {
      list += (list.empty() ? "" : ", ") + yaml_text(each.text());
    }
    return "[" + list + "]";
  };
  return {Shape::kList, set, show, [&target] { target.clear(); }};
}

Setting host_port_setting(std::optional<HostPort>& target) {
  const auto set = [&target](std::string_view text) -> Outcome {
    if (text == "none") {
      target = std::nullopt;
      return Done{};
    }
    const auto endpoint = overlay::Endpoint::parse("tcp://" + std::string(text));
    if (!endpoint) {
      return wrong("must be 'host:port' such as 127.0.0.1:7480, or 'none', not " + in_quotes(text));
    }
    const SocketAddress address = socket_address(*endpoint);
    target = HostPort{address.host, address.port};
    return Done{};
  };
  const auto show = [&target] {
    if (!target) return std::string("none");
    return yaml_text(show_host_port(*target));
  };
  return {Shape::kText, set, show};
}

Setting word_setting(std::function<void(std::size_t)> set, std::function<std::size_t()> get,
                     std::span<const char* const> words) {
  const auto take = [set, words](std::string_view text) -> Outcome {
    const auto word = std::find(words.begin(), words.end(), text);
    if (word != words.end()) {
      set(static_cast<std::size_t>(word - words.begin()));
      return Done{};
    }
    std::string choices;
    for (const char* each : words) choices += (choices.empty() ? "" : ", ") + std::string(each);
    const std::vector<std::string> known(words.begin(), words.end());
    const std::string near = nearest_key(text, known);
    return wrong("must be one of " + choices + ", not " + in_quotes(text) +
                 (near.empty() ? "" : "; did you mean '" + near + "'?"));
  };
  return {Shape::kText, take, [get, words] { return std::string(words[get()]); }};
}

}  // namespace phyllo::broker
