#include "broker/core/outbox.h"

#include "broker/core/client_codec.h"

namespace phyllo::broker {

void Outbox::tell(Session& session, client::BrokerFrame frame) {
  if (const auto* deliver = std::get_if<client::Deliver>(&frame)) {
    ++stats_.delivered_batches;
    stats_.delivered_messages += deliver->batch.batch.count;
    stats_.delivered_bytes += deliver->batch.batch.body.size();
  } else if (const auto* notice = std::get_if<client::GapNotice>(&frame)) {
    const multicast::Gap& gap = notice->gap;
    stats_.gap_messages[static_cast<std::size_t>(gap.why)] += gap.last - gap.first + 1;
  } else if (std::holds_alternative<client::PublishAck>(frame)) {
    ++stats_.publish_acks;
  }
  session.told(now_);
  out_.push_back(Tell{session.id(), std::move(frame)});
}

void Outbox::refuse(Session& session, Error why, std::uint32_t request) {
  count_refusal(why);
  tell(session, client::Refused{to_string(why.code), std::move(why.message), request});
}

void Outbox::count_refusal(const Error& why) {
  ++stats_.refused[static_cast<std::size_t>(why.code)];
}

void Outbox::condemn(const Session& session, Error why) {
  condemned_.emplace_back(session.id(), std::move(why));
}

}  // namespace phyllo::broker
