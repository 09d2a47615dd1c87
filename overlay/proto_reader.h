#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace phyllo::overlay {

/// Goes through the fields of one protobuf message where it lies, without taking memory. Fields of
/// kinds that no schema here uses (groups) are malformed; the caller skips those it does not know.
/// The bytes must outlive the reader and what it hands out.
class ProtoReader {
 public:
  /// A field as it stands on the wire: its number and how its value is written.
  static constexpr std::uint32_t varint(int field) { return tag_of(field, kVarint); }
  static constexpr std::uint32_t fixed64(int field) { return tag_of(field, kFixed64); }
  static constexpr std::uint32_t bytes(int field) { return tag_of(field, kBytes); }

  explicit ProtoReader(std::string_view message)
      : next_(message.data()), end_(message.data() + message.size()) {}

  /// Reads the next field. False at the end of the message, and for good when it is malformed.
  bool next() {
    std::uint64_t tag = 0;
    if (next_ == end_ || !read_varint(tag)) return false;
    if (tag > UINT32_MAX || tag >> 3 == 0) return fail();
    tag_ = static_cast<std::uint32_t>(tag);
    switch (tag & 7) {
      case kVarint:
        return read_varint(number_);
      case kFixed64:
        return read_fixed<std::uint64_t>();
      case kFixed32:
        return read_fixed<std::uint32_t>();
      case kBytes: {
        std::uint64_t size = 0;
        if (!read_varint(size) || size > left()) return fail();
        bytes_ = {next_, static_cast<std::size_t>(size)};
        next_ += size;
        return true;
      }
      default:
        return fail();
    }
  }
  bool malformed() const { return malformed_; }

  /// Of the field that `next` read: which one, and its value.
  std::uint32_t tag() const { return tag_; }
  std::uint64_t number() const { return number_; }
  std::string_view bytes() const { return bytes_; }

  /// Bytes that follow it, and how many.
  std::string_view rest() const { return {next_, left()}; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - next_); }
  /// Whether the field that comes next is this one; for numbers of fields below 16.
  bool at(std::uint32_t tag) const {
    return next_ != end_ && static_cast<unsigned char>(*next_) == tag;
  }

 private:
  enum WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  static constexpr std::uint32_t tag_of(int field, WireType type) {
    return static_cast<std::uint32_t>(field) << 3 | type;
  }
  bool fail() {
    malformed_ = true;
    next_ = end_;
    return false;
  }
  bool read_varint(std::uint64_t& value) {
    if (next_ != end_ && static_cast<unsigned char>(*next_) < 0x80) {  // most of them
      value = static_cast<unsigned char>(*next_++);
      return true;
    }
    value = 0;
    for (int shift = 0; shift < 70 && next_ != end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(*next_++);
      value |= shift < 64 ? static_cast<std::uint64_t>(byte & 0x7f) << shift : 0;
      if (byte < 0x80) return true;
    }
    return fail();
  }
  template <class Fixed>
  bool read_fixed() {
    if (left() < sizeof(Fixed)) return fail();
    number_ = 0;
    for (std::size_t i = 0; i < sizeof(Fixed); ++i) {
      number_ |= static_cast<std::uint64_t>(static_cast<unsigned char>(next_[i])) << (8 * i);
    }
    next_ += sizeof(Fixed);
    return true;
  }

  const char* next_;
  const char* end_;
  std::uint32_t tag_ = 0;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
  bool malformed_ = false;
};

}  // namespace phyllo::overlay
