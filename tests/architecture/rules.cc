#include "tests/architecture/rules.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <regex>
#include <sstream>
#include <string_view>

namespace phyllo::architecture {
namespace {

using Names = std::set<std::string, std::less<>>;

// The public headers of the SDK are included as phyllo/..., generated ones as phyllo/v1/....
constexpr std::string_view kPublic = "phyllo";
constexpr std::string_view kWire = "phyllo/v1";

/// Each layer with all that it may include. What is not a layer (bench, tests) may include
/// anything.
const std::map<std::string, Names, std::less<>>& allowed_by_layer() {
  static const std::map<std::string, Names, std::less<>> kAllowed = {
      {"base", {"base"}},
      {"overlay", {"base", "overlay", "phyllo/v1"}},
      {"overlay/examples", {"base", "overlay", "overlay/examples"}},
      {"overlay/transport", {"base", "overlay", "overlay/transport", "phyllo/v1"}},
      {"multicast", {"base", "overlay", "multicast", "phyllo/v1"}},
      {"regions", {"base", "overlay", "multicast", "regions", "phyllo/v1"}},
      {"broker/core", {"base", "overlay", "multicast", "regions", "broker/core", "phyllo/v1"}},
      {"broker/config",
       {"base", "overlay", "multicast", "regions", "broker/core", "broker/config"}},
      {"broker",
       {"base", "overlay", "overlay/transport", "multicast", "regions", "broker/core",
        "broker/config", "broker", "phyllo/v1"}},
      {"sim", {"base", "overlay", "multicast", "regions", "broker/core", "broker/config", "sim"}},
      {"sdk", {"base", "sdk", "phyllo", "phyllo/v1"}},
      {"sdk/include", {"phyllo"}},
      {"sdk/examples", {"phyllo"}},
      {"cli", {"base", "phyllo", "sim", "cli"}},
  };
  return kAllowed;
}

/// The longest of `names` that is a folder on `path`, or "".
std::string_view folder_of(std::string_view path, const Names& names) {
  std::string_view best;
  for (const auto& name : names) {
    const bool inside = path.starts_with(name) && path.substr(name.size()).starts_with('/');
    if (inside && name.size() > best.size()) best = name;
  }
  return best;
}

std::string_view layer_of(std::string_view path) {
  static const Names kLayers = [] {
    Names names{std::string(kPublic), std::string(kWire)};
    for (const auto& [name, allowed] : allowed_by_layer()) names.insert(name);
    return names;
  }();
  return folder_of(path, kLayers);
}

bool is_core(const SourceFile& file) {
  // A failed check has to say so before it stops the program.
  if (file.path == "base/check.cc") return false;
  static const Names kCores{"base", "overlay", "multicast", "regions", "broker/core"};
  return is_cpp(file) && kCores.contains(layer_of(file.path));
}

/// What a core must not mention, by what it stands for.
const std::map<std::string, std::regex>& impurities() {
  static const std::map<std::string, std::regex> kImpurities = {
      {"a clock",
       std::regex(
           R"(::now\s*\(|\bgettimeofday\b|\bclock_gettime\b|\bclock\s*\(\s*\))"
           R"(|\btime\s*\(\s*(nullptr|NULL|0|&)|#\s*include\s*<(ctime|time\.h|sys/time\.h)>)")},
      {"a socket",
       std::regex(
           R"(\bzmq|#\s*include\s*<(sys/socket|sys/epoll|poll|netdb|netinet/\w+|arpa/\w+)\.h>)")},
      {"a thread",
       std::regex(R"(\bstd::(this_thread|j?thread|async|future|promise|atomic)\b|\w*mutex\b)"
                  R"(|\bthread_local\b|\bpthread_|\bu?sleep\s*\(|#\s*include\s*<(thread|\w*mutex)"
                  R"(|condition_variable|future|atomic|semaphore|latch|barrier|stop_token)>)")},
      {"a file", std::regex(R"(\bfopen\b|\bstd::[io]?fstream\b|\bstd::filesystem\b)"
                            R"(|#\s*include\s*<(fstream|filesystem|fcntl\.h|unistd\.h)>)")},
      {"global randomness",
       std::regex(R"(\brandom_device\b|\bs?rand\s*\(|\bgetrandom\b|\brandombytes_)")},
      {"a log", std::regex(R"(\bspdlog\b|\bf?printf\s*\(|\bputs\s*\(|\bstd::(cout|cerr|clog)\b)"
                           R"(|#\s*include\s*<(iostream|print)>)")},
  };
  return kImpurities;
}

bool is_codec(const SourceFile& file) {
  const std::string name = file.path.substr(file.path.rfind('/') + 1);
  return name == "codec.cc" || name.ends_with("_codec.cc");
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Finding& finding) {
  return out << finding.path << ':' << finding.line << ": " << finding.problem;
}

Findings check_layers(const SourceFile& file) {
  const auto layer = allowed_by_layer().find(layer_of(file.path));
  if (!is_cpp(file) || layer == allowed_by_layer().end()) return {};
  Findings findings;
  for (const auto& include : includes_of(file)) {
    const auto target = layer_of(include.name);
    if (target.empty() || layer->second.contains(target)) continue;
    findings.push_back(
        {file.path, include.line,
         layer->first + " must not include " + include.name + " of " + std::string(target)});
  }
  return findings;
}

Findings check_core_is_pure(const SourceFile& file) {
  if (!is_core(file)) return {};
  Findings findings;
  std::istringstream lines(code_of(file.text));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    for (const auto& [what, pattern] : impurities()) {
      std::smatch match;
      if (!std::regex_search(line, match, pattern)) continue;
      findings.push_back({file.path, number, "a core uses " + what + ": " + match[0].str()});
    }
  }
  return findings;
}

Findings check_wire_types_end_at_codecs(const SourceFile& file) {
  // Tests of a codec may look at what it writes.
  if (!is_cpp(file) || is_codec(file) || file.path.starts_with("tests/")) return {};
  Findings findings;
  for (const auto& include : includes_of(file)) {
    if (include.name.ends_with(".pb.h")) {
      findings.push_back({file.path, include.line, "only codecs include " + include.name});
    }
  }
  return findings;
}

Findings check_length(const SourceFile& file) {
  const int limit = file.path.starts_with("tests/") ? 600 : 400;
  const int lines = line_count(file);
  if (lines <= limit) return {};
  return {{file.path, 0, std::to_string(lines) + " lines, the limit is " + std::to_string(limit)}};
}

Findings check_sdk_headers(const SourceFile& file) {
  if (!file.path.starts_with("sdk/include/")) return {};
  static const std::regex kStandard("[a-z_]+");  // no extension and no folder
  Findings findings;
  for (const auto& include : includes_of(file)) {
    const bool standard = include.angled && std::regex_match(include.name, kStandard);
    const bool sibling = layer_of(include.name) == kPublic;
    if (!standard && !sibling) {
      findings.push_back({file.path, include.line, "a public header includes " + include.name});
    }
  }
  return findings;
}

Findings check_pragma_once(const SourceFile& file) {
  if (!is_header(file)) return {};
  static const std::regex kFirstDirective(R"(^\s*#pragma once\n)");
  if (std::regex_search(code_of(file.text), kFirstDirective)) return {};
  return {{file.path, 1, "a header starts with #pragma once"}};
}

Findings check_includes_from_root(const SourceFile& file, const std::set<std::string>& paths) {
  // The package test's consumer stands for somebody else's project.
  if (!is_cpp(file) || file.path.starts_with("tests/package/consumer/")) return {};
  Findings findings;
  for (const auto& include : includes_of(file)) {
    const auto layer = layer_of(include.name);
    const bool found = paths.contains(include.name) || layer == kWire ||
                       (layer == kPublic && paths.contains("sdk/include/" + include.name));
    if (!include.angled && !found) {
      findings.push_back({file.path, include.line, include.name + " is no path from the root"});
    }
  }
  return findings;
}

}  // namespace phyllo::architecture
