#include "sdk/src/questions.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sdk/src/codec.h"

namespace phyllo::internal {

Questions::~Questions() { end_all({StatusCode::kClosed, "the client is closed"}); }

void Questions::ask(Instant now, Ask ask, Frames& out) {
  do ++last_request_;
  while (last_request_ == 0 || waiting_.contains(last_request_));
  auto& waiting = waiting_[last_request_];
  waiting = {std::move(ask.question), ask.deadline, now, std::move(ask.reply), 0};
  if (connected_) send(now, last_request_, waiting, out);
}

void Questions::connected(Instant now, Frames& out) {
  connected_ = true;
  ++connection_;
  for (auto& [request, waiting] : waiting_) {
    const bool sent = waiting.connection != 0;
    if (sent && std::holds_alternative<CastQuestion>(waiting.question)) continue;
    send(now, request, waiting, out);
  }
}

void Questions::lost(Gone gone) {
  const Status why(StatusCode::kUnavailable,
                   "the connection was lost; the message may or may not have been taken");
  for (auto entry = waiting_.begin(); entry != waiting_.end();) {
    const auto at = entry++;
    const Waiting& waiting = at->second;
    if (!std::holds_alternative<CastQuestion>(waiting.question) || waiting.connection == 0)
      continue;
    const bool last = waiting.connection == connection_;
    if (last == (gone == Gone::kLast)) settle(at->first, why);
  }
}

void Questions::send(Instant now, std::uint32_t request, Waiting& waiting, Frames& out) {
  waiting.sent = now;
  waiting.connection = connection_;
  if (const auto* tree = std::get_if<TreeQuestion>(&waiting.question)) {
    out.push_back({encode_tree_query(request, tree->topic), {}});
  } else if (std::holds_alternative<PeersQuestion>(waiting.question)) {
    out.push_back({encode_peers_query(request), {}});
  } else if (std::holds_alternative<BordersQuestion>(waiting.question)) {
    out.push_back({encode_borders_query(request), {}});
  } else if (const auto* cast = std::get_if<CastQuestion>(&waiting.question)) {
    out.push_back({encode_cast(request, *cast), cast->body});
  } else {
    out.push_back({encode_ping(request), {}});
  }
}

void Questions::answered(Answer answer) {
  const auto found = waiting_.find(answer.request);
  if (found == waiting_.end()) return;
  if (auto* tree = std::get_if<TreeInfo>(&answer.what)) {
    if (!std::holds_alternative<TreeQuestion>(found->second.question)) return;
    settle(answer.request, std::move(*tree));
  } else if (auto* borders = std::get_if<BordersInfo>(&answer.what)) {
    if (!std::holds_alternative<BordersQuestion>(found->second.question)) return;
    settle(answer.request, std::move(*borders));
  } else {
    if (!std::holds_alternative<PeersQuestion>(found->second.question)) return;
    settle(answer.request, std::get<PeersInfo>(std::move(answer.what)));
  }
}

void Questions::refused(std::uint32_t request, Status why) { settle(request, std::move(why)); }

void Questions::pong(Instant now, std::uint64_t nonce) {
  if (nonce > UINT32_MAX) return;
  const auto found = waiting_.find(static_cast<std::uint32_t>(nonce));
  if (found == waiting_.end()) return;
  if (!std::holds_alternative<PingQuestion>(found->second.question)) return;
  const auto trip = now - found->second.sent;
  settle(found->first, std::chrono::duration_cast<std::chrono::microseconds>(trip));
}

void Questions::cast_done(const CastDone& done) {
  const auto found = waiting_.find(done.request);
  if (found == waiting_.end()) return;
  if (!std::holds_alternative<CastQuestion>(found->second.question)) return;
  settle(done.request, done.outcome);
}

void Questions::settle(std::uint32_t request, Reply reply) {
  const auto found = waiting_.find(request);
  if (found == waiting_.end()) return;
  const auto tell = std::move(found->second.reply);
  waiting_.erase(found);
  tell(std::move(reply));
}

Instant Questions::next_tick() const {
  Instant next = kNoDeadline;
  for (const auto& [request, waiting] : waiting_) next = std::min(next, waiting.deadline);
  return next;
}

void Questions::tick(Instant now, const Status& connection) {
  for (auto entry = waiting_.begin(); entry != waiting_.end();) {
    const auto at = entry++;
    if (at->second.deadline > now) continue;
    std::string why = "the broker did not answer in time";
    if (!connection.ok()) why = "no answer in time: " + connection.message();
    settle(at->first, Status(StatusCode::kTimeout, std::move(why)));
  }
}

void Questions::end_all(const Status& why) {
  for (auto& [request, waiting] : waiting_) waiting.reply(why);
  waiting_.clear();
}

}  // namespace phyllo::internal
