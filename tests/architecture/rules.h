#pragma once

#include <compare>
#include <iosfwd>
#include <set>
#include <string>
#include <vector>

#include "tests/architecture/source_file.h"

/// The rules of the code base that a compiler does not check. Each is a function of one file, so
/// that each is itself tested on a small bad sample (rules_test.cc).
namespace phyllo::architecture {

/// A breach of a rule, printed as `path:line: problem`. Line 0 means the whole file.
struct Finding {
  std::string path;
  int line;
  std::string problem;

  auto operator<=>(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

std::ostream& operator<<(std::ostream& out, const Finding& finding);

/// A layer includes only itself and the layers below it.
Findings check_layers(const SourceFile& file);

/// The cores (base, overlay, multicast, broker/core) touch no clock, socket, file, thread, log or
/// global randomness: time and input come in as arguments, output leaves as effects.
Findings check_core_is_pure(const SourceFile& file);

/// Generated protobuf types end at the codecs: codec.cc and *_codec.cc.
Findings check_wire_types_end_at_codecs(const SourceFile& file);

/// No file over 400 lines; a test may have 600.
Findings check_length(const SourceFile& file);

/// The SDK's public headers include only the standard library and each other.
Findings check_sdk_headers(const SourceFile& file);

/// Every header starts with #pragma once.
Findings check_pragma_once(const SourceFile& file);

/// Quoted includes name a file of `paths` relative to the root, or a public or generated header
/// (phyllo/...). Files of installed libraries are included with <>.
Findings check_includes_from_root(const SourceFile& file, const std::set<std::string>& paths);

}  // namespace phyllo::architecture
