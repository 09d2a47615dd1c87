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
  waiting = {std::move(ask.question), ask.deadline, now, std::move(ask.reply)};
  if (connected_) send(now, last_request_, waiting, out);
}

void Questions::connected(Instant now, Frames& out) {
  connected_ = true;
  for (auto& [request, waiting] : waiting_) send(now, request, waiting, out);
}

void Questions::send(Instant now, std::uint32_t request, Waiting& waiting, Frames& out) {
  waiting.sent = now;
  if (const auto* tree = std::get_if<TreeQuestion>(&waiting.question)) {
    out.push_back({encode_tree_query(request, tree->topic), {}});
  } else if (std::holds_alternative<PeersQuestion>(waiting.question)) {
    out.push_back({encode_peers_query(request), {}});
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

void Questions::settle(std::uint32_t request, Reply reply) {
  const auto found = waiting_.find(request);
  if (found == waiting_.end()) return;
  found->second.reply.set_value(std::move(reply));
  waiting_.erase(found);
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
  for (auto& [request, waiting] : waiting_) waiting.reply.set_value(why);
  waiting_.clear();
}

}  // namespace phyllo::internal
