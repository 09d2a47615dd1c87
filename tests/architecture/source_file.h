#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace phyllo::architecture {

/// A file of the repository. `path` is relative to its root, with '/' between the parts.
struct SourceFile {
  std::string path;
  std::string text;
};

/// One include line, e.g. {12, "overlay/node.h", false} or {3, "vector", true}.
struct Include {
  int line;
  std::string name;
  bool angled;
};

std::vector<Include> includes_of(const SourceFile& file);

/// The text with comments and the insides of string literals replaced by blanks; every line keeps
/// its number and every character its column.
std::string code_of(std::string_view text);

/// All C++, schema and CMake files below the folders that hold the project's own text.
std::vector<SourceFile> read_repository(const std::filesystem::path& root);

bool is_header(const SourceFile& file);
bool is_cpp(const SourceFile& file);
int line_count(const SourceFile& file);

}  // namespace phyllo::architecture
