#include "base/fifo.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"

namespace phyllo {
namespace {

TEST(Fifo, DoesWhatADequeDoes) {
  Random random(1);
  Fifo<std::string> fifo;
  std::deque<std::string> deque;
  for (int step = 0; step < 100'000; ++step) {
    // Now longer, now shorter, so that it is empty often and long at times.
    const bool grows = step / 500 % 2 == 0;
    const std::uint64_t what = random.next() % 10;
    const std::string item = std::to_string(step);
    if (what < (grows ? 6u : 2u)) {
      fifo.push_back(item);
      deque.push_back(item);
    } else if (what == 9) {
      fifo.push_front(item);
      deque.push_front(item);
    } else if (what == 8 && !deque.empty()) {
      fifo.pop_back();
      deque.pop_back();
    } else if (!deque.empty()) {
      ASSERT_EQ(fifo.take_front(), deque.front());
      deque.pop_front();
    }
    ASSERT_EQ(fifo.size(), deque.size());
    ASSERT_EQ(fifo.empty(), deque.empty());
    if (deque.empty()) continue;
    const std::size_t any = random.next() % deque.size();
    ASSERT_EQ(fifo[any], deque[any]);
    ASSERT_EQ(fifo.front(), deque.front());
    ASSERT_EQ(fifo.back(), deque.back());
  }
  EXPECT_EQ(std::vector(fifo.begin(), fifo.end()), std::vector(deque.begin(), deque.end()));
}

TEST(Fifo, LetsGoOfWhatIsTakenOut) {
  const auto item = std::make_shared<int>(1);
  Fifo<std::shared_ptr<int>> fifo;
  for (int i = 0; i < 3; ++i) fifo.push_back(item);
  fifo.pop_front();
  EXPECT_EQ(item.use_count(), 3);
  Fifo<std::shared_ptr<int>> other = std::move(fifo);
  EXPECT_TRUE(fifo.empty());
  EXPECT_EQ(other.size(), 2u);
  other.clear();
  EXPECT_EQ(item.use_count(), 1);
}

}  // namespace
}  // namespace phyllo
