#include "overlay/transport/transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/transport/station.h"

namespace phyllo::overlay::transport {
namespace {

using testing::HasSubstr;

TEST(Transport, CarriesHeaderAndBodyAndSaysWhoSentThem) {
  Station a(1);
  Station b(2);
  ASSERT_EQ(a.send(b.self(), "header", "body"), Sent::kQueued);
  ASSERT_TRUE(run_until({&a, &b}, [&] { return !b.all<Received>().empty(); }));
  const Received received = b.all<Received>().front();
  EXPECT_EQ(received.from, a.self());
  EXPECT_EQ(received.wire, (Wire{"header", Payload::copy_of("body")}));
}

TEST(Transport, KeepsTheOrderOfAThousandMessages) {
  Station a(1);
  Station b(2);
  for (int i = 0; i < 1000; ++i) {
    a.send(b.self(), std::to_string(i), i % 3 == 0 ? std::string(i, 'x') : "");
  }
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 1000; }));
  int next = 0;
  for (const auto& received : b.all<Received>()) {
    EXPECT_EQ(received.wire.header, std::to_string(next));
    EXPECT_EQ(received.wire.body.size(), next % 3 == 0 ? next : 0);
    ++next;
  }
}

TEST(Transport, DialFindsOutWhoIsThere) {
  Station a(1);
  Station b(2);
  a.transport().dial(a.now(), b.listening());
  ASSERT_TRUE(run_until({&a, &b}, [&] { return !a.all<Dialed>().empty(); }));
  EXPECT_EQ(a.all<Dialed>().front().found, b.self());
  EXPECT_EQ(a.all<Dialed>().front().endpoint, b.listening());
}

TEST(Transport, DialOfItselfFindsItself) {
  Station a(1);
  a.transport().dial(a.now(), a.listening());
  ASSERT_TRUE(run_until({&a}, [&] { return !a.all<Dialed>().empty(); }));
  EXPECT_EQ(a.all<Dialed>().front().found, a.self());
}

TEST(Transport, DialWhereNobodyListensFails) {
  Station a(1);
  const Endpoint deserted = Station(2).listening();
  a.transport().dial(a.now(), deserted);
  ASSERT_TRUE(run_until({&a}, [&] { return !a.all<DialFailed>().empty(); }));
  EXPECT_EQ(a.all<DialFailed>().front().endpoint, deserted);
}

}  // namespace
}  // namespace phyllo::overlay::transport
