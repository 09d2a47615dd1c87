#include "broker/signals.h"

#include <gtest/gtest.h>

#include <thread>

namespace phyllo::broker {
namespace {

TEST(Signals, ArriveAsEventsInsteadOfEndingTheProcess) {
  // A thread of its own: its mask must not reach the other tests.
  std::thread([] {
    Signals signals{SIGUSR1, SIGUSR2};
    EXPECT_EQ(signals.next(), std::nullopt);
    pthread_kill(pthread_self(), SIGUSR1);
    EXPECT_EQ(signals.next(), SIGUSR1);
    EXPECT_EQ(signals.next(), std::nullopt);
  }).join();
}

}  // namespace
}  // namespace phyllo::broker
