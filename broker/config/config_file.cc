#include "broker/config/config_file.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "broker/config/yaml_document.h"
#include "broker/config/yaml_text.h"

namespace phyllo::broker {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxIncludeDepth = 8;
constexpr std::size_t kMaxFiles = 64;

/// At most one byte over the limit, so that the text check sees that there was more.
std::optional<std::string> read_bytes(const fs::path& file, std::string& why) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::is_directory(status)) {
    why = "is a directory";
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    why = std::generic_category().message(errno);
    return std::nullopt;
  }
  std::string text(kMaxConfigBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

void lay_over(YamlValue& base, YamlValue&& over) {
  using Kind = YamlValue::Kind;
  if (base.kind == Kind::kMap && over.kind == Kind::kNothing) return;
  if (base.kind != Kind::kMap || over.kind != Kind::kMap) {
    base = std::move(over);
    return;
  }
  base.position = over.position;
  for (YamlValue::Entry& entry : over.entries) {
    const auto same = std::find_if(base.entries.begin(), base.entries.end(),
                                   [&](const auto& each) { return each.key == entry.key; });
    if (same == base.entries.end()) {
      base.entries.push_back(std::move(entry));
    } else {
      same->position = entry.position;
      lay_over(same->value, std::move(entry.value));
    }
  }
}

class IncludeReader {
 public:
  explicit IncludeReader(ConfigErrors& errors) : errors_(errors) {}

  /// `origin` is where the file is named.
  std::optional<YamlValue> read(const fs::path& file, const Position& origin);

 private:
  std::optional<YamlValue> joined(YamlValue root, const fs::path& folder);
  bool may_enter(const fs::path& canonical, const Position& origin);

  ConfigErrors& errors_;
  std::vector<fs::path> stack_;  ///< canonical paths of the files being read
  std::size_t files_ = 0;
};

std::optional<YamlValue> IncludeReader::read(const fs::path& file, const Position& origin) {
  std::string why;
  const std::optional<std::string> text = read_bytes(file, why);
  if (!text) {
    errors_.add(origin, "cannot read " + in_quotes(file.string()) + ": " + why);
    return std::nullopt;
  }
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(file, error);
  if (!may_enter(canonical, origin)) return std::nullopt;
  std::optional<YamlValue> root = parse_yaml(*text, file.string(), errors_);
  if (!root) return std::nullopt;
  stack_.push_back(canonical);
  std::optional<YamlValue> whole = joined(std::move(*root), file.parent_path());
  stack_.pop_back();
  return whole;
}

bool IncludeReader::may_enter(const fs::path& canonical, const Position& origin) {
  if (std::find(stack_.begin(), stack_.end(), canonical) != stack_.end()) {
    errors_.add(origin,
                "include: " + in_quotes(canonical.filename().string()) + " includes itself");
    return false;
  }
  if (stack_.size() == kMaxIncludeDepth || ++files_ > kMaxFiles) {
    errors_.add(origin, "include: too many files");
    return false;
  }
  return true;
}

/// The included files in order, and `root` over them.
std::optional<YamlValue> IncludeReader::joined(YamlValue root, const fs::path& folder) {
  const YamlValue* include = root.find("include");
  if (include == nullptr) return root;
  if (include->kind != YamlValue::Kind::kList) {
    errors_.add(include->position, "include: must be a list of files");
    return std::nullopt;
  }
  YamlValue whole;
  whole.kind = YamlValue::Kind::kMap;
  for (const YamlValue& item : include->items) {
    if (!item.is_scalar() || item.text.empty()) {
      errors_.add(item.position, "include: must be a list of files");
      return std::nullopt;
    }
    std::optional<YamlValue> part = read(folder / item.text, item.position);
    if (!part) return std::nullopt;
    lay_over(whole, std::move(*part));
  }
  lay_over(whole, std::move(root));
  return whole;
}

}  // namespace

std::optional<YamlValue> read_config_file(const fs::path& file, ConfigErrors& errors) {
  const auto name = std::make_shared<const std::string>(file.string());
  return IncludeReader(errors).read(file, {name, 1, 1});
}

}  // namespace phyllo::broker
