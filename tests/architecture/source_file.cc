#include "tests/architecture/source_file.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace phyllo::architecture {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolders[] = {"base",    "proto",  "overlay", "multicast",
                                         "regions", "broker", "sdk",     "cli",
                                         "sim",     "bench",  "tests",   "cmake"};

enum class Strings { kKeep, kBlank };

/// Walks over C++ text and blanks what is not code.
class Blanker {
 public:
  Blanker(std::string_view text, Strings strings) : text_(text), out_(text), strings_(strings) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    if (starts("//")) {
      blank_to(text_.find('\n', at_));
    } else if (starts("/*")) {
      blank_to(end_of("*/", at_ + 2));
    } else if (starts("R\"") && !after_word()) {
      blank_to(end_of_raw_string());
    } else if (text_[at_] == '"') {
      quoted('"', strings_);
    } else if (text_[at_] == '\'' && !after_word()) {  // after a word it separates digits
      quoted('\'', Strings::kBlank);
    } else {
      ++at_;
    }
  }

  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  bool after_word() const {
    return at_ > 0 && std::isalnum(static_cast<unsigned char>(text_[at_ - 1])) != 0;
  }

  std::size_t end_of(std::string_view what, std::size_t from) const {
    const auto found = text_.find(what, from);
    return found == std::string_view::npos ? text_.size() : found + what.size();
  }

  std::size_t end_of_raw_string() const {
    const auto open = text_.find('(', at_);
    if (open == std::string_view::npos) return text_.size();
    const std::string delimiter(text_.substr(at_ + 2, open - at_ - 2));
    return end_of(")" + delimiter + "\"", open);
  }

  void quoted(char quote, Strings strings) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    ++at_;
    if (strings == Strings::kBlank) blank_to(end);
    at_ = std::min(end + 1, text_.size());
  }

  void blank_to(std::size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }

  std::string_view text_;
  std::string out_;
  Strings strings_;
  std::size_t at_ = 0;
};

bool has_suffix(const SourceFile& file, std::string_view suffix) {
  return file.path.ends_with(suffix);
}

bool is_project_text(const SourceFile& file) {
  return is_cpp(file) || has_suffix(file, ".proto") || has_suffix(file, ".cmake") ||
         has_suffix(file, "CMakeLists.txt");
}

std::string read_text(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::string code_of(std::string_view text) { return Blanker(text, Strings::kBlank).run(); }

std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*(["<])([^">]*)[">])re");
  std::istringstream lines(Blanker(file.text, Strings::kKeep).run());
  std::vector<Include> found;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::smatch match;
    if (!std::regex_search(line, match, kInclude)) continue;
    found.push_back({number, match[2].str(), match[1].str() == "<"});
  }
  return found;
}

std::vector<SourceFile> read_repository(const fs::path& root) {
  std::vector<SourceFile> files;
  for (const auto folder : kFolders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      SourceFile file{entry.path().lexically_relative(root).generic_string(), {}};
      if (!entry.is_regular_file() || !is_project_text(file)) continue;
      file.text = read_text(entry.path());
      files.push_back(std::move(file));
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

bool is_header(const SourceFile& file) { return has_suffix(file, ".h"); }
bool is_cpp(const SourceFile& file) { return is_header(file) || has_suffix(file, ".cc"); }

int line_count(const SourceFile& file) {
  return static_cast<int>(std::ranges::count(file.text, '\n'));
}

}  // namespace phyllo::architecture
