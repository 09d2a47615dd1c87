#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/boxed.h"
#include "base/rare_map.h"
#include "base/time.h"
#include "base/topic_name.h"
#include "multicast/messages.h"
#include "multicast/numbered_log.h"
#include "multicast/publish_window.h"
#include "multicast/tracker.h"
#include "overlay/contact.h"

namespace phyllo::multicast {

/// A node that gets the topic from this one.
struct Child {
  overlay::Contact contact;
  Attempt attempt = 0;            ///< of the graft that made it one
  std::uint64_t subscribers = 0;  ///< in its subtree
  Time refreshed;
  bool unconfirmed = false;  ///< data went down since it was last told the stream's number
  std::vector<Gap> unsent;   ///< what its link had no room for and it was not told yet
};

/// No parent yet, or no longer: a graft is under way.
struct Seeking {
  Attempt attempt = 0;                       ///< of the latest graft; 0: none sent yet
  std::optional<overlay::Contact> asked;     ///< whom it went to; nobody: routed
  std::optional<overlay::Contact> previous;  ///< the parent until now; its data is still welcome
  std::vector<Alternative> candidates;       ///< whom to ask next
  std::vector<overlay::NodeId> tried;        ///< refused already
  std::uint32_t failures = 0;                ///< for the back-off
  bool told_full = false;                    ///< the subscriber knows that nobody has room

  /// Whether the graft under way may have ended at this node.
  bool may_hear_from(overlay::NodeId id) const {
    return attempt != 0 && (!asked || asked->id() == id);
  }
};

/// Between two parents: the new one's batches wait until the old one has brought what lies before
/// them, so that a move loses nothing.
struct Overlap {
  overlay::Contact old;
  Sequence until = 0;  ///< the new parent brings everything from this number on
  std::vector<StreamBatch> held;
  std::size_t held_bytes = 0;  ///< their cost
};

/// Somebody's child.
struct Attached {
  overlay::Contact parent;
  Attempt attempt = 0;
  std::vector<overlay::NodeId> path;  ///< root … parent
  bool live = false;                  ///< the parent receives the topic
  Time confirmed;                     ///< the parent last showed that it knows this child
  std::optional<Overlap> overlap;
  Gate gate = Gate::kOpen;  ///< the parent's
};

/// The root: numbers the messages.
struct Rooted {
  StreamPosition position;         ///< what it numbers next
  Boxed<StreamEnd> previous = {};  ///< see StreamHead
  Time settled{};                  ///< until then the rest of the tree may still be on its way here
  /// What this stream has numbered. What this node saw before, in a stream of a root that died,
  /// others may have missed: it is numbered again, and each reader drops what it knows.
  NumberedLog numbered = {};
  Gate gate = Gate::kOpen;

  StreamHead head() const { return {position, previous.optional()}; }
};

/// Of a root that leaves: who is to be root, and whether that one is its child already.
struct Bequest {
  std::optional<overlay::Contact> heir;
  bool ready = false;
  std::vector<overlay::NodeId> unwilling;  ///< they leave as well, or are gone
};

/// This node's part in one topic's tree: local subscribers, children, and the way up. A value with
/// rules; it sends nothing. There may be a million of them: what an idle root does not need takes
/// the room of a pointer.
class Tree {
 public:
  /// `id` is that of the name.
  Tree(TopicName name, TopicId id) : name_(std::move(name)), id_(id) {}

  const TopicName& name() const { return name_; }
  const TopicId& id() const { return id_; }

  // --- down ---
  using Children = RareMap<overlay::NodeId, Child>;
  const Children& children() const { return children_; }
  Children& children() { return children_; }
  Child* child(overlay::NodeId id);
  std::uint64_t subscribers() const;  ///< in the whole subtree
  /// Whether this node is its root, no other node has a part in it, and nothing was ever numbered:
  /// all that can be said of it then fits into a RestingTree.
  bool quiet() const;
  bool needed(Time now) const {
    return local_subscribers > 0 || !children_.empty() || now < kept();
  }

  // --- up ---
  const Seeking* seeking() const { return boxed<Seeking>(place_); }
  const Attached* attached() const { return boxed<Attached>(place_); }
  const Rooted* rooted() const { return std::get_if<Rooted>(&place_); }
  Seeking* seeking() { return boxed<Seeking>(place_); }
  Attached* attached() { return boxed<Attached>(place_); }
  Rooted* rooted() { return std::get_if<Rooted>(&place_); }
  void seek(Seeking seeking) { place_ = Boxed<Seeking>(std::move(seeking)); }
  void attach(Attached attached) { place_ = Boxed<Attached>(std::move(attached)); }
  void take_root(Rooted rooted) { place_ = std::move(rooted); }

  bool live() const { return rooted() != nullptr || (attached() != nullptr && attached()->live); }
  Gate gate() const;
  bool is_parent(overlay::NodeId id) const;
  /// Data from this node is welcome: the parent, or the last one while there is no new one.
  bool welcomes(overlay::NodeId id) const;
  /// Whether the node lies between this one and the root, as far as is known.
  bool below(overlay::NodeId ancestor) const;
  /// Whether it only lengthens the way from its parent to its only child.
  bool spliceable(Time now) const;
  /// From the root to this node (`self`).
  std::vector<overlay::NodeId> path_through(overlay::NodeId self) const;
  /// What comes next here; nullopt while that is unknown.
  std::optional<StreamHead> head() const;

  /// Sent away to find another parent; until it has one (or that time) it still gets everything.
  struct Departing {
    overlay::Contact contact;
    Time until;
  };
  RareMap<overlay::NodeId, Departing> departing;
  bool all_departed(Time now) const;

  std::uint64_t local_subscribers = 0;
  bool awaiting = false;       ///< a local subscription is not acknowledged yet
  bool attended = false;       ///< a local subscription was acknowledged
  bool count_changed = false;  ///< the parent does not know the current count
  Tracker tracker;
  PublishWindow window;  ///< of publications taken here as root
  /// The stream that the next one of this node's continues: its own, handed over but not confirmed,
  /// or one that was handed to it.
  Boxed<StreamEnd> inherited;
  Boxed<Bequest> bequest;
  Time kept_until{};  ///< children of a root that left are on their way here
  Time used_until{};  ///< a region's root: somebody there publishes
  Time kept() const { return std::max(kept_until, used_until); }
  Time stays_until{};  ///< so long it does not splice itself out
  /// That root, until it is out of the ring: this node is, or will be, the root in its place. Not
  /// for a later life of it, nor when somebody else is closer.
  Boxed<overlay::Contact> heir_of;
  bool succeeds(overlay::NodeId root) const { return heir_of && heir_of->id() == root; }
  /// Of the stream followed as a child, for its own children.
  Boxed<StreamEnd> followed_previous;

 private:
  using Place = std::variant<Boxed<Seeking>, Boxed<Attached>, Rooted>;
  template <class Kind>
  static auto boxed(auto& place) -> decltype(&**std::get_if<Boxed<Kind>>(&place)) {
    auto* box = std::get_if<Boxed<Kind>>(&place);
    return box == nullptr ? nullptr : &**box;
  }

  TopicName name_;
  TopicId id_;
  Children children_;
  Place place_ = Boxed<Seeking>(Seeking{});
};

/// A short proof that parent and child agree on the path, the stream, and whether it is live and
/// open.
std::uint64_t digest(const std::vector<overlay::NodeId>& path,
                     const std::optional<StreamId>& stream, bool live, Gate gate = Gate::kOpen);

}  // namespace phyllo::multicast
