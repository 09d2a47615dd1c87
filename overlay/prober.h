#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "overlay/view.h"

namespace phyllo::overlay {

/// The questions "are you there?" that wait for an answer. One at a time for each peer, repeated
/// `probe_attempts` times; who then has said nothing at all is silent, and only that is a verdict.
/// Who said other things meanwhile lives, and only answers were lost: it is asked as many times
/// again.
///
/// Who is in the routing table only is asked as often as it takes to be sure: four times where
/// nothing gets lost, ever more where answers fail to come and then do, and with growing pauses,
/// since messages go around it from the first doubt on. A doubted member of the leaf set is in
/// nobody's way for long: what is for it waits for the verdict, so it is asked once more often but
/// as fast as it used to answer.
class Prober {
 public:
  /// Open questions at most; beyond them nobody new is asked.
  static constexpr std::size_t kMaxOpen = 1024;
  /// What the question is for, the weightiest last.
  enum class Purpose {
    kMeasure,  ///< how far away is it? Nothing follows from silence
    kTable,    ///< a routing-table entry, or a peer without a place
    kLeafSet,  ///< a member of the leaf set or one that might become one: exchanges leaf sets
  };
  /// Where the doubt comes from. What others found out is only checked: asked once, also where this
  /// node has begun to ask for itself.
  enum class Evidence { kOwn, kHearsay };
  struct Silent {
    Contact contact;
    Purpose purpose;
    bool link_broken;
    Evidence evidence;
  };

  explicit Prober(View& view) : view_(view) {}

  /// Asks; while a question to this life of the peer is open, only raises its purpose.
  void probe(Turn& turn, const Contact& peer, Purpose purpose, Evidence evidence = Evidence::kOwn);
  /// The same, because there is reason to believe that the peer is gone: suspects it, and a
  /// question that was open as a matter of routine gets no more patience than others.
  void doubt(Turn& turn, const Contact& peer, Purpose purpose, Evidence evidence = Evidence::kOwn);
  /// This process found the peer gone in another ring: one question must do.
  void confirm(Turn& turn, const Contact& peer, Purpose purpose);
  /// The link to the peer broke: asks at once, waiting half as long for each answer; an open
  /// question counts as unanswered once more.
  void link_broke(Turn& turn, const Contact& peer, Purpose purpose);
  /// So many of the latest tries are remembered by the time, to measure round trips that are longer
  /// than the wait for a single one.
  static constexpr int kTimedTries = 8;
  /// An answer came; nullopt if nobody asked. The round trip is that of the try which it answers.
  struct Answered {
    std::optional<Duration> round_trip;
    Purpose purpose;
  };
  std::optional<Answered> answered(Time now, NodeId from, std::uint64_t nonce);
  void forget(NodeId peer);
  /// This process slept: whoever did not answer meanwhile gets all attempts again.
  void start_over(Turn& turn);

  /// Whether any leaf-set question is open.
  bool probing_leaves() const;
  bool open(NodeId peer) const {
    const auto it = std::lower_bound(open_.begin(), open_.end(), peer, Before{});
    return it != open_.end() && it->peer.id() == peer;
  }
  std::size_t size() const { return open_.size(); }

  void tick(Turn& turn);
  Time next_tick() const;
  /// Who was found silent since the last call.
  std::vector<Silent> take_silent() { return std::exchange(silent_, {}); }

 private:
  struct Question {
    Contact peer;
    Purpose purpose;
    std::uint64_t nonce;                 // of the latest try; earlier ones have the numbers below
    std::array<Time, kTimedTries> sent;  // by nonce
    int tries = 0;
    bool doubted;  // there was a reason to ask; a leaf asked by routine gets twice as many tries
    Time since;    // the first try
    Time deadline;
    Duration timeout;
    bool link_broken = false;
    Evidence evidence = Evidence::kOwn;
    bool accused = false;     // somebody else found it silent
    bool found_gone = false;  // this process did, in another ring
  };

  using Open = std::vector<Question>;
  struct Before {
    bool operator()(const Question& question, NodeId id) const { return question.peer.id() < id; }
  };

  /// end() when no question to this peer is open.
  Open::iterator find(NodeId peer);
  Question& open_one(Question question);
  /// The one after it.
  Open::iterator close(Open::iterator question);
  Question blank(Time now, const Contact& peer, Purpose purpose);
  void ask(Turn& turn, Question& question);
  /// Asks again, or gives up; true when the question is closed.
  bool unanswered(Turn& turn, Question& question);
  int attempts(const Question& question) const;
  int table_attempts() const;
  bool pressing(const Question& question) const;
  Duration wait_for(const Question& question) const;
  void note_loss(const Question& answered);

  View& view_;
  Open open_;  // by peer
  std::vector<Silent> silent_;
  double loss_ = 0.1;  // of questions or their answers, as seen by those who answered in the end
};

}  // namespace phyllo::overlay
