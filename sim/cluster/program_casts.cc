// Any- and manycasts that a program asks for or is given.
#include "base/batch_body.h"
#include "broker/core/client_codec.h"
#include "sim/cluster/cluster.h"
#include "sim/cluster/program.h"

namespace phyllo::sim {

namespace client = broker::client;

std::uint32_t Program::cast(const std::string& topic, std::uint32_t wanted,
                            const std::string& text) {
  BatchBodyWriter body;
  body.append(text);
  say(client::Cast{++last_request_, topic, wanted, body.take()});
  return last_request_;
}

void Program::on(const client::Offer& offer) {
  const auto found = subscriptions_.find(offer.subscription);
  const bool takes = found != subscriptions_.end() && found->second.wish.casts == Casting::kTakes;
  if (takes) {
    std::string_view text;
    PHYLLO_CHECK(BatchBodyReader(offer.body.view()).next(text));
    casts_taken_.emplace_back(text);
    settle_credit(offer.subscription, offer.body.size() + client::kDeliverOverhead);
  }
  say(client::OfferAnswer{offer.offer, offer.subscription, takes});
}

}  // namespace phyllo::sim
