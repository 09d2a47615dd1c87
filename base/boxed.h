#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace phyllo {

/// An optional value that takes the room of a pointer while there is none: for what most of very
/// many owners never have. A value itself: copies are deep.
template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(std::nullopt_t) {}
  Boxed(T value) : box_(std::make_unique<T>(std::move(value))) {}
  Boxed(std::optional<T> value) {
    if (value) box_ = std::make_unique<T>(*std::move(value));
  }
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed&&) noexcept = default;
  Boxed(const Boxed& other) : box_(other ? std::make_unique<T>(*other) : nullptr) {}
  Boxed& operator=(const Boxed& other) { return *this = Boxed(other); }
  ~Boxed() = default;

  explicit operator bool() const { return box_ != nullptr; }
  bool has_value() const { return box_ != nullptr; }
  T& operator*() { return *box_; }
  const T& operator*() const { return *box_; }
  T* operator->() { return box_.get(); }
  const T* operator->() const { return box_.get(); }
  T value_or(T otherwise) const { return box_ ? *box_ : std::move(otherwise); }
  std::optional<T> optional() const { return box_ ? std::optional<T>(*box_) : std::nullopt; }

  void reset() { box_.reset(); }
  T& emplace() {
    box_ = std::make_unique<T>();
    return *box_;
  }
  /// The value, made when there is none.
  T& get_or_make() { return box_ ? *box_ : emplace(); }

 private:
  std::unique_ptr<T> box_;
};

}  // namespace phyllo
