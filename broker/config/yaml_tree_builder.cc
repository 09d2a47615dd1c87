#include "broker/config/yaml_tree_builder.h"

#include <yaml-cpp/exceptions.h>

#include <algorithm>

#include "broker/config/utf8.h"
#include "broker/config/yaml_document.h"

namespace phyllo::broker {
namespace {

[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& why) {
  throw YAML::ParserException(mark, why);
}

void refuse_extras(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
  if (anchor != YAML::NullAnchor) refuse(mark, "anchors (&name) are not supported");
  if (!tag.empty() && tag != "?" && tag != "!") {
    refuse(mark, "tags are not supported, found " + in_quotes(tag));
  }
}

/// Whether the quoted scalar at the front of `text` ends; other scalars do. yaml-cpp overlooks a
/// missing quote when the file ends with the line.
bool quotes_close(std::string_view text) {
  if (text.empty() || (text[0] != '"' && text[0] != '\'')) return true;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[0] == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == text[0]) {
      if (text[0] == '"' || text.substr(i + 1, 1) != "'") return true;
      ++i;
    }
  }
  return false;
}

}  // namespace

YamlTreeBuilder::YamlTreeBuilder(std::string_view text, std::shared_ptr<const std::string> file,
                                 ConfigErrors& errors)
    : text_(text), file_(std::move(file)), errors_(errors) {}

/// yaml-cpp counts lines from 0 and columns in bytes; without a mark, what is open is to blame.
Position YamlTreeBuilder::position(const YAML::Mark& mark) const {
  if (mark.is_null()) return open_.empty() ? Position{file_, 1, 1} : open_.back().value.position;
  const std::size_t end = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  const std::size_t bytes = std::min(static_cast<std::size_t>(std::max(mark.column, 0)), end);
  const std::size_t column = utf8_length(text_.substr(end - bytes, bytes));
  return {file_, mark.line + 1, static_cast<int>(column) + 1};
}

void YamlTreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  refuse_extras(mark, "", anchor);
  YamlValue value;
  // The parser notices a missing value only at the next token: point at the key instead.
  const bool has_key = !open_.empty() && open_.back().key;
  value.position = has_key ? open_.back().key->position : position(mark);
  add(std::move(value), mark);
}

void YamlTreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t) {
  refuse(mark, "aliases (*name) are not supported; quote a text that begins with *");
}

void YamlTreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag,
                               YAML::anchor_t anchor, const std::string& text) {
  refuse_extras(mark, tag, anchor);
  const auto start = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  if (tag == "!" && !quotes_close(text_.substr(start))) {
    refuse(mark, "the quoted text is never closed");
  }
  YamlValue value;
  value.kind = tag == "!" ? YamlValue::Kind::kQuoted : YamlValue::Kind::kPlain;
  value.position = position(mark);
  value.text = text;
  add(std::move(value), mark);
}

void YamlTreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                      YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  open(YamlValue::Kind::kList, mark, tag, anchor);
}

void YamlTreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag,
                                 YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  open(YamlValue::Kind::kMap, mark, tag, anchor);
}

void YamlTreeBuilder::open(YamlValue::Kind kind, const YAML::Mark& mark, const std::string& tag,
                           YAML::anchor_t anchor) {
  refuse_extras(mark, tag, anchor);
  if (expects_key()) refuse(mark, "a key must be plain text, not a map or a list");
  if (open_.size() == kMaxYamlDepth) {
    refuse(mark, "nested deeper than " + std::to_string(kMaxYamlDepth) + " levels");
  }
  Open next;
  next.value.kind = kind;
  next.value.position = position(mark);
  open_.push_back(std::move(next));
}

void YamlTreeBuilder::close() {
  YamlValue value = std::move(open_.back().value);
  open_.pop_back();
  add(std::move(value), YAML::Mark::null_mark());
}

bool YamlTreeBuilder::expects_key() const {
  return !open_.empty() && open_.back().value.kind == YamlValue::Kind::kMap && !open_.back().key;
}

void YamlTreeBuilder::add(YamlValue value, const YAML::Mark& mark) {
  if (open_.empty()) {
    root_ = std::move(value);
  } else if (open_.back().value.kind == YamlValue::Kind::kList) {
    open_.back().value.items.push_back(std::move(value));
  } else if (expects_key()) {
    if (!value.is_scalar()) refuse(mark, "a key is missing");
    open_.back().key = std::move(value);
  } else {
    const YamlValue key = *std::exchange(open_.back().key, std::nullopt);
    add_entry(open_.back().value, key, std::move(value), mark);
  }
}

void YamlTreeBuilder::add_entry(YamlValue& map, const YamlValue& key, YamlValue value,
                                const YAML::Mark& mark) {
  const auto same = std::find_if(map.entries.begin(), map.entries.end(),
                                 [&](const auto& entry) { return entry.key == key.text; });
  if (same != map.entries.end()) {
    errors_.add(key.position, "duplicate key " + in_quotes(key.text) + ", first given in line " +
                                  std::to_string(same->position.line));
    return;
  }
  if (map.entries.size() == kMaxYamlEntries) {
    refuse(mark, "more than " + std::to_string(kMaxYamlEntries) + " keys in one map");
  }
  map.entries.push_back({key.text, key.position, std::move(value)});
}

}  // namespace phyllo::broker
