#include <algorithm>
#include <utility>

#include "overlay/decoder.h"
#include "phyllo/v1/overlay.pb.h"

// Round trips, questions and their answers; decode_codec.cc has the rest.

namespace phyllo::overlay {
namespace {

constexpr std::uint32_t varint(int field) { return ProtoReader::varint(field); }
constexpr std::uint32_t fixed64(int field) { return ProtoReader::fixed64(field); }
constexpr std::uint32_t bytes(int field) { return ProtoReader::bytes(field); }

}  // namespace

Message Decoder::measured(std::string_view m) {
  Measured measured;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == varint(v1::Measured::kNanosecondsFieldNumber)) {
      measured.round_trip = round_trip(in.number());
    } else if (in.tag() == bytes(v1::Measured::kCoordinateFieldNumber)) {
      measured.coordinate = coordinate(in.bytes());
    }
  });
  return measured;
}

Duration Decoder::round_trip(std::uint64_t nanoseconds) {
  constexpr std::uint64_t kHour = 3'600'000'000'000;
  require(nanoseconds <= kHour, "a round trip is longer than an hour");
  return Duration(static_cast<Duration::rep>(std::min(nanoseconds, kHour)));
}

Message Decoder::ask(std::string_view m) {
  using Info = v1::NodeAsk;
  Ask ask;
  bool asks = false;
  each_field(m, [&](const ProtoReader& in) {
    switch (in.tag()) {
      case fixed64(Info::kNonceFieldNumber):
        ask.nonce = in.number();
        return;
      case varint(Info::kLeavesFieldNumber):
        ask.what = AskLeaves{};
        break;
      case varint(Info::kRowFieldNumber):
        require(in.number() < static_cast<std::uint64_t>(kDigits), "there is no such row");
        ask.what = AskRow{static_cast<std::uint32_t>(in.number())};
        break;
      case bytes(Info::kClosestFieldNumber):
        ask.what = AskClosest{id(in.bytes())};
        break;
      case bytes(Info::kCoordinateFieldNumber):
        ask.coordinate = coordinate(in.bytes());
        return;
      default:
        return;
    }
    asks = true;
  });
  require(asks, "a question asks nothing");
  return ask;
}

Message Decoder::answer(std::string_view m) {
  using Info = v1::NodeAnswer;
  Answer answer;
  each_field(m, [&](const ProtoReader& in) {
    switch (in.tag()) {
      case fixed64(Info::kNonceFieldNumber):
        answer.nonce = in.number();
        break;
      case varint(Info::kActiveFieldNumber):
        answer.active = in.number() != 0;
        break;
      case varint(Info::kRowsFieldNumber):
        require(in.number() <= static_cast<std::uint64_t>(kDigits), "too many rows");
        answer.rows = static_cast<std::uint32_t>(in.number());
        break;
      case bytes(Info::kContactsFieldNumber):
        add_contact(in, answer.contacts);
        break;
      case bytes(Info::kRoundTripsFieldNumber):
        answer.round_trips = round_trips(in.bytes());
        break;
      case bytes(Info::kCoordinatesFieldNumber):
        answer.coordinates = coordinates(in.bytes());
        break;
      default:
        break;
    }
  });
  require(answer.round_trips.empty() || answer.round_trips.size() == answer.contacts.size(),
          "not as many round trips as contacts");
  require_as_many(answer.coordinates, answer.contacts);
  return answer;
}

std::vector<Duration> Decoder::round_trips(std::string_view packed) {
  std::vector<Duration> all;
  require(packed.size() % sizeof(std::uint32_t) == 0, "a round trip is cut off");
  require(packed.size() <= kMaxContacts * sizeof(std::uint32_t), "a list is too long");
  if (problem_) return all;
  for (std::size_t at = 0; at < packed.size(); at += sizeof(std::uint32_t)) {
    all.push_back(round_trip(std::uint64_t{1000} * word(packed, at)));
  }
  return all;
}

std::uint32_t Decoder::word(std::string_view packed, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = sizeof(std::uint32_t); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(packed[at + i]);
  }
  return value;
}

std::vector<Coordinate> Decoder::coordinates(std::string_view packed) {
  constexpr std::size_t kSize = (Coordinate::kDimensions + 1) * sizeof(std::uint32_t);
  std::vector<Coordinate> all;
  require(packed.size() % kSize == 0, "a coordinate is cut off");
  require(packed.size() <= kMaxContacts * kSize, "a list is too long");
  if (problem_) return all;
  all.reserve(packed.size() / kSize);
  for (std::size_t at = 0; at < packed.size(); at += kSize) {
    Coordinate& one = all.emplace_back();
    for (std::size_t i = 0; i < Coordinate::kDimensions; ++i) {
      one.at[i] = static_cast<std::int32_t>(word(packed, at + i * sizeof(std::uint32_t)));
      require(one.at[i] >= -Coordinate::kFarthest && one.at[i] <= Coordinate::kFarthest,
              "a coordinate is out of range");
    }
    const std::uint32_t last = word(packed, at + kSize - sizeof(std::uint32_t));
    one.height = last >> 8;
    one.error = static_cast<std::uint8_t>(last);
    if (!one.known()) one = Coordinate();
  }
  return all;
}

Coordinate Decoder::coordinate(std::string_view packed) {
  const std::vector<Coordinate> all = coordinates(packed);
  require(all.size() <= 1, "more than one coordinate");
  return all.empty() ? Coordinate{} : all.front();
}

void Decoder::require_as_many(const std::vector<Coordinate>& all,
                              const std::vector<Contact>& contacts) {
  require(all.empty() || all.size() == contacts.size(), "not as many coordinates as contacts");
}

}  // namespace phyllo::overlay
