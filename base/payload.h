#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/checksum.h"

namespace phyllo {

/// Immutable bytes, shared by reference: a batch that fans out to a thousand queues exists once.
/// Copying a Payload copies a pointer. Any thread may read; nobody writes after construction.
class Payload {
 public:
  Payload() = default;

  /// Takes the string's bytes over without copying them.
  static Payload from(std::string bytes);
  /// Copies `bytes`.
  static Payload copy_of(std::string_view bytes);
  /// Shares bytes that live as long as `owner` does (e.g. a received ZeroMQ message).
  static Payload adopt(std::shared_ptr<const void> owner, std::string_view bytes);

  std::string_view view() const { return bytes_; }
  const char* data() const { return bytes_.data(); }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

  /// A part of these bytes, sharing the owner. The range is cut to what is there.
  Payload slice(std::size_t offset, std::size_t length) const;

  /// Of the bytes: what this payload remembers, or taken now.
  Checksum checksum() const { return checksum_ != 0 ? checksum_ : phyllo::checksum(bytes_); }
  /// The same bytes, with their checksum taken from them now and remembered, also by copies: who
  /// passes them on says what they were when they came, and whoever gets them can tell.
  Payload summed() const;

  /// What keeps the bytes alive; hand it to a C library that frees by callback.
  const std::shared_ptr<const void>& owner() const { return owner_; }

  /// Equal bytes (not the same owner).
  friend bool operator==(const Payload& a, const Payload& b) { return a.bytes_ == b.bytes_; }

 private:
  Payload(std::shared_ptr<const void> owner, std::string_view bytes)
      : owner_(std::move(owner)), bytes_(bytes) {}

  std::shared_ptr<const void> owner_;
  std::string_view bytes_;
  Checksum checksum_ = 0;  // 0: not taken
};

}  // namespace phyllo
