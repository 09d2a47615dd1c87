#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/payload.h"
#include "base/result.h"
#include "sdk/src/frames.h"

/// Generated protobuf types end here.
namespace phyllo::internal {

/// Whether the program has taken what was offered.
enum class Taking { kTaken, kDeclined };

std::string encode_hello(std::string_view name);
std::string encode_publish(const Publication& publication);
std::string encode_subscribe(const Subscribe& subscribe);
std::string encode_unsubscribe(std::uint32_t subscription);
std::string encode_credit(std::uint32_t subscription, std::uint64_t bytes);
std::string encode_ping(std::uint64_t nonce);
std::string encode_pong(std::uint64_t nonce);
std::string encode_tree_query(std::uint32_t request, std::string_view topic);
std::string encode_peers_query(std::uint32_t request);
std::string encode_borders_query(std::uint32_t request);
std::string encode_cast(std::uint32_t request, const CastQuestion& cast);
std::string encode_offer_answer(const Offer& offer, Taking taking);
std::string encode_bye();

/// What a broker said. kAltered when header or body are not as they were sent; kMalformed when it
/// is not a frame this client understands: not protobuf, an unknown kind, or numbers that no honest
/// broker sends. Text in it is bounded and safe to print. Does not look into the body.
Result<BrokerFrame> decode_broker_frame(std::string_view header, Payload body = {});

}  // namespace phyllo::internal
