#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "overlay/contact_codec.h"
#include "regions/messages.h"

namespace phyllo::regions {

/// Reads parts of messages and collects the first thing that is wrong; the value of a reader that
/// failed is a harmless one.
class CodecReader {
 public:
  bool ok() const { return problem_ == nullptr; }
  void require(bool condition, const char* problem) {
    if (!condition && ok()) problem_ = problem;
  }
  Result<Message> finish(Message message) const {
    if (!ok()) return Error{ErrorCode::kMalformed, problem_};
    return message;
  }

  TopicId topic(const std::string& bytes) {
    const auto id = TopicId::from_bytes(bytes);
    require(id.has_value(), "a topic id is not 16 bytes long");
    return id.value_or(*TopicId::from_bytes(std::string(16, '\0')));
  }
  overlay::NodeId node(const std::string& bytes) {
    const auto id = overlay::NodeId::from_bytes(bytes);
    require(id.has_value(), "a node id is not 16 bytes long");
    return id.value_or(overlay::NodeId());
  }
  overlay::Contact contact(const v1::ContactInfo& info) {
    auto contact = overlay::decode(info);
    require(contact.ok(), "a contact is not valid");
    return contact.ok() ? *std::move(contact) : overlay::Contact(overlay::NodeId(), 0, {});
  }
  std::uint64_t number(std::uint64_t value) {
    require(value <= kMaxNumber, "a number is too large");
    return value;
  }
  /// Whether a list of this length may be read.
  bool list(int size, std::size_t limit) {
    require(static_cast<std::size_t>(size) <= limit, "a list is too long");
    return ok();
  }
  const std::string& region(const std::string& name) {
    require(name.size() <= kMaxRegionBytes, "a region's name is too long");
    return name;
  }
  /// The name of a topic that is fenced, none of any other one.
  std::optional<TopicName> name(const TopicId& topic, const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto name = TopicName::parse(text);
    require(name && TopicId::of(*name) == topic, "a topic's name is not that of its id");
    return name ? std::optional(*name) : std::nullopt;
  }
  TopicName name(const std::string& text) {
    const auto name = TopicName::parse(text);
    require(name.ok(), "a topic's name is none");
    return name ? *name : *TopicName::parse("none");
  }

  /// Sums of numbers that are at most this large do not overflow.
  static constexpr std::uint64_t kMaxNumber = std::numeric_limits<std::uint64_t>::max() / 4;
  static constexpr std::size_t kMaxRegionBytes = 64;

 private:
  const char* problem_ = nullptr;
};

}  // namespace phyllo::regions
