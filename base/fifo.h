#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace phyllo {

/// A queue that takes no memory until something waits in it, and little while little does: a
/// std::deque takes 576 bytes even when empty, which counts where there may be a million. What
/// waits is in one piece. Putting in at the back and taking out at the front cost the same however
/// many wait; iterators hold until the queue changes.
template <class T>
class Fifo {
 public:
  using iterator = typename std::vector<T>::iterator;
  using const_iterator = typename std::vector<T>::const_iterator;

  Fifo() = default;
  Fifo(const Fifo&) = default;
  Fifo& operator=(const Fifo&) = default;
  Fifo(Fifo&& other) noexcept { swap(other); }
  Fifo& operator=(Fifo&& other) noexcept {
    Fifo(std::move(other)).swap(*this);
    return *this;
  }
  ~Fifo() = default;

  bool empty() const { return head_ == items_.size(); }
  std::size_t size() const { return items_.size() - head_; }
  iterator begin() { return items_.begin() + offset(); }
  iterator end() { return items_.end(); }
  const_iterator begin() const { return items_.begin() + offset(); }
  const_iterator end() const { return items_.end(); }
  T& front() { return items_[head_]; }
  const T& front() const { return items_[head_]; }
  T& back() { return items_.back(); }
  const T& back() const { return items_.back(); }
  T& operator[](std::size_t index) { return items_[head_ + index]; }
  const T& operator[](std::size_t index) const { return items_[head_ + index]; }

  void push_back(T item) { items_.push_back(std::move(item)); }
  /// May cost as much as all that waits.
  void push_front(T item) {
    if (head_ == 0) {
      items_.insert(items_.begin(), std::move(item));
    } else {
      items_[--head_] = std::move(item);
    }
  }
  /// Needs one that waits; so do the other three.
  void pop_front() { take_front(); }
  T take_front() {
    T taken = std::move(items_[head_]);
    ++head_;
    tidy();
    return taken;
  }
  void pop_back() {
    items_.pop_back();
    tidy();
  }
  void clear() { Fifo().swap(*this); }
  void swap(Fifo& other) noexcept {
    items_.swap(other.items_);
    std::swap(head_, other.head_);
  }

 private:
  /// Room for so many is kept when the last one goes.
  static constexpr std::size_t kKept = 4;
  /// So many places may be free at the front whatever waits behind them.
  static constexpr std::size_t kFree = 16;

  std::ptrdiff_t offset() const { return static_cast<std::ptrdiff_t>(head_); }
  void tidy() {
    if (empty()) {
      if (items_.capacity() > kKept) return clear();
      items_.clear();
      head_ = 0;
    } else if (head_ > kFree && head_ > size()) {
      items_.erase(items_.begin(), begin());
      head_ = 0;
    }
  }

  std::vector<T> items_;
  std::size_t head_ = 0;  ///< those before it were taken out
};

}  // namespace phyllo
