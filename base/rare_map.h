#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <utility>

namespace phyllo {

/// A std::map that takes the room of a pointer while it is empty: for what most of very many owners
/// never fill. Move-only. Iterators hold until the map changes.
template <class Key, class Value>
class RareMap {
 public:
  using Map = std::map<Key, Value>;
  using value_type = typename Map::value_type;
  using iterator = typename Map::iterator;
  using const_iterator = typename Map::const_iterator;

  bool empty() const { return map_ == nullptr; }
  std::size_t size() const { return map_ ? map_->size() : 0; }
  iterator begin() { return map_ ? map_->begin() : nothing().begin(); }
  iterator end() { return map_ ? map_->end() : nothing().end(); }
  const_iterator begin() const { return map_ ? map_->begin() : nothing().begin(); }
  const_iterator end() const { return map_ ? map_->end() : nothing().end(); }
  iterator find(const Key& key) { return map_ ? map_->find(key) : end(); }
  const_iterator find(const Key& key) const { return map_ ? map_->find(key) : end(); }
  bool contains(const Key& key) const { return map_ && map_->contains(key); }

  template <class... Arguments>
  std::pair<iterator, bool> emplace(Arguments&&... arguments) {
    return filled().emplace(std::forward<Arguments>(arguments)...);
  }
  std::pair<iterator, bool> insert_or_assign(const Key& key, Value value) {
    return filled().insert_or_assign(key, std::move(value));
  }
  std::size_t erase(const Key& key) {
    const std::size_t erased = map_ ? map_->erase(key) : 0;
    if (map_ && map_->empty()) map_.reset();
    return erased;
  }
  template <class Condition>
  void erase_if(Condition condition) {
    if (!map_) return;
    std::erase_if(*map_, condition);
    if (map_->empty()) map_.reset();
  }
  void clear() { map_.reset(); }

 private:
  /// Never written to.
  static Map& nothing() {
    static Map empty;
    return empty;
  }
  Map& filled() {
    if (!map_) map_ = std::make_unique<Map>();
    return *map_;
  }

  std::unique_ptr<Map> map_;  ///< never empty
};

}  // namespace phyllo
