#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace phyllo::overlay {

/// Appends the fields of a protobuf message to a string, as the generated code would write them.
class ProtoWriter {
 public:
  explicit ProtoWriter(std::string& out) : out_(out) {}

  /// Fields without presence are left out when they have their default value.
  void varint(int field, std::uint64_t value) {
    if (value != 0) present_varint(field, value);
  }
  void fixed64(int field, std::uint64_t value) {
    if (value == 0) return;
    put(static_cast<std::uint64_t>(field) << 3 | 1);
    char bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    out_.append(bytes, sizeof bytes);
  }
  void bytes(int field, std::string_view value) {
    if (!value.empty()) present_bytes(field, value);
  }

  /// Members of a oneof are written whatever their value.
  void present_varint(int field, std::uint64_t value) {
    put(static_cast<std::uint64_t>(field) << 3);
    put(value);
  }
  void present_bytes(int field, std::string_view value) {
    char head[20];
    const std::size_t size = text_of(static_cast<std::uint64_t>(field) << 3 | 2, head);
    out_.append(head, size + text_of(value.size(), head + size));
    out_.append(value);
  }
  /// Whole fields that were written before.
  void fields(std::string_view written) { out_.append(written); }
  /// A message within this one: whatever `write` writes.
  template <class Write>
  void message(int field, Write&& write) {
    char text[10];
    const std::size_t tag_size = text_of(static_cast<std::uint64_t>(field) << 3 | 2, text);
    text[tag_size] = '\0';  // most are short enough for one byte
    const std::size_t length_at = out_.size() + tag_size;
    out_.append(text, tag_size + 1);
    write();
    const std::size_t length = out_.size() - length_at - 1;
    if (length < 0x80) {
      out_[length_at] = static_cast<char>(length);
      return;
    }
    const std::size_t size = text_of(length, text);
    out_.replace(length_at, 1, text, size);
  }

 private:
  static std::size_t text_of(std::uint64_t value, char* text) {
    std::size_t size = 0;
    while (value >= 0x80) {
      text[size++] = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    text[size++] = static_cast<char>(value);
    return size;
  }
  void put(std::uint64_t value) {
    char text[10];
    out_.append(text, text_of(value, text));
  }

  std::string& out_;
};

}  // namespace phyllo::overlay
