#include "multicast/resting_tree.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "base/check.h"

namespace phyllo::multicast {

static_assert(TopicName::kMaxBytes <= std::numeric_limits<std::uint8_t>::max());

void RestingTree::Delete::operator()(RestingTree* tree) const {
  tree->~RestingTree();
  ::operator delete(tree);
}

RestingTree::Pointer RestingTree::of(const Tree& tree) {
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  const std::uint64_t subscribers = tree.local_subscribers;
  if (!tree.quiet() || subscribers == 0 || subscribers > kMost) return nullptr;
  const std::size_t bytes = offsetof(RestingTree, name_) + tree.name().text().size();
  void* memory = ::operator new(std::max(bytes, sizeof(RestingTree)));
  return Pointer(new (memory) RestingTree(tree));
}

RestingTree::RestingTree(const Tree& tree)
    : id_(tree.id()),
      since_(tree.tracker.since()),
      settled_(tree.rooted()->settled),
      incarnation_(tree.tracker.position()->stream.incarnation),
      generation_(tree.tracker.position()->stream.generation),
      local_subscribers_(static_cast<std::uint32_t>(tree.local_subscribers)),
      open_(tree.gate() == Gate::kOpen),
      attended_(tree.attended),
      name_bytes_(static_cast<std::uint8_t>(tree.name().text().size())) {
  char* const name = reinterpret_cast<char*>(this) + offsetof(RestingTree, name_);
  std::memcpy(name, tree.name().text().data(), name_bytes_);
}

TopicName RestingTree::name() const {
  const char* const name = reinterpret_cast<const char*>(this) + offsetof(RestingTree, name_);
  auto parsed = TopicName::parse({name, name_bytes_});
  PHYLLO_CHECK(parsed.ok());
  return *std::move(parsed);
}

Tree RestingTree::awaken(overlay::NodeId self) const {
  Tree tree(name(), id_);
  Rooted rooted;
  rooted.position = {{self, incarnation_, generation_}, 1};
  rooted.settled = settled_;
  rooted.gate = open_ ? Gate::kOpen : Gate::kClosed;
  tree.tracker.follow(since_, rooted.head(), Gap::Why::kMissed);
  tree.take_root(std::move(rooted));
  tree.local_subscribers = local_subscribers_;
  tree.attended = attended_;
  return tree;
}

}  // namespace phyllo::multicast
