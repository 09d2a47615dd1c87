#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "multicast/topic_id.h"
#include "multicast/tree.h"

namespace phyllo::multicast {

/// What there is to know of a tree in which nothing goes on: this node is its root, only local
/// programs subscribe, and no message was ever numbered. A fifth of a `Tree` in size, its name
/// included.
class RestingTree {
 public:
  struct Delete {
    void operator()(RestingTree* tree) const;
  };
  using Pointer = std::unique_ptr<RestingTree, Delete>;

  /// nullptr when there is more to know.
  static Pointer of(const Tree& tree);
  /// The same tree.
  Tree awaken(overlay::NodeId self) const;

  const TopicId& id() const { return id_; }
  TopicName name() const;
  std::uint64_t local_subscribers() const { return local_subscribers_; }

 private:
  explicit RestingTree(const Tree& tree);

  TopicId id_;
  Time since_;  ///< of its tracker
  Time settled_;
  overlay::Incarnation incarnation_;
  std::uint32_t generation_;
  std::uint32_t local_subscribers_;
  bool open_;  ///< its gate
  bool attended_;
  std::uint8_t name_bytes_;
  char name_[1];  ///< the first of so many
};

}  // namespace phyllo::multicast
