#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/topic_name.h"
#include "multicast/topic_id.h"
#include "overlay/contact_codec.h"

namespace phyllo::multicast {

/// What codecs of messages about topics read alike: parts of a message, and the first thing that is
/// wrong with one. The value of a reader that failed is a harmless one.
class WireReader {
 public:
  /// Sums of numbers that are at most this large do not overflow.
  static constexpr std::uint64_t kMaxNumber = std::numeric_limits<std::uint64_t>::max() / 4;
  static constexpr std::size_t kMaxRegionBytes = 64;

  bool ok() const { return problem_ == nullptr; }
  void require(bool condition, const char* problem) {
    if (!condition && ok()) problem_ = problem;
  }
  /// The message when nothing was wrong with its parts.
  template <class Message>
  Result<Message> finish(Message message) const {
    if (!ok()) return Error{ErrorCode::kMalformed, problem_};
    return message;
  }

  TopicId topic(const std::string& bytes) {
    const auto id = TopicId::from_bytes(bytes);
    require(id.has_value(), "a topic id is not 16 bytes long");
    return id.value_or(*TopicId::from_bytes(std::string(16, '\0')));
  }
  TopicName name(const std::string& text) {
    auto name = TopicName::parse(text);
    require(name.ok(), "a topic name is not valid");
    return name.ok() ? *std::move(name) : *TopicName::parse("none");
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

 private:
  const char* problem_ = nullptr;
};

}  // namespace phyllo::multicast
