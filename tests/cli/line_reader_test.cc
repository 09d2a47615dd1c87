#include "cli/line_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>
#include <vector>

#include "cli/output_queue.h"

namespace phyllo::cli {
namespace {

/// A pipe whose writing end holds `input` and is closed.
class Input {
 public:
  explicit Input(const std::string& input) {
    EXPECT_EQ(pipe(ends_.data()), 0);
    writer_ = std::thread([this, input] {
      std::size_t written = 0;
      while (written < input.size()) {
        const ssize_t n = write(ends_[1], input.data() + written, input.size() - written);
        if (n <= 0) break;
        written += static_cast<std::size_t>(n);
      }
      close(ends_[1]);
    });
  }
  ~Input() {
    close(ends_[0]);
    writer_.join();
  }
  int fd() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{};
  std::thread writer_;
};

std::vector<std::string> lines_of(const std::string& text, LineReader::End expected_end) {
  StopSignals signals;
  const Input input(text);
  LineReader reader(input.fd(), 100'000, signals);
  std::vector<std::string> lines;
  while (auto line = reader.next()) lines.push_back(*line);
  EXPECT_EQ(reader.end(), expected_end);
  EXPECT_EQ(reader.lines(), lines.size());
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LineReader, SplitsAtLineEndsAndKeepsEmptyLines) {
  EXPECT_EQ(lines_of("a\n\nb\n", LineReader::End::kInput), (Lines{"a", "", "b"}));
}

TEST(LineReader, TakesTheLastLineWithoutALineEnd) {
  EXPECT_EQ(lines_of("a\nb", LineReader::End::kInput), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of("", LineReader::End::kInput), Lines{});
}

TEST(LineReader, LeavesOtherBytesAsTheyAre) {
  EXPECT_EQ(lines_of(std::string("\0\r\xff\n", 4), LineReader::End::kInput),
            (Lines{std::string("\0\r\xff", 3)}));
}

TEST(LineReader, ReadsLinesLongerThanOneRead) {
  const std::string longest(100'000, 'x');
  EXPECT_EQ(lines_of(longest + "\n" + longest, LineReader::End::kInput), (Lines{longest, longest}));
}

TEST(LineReader, EndsAtALineOverTheLimit) {
  EXPECT_EQ(lines_of("ok\n" + std::string(100'001, 'x') + "\nmore\n", LineReader::End::kTooLong),
            (Lines{"ok"}));
}

TEST(LineReader, ReadsManyLinesInOnePass) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + "\n";
  const Lines lines = lines_of(text, LineReader::End::kInput);
  ASSERT_EQ(lines.size(), 100'000u);
  EXPECT_EQ(lines.back(), "99999");
}

TEST(LineReader, StopsWaitingWhenASignalComes) {
  StopSignals signals;
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  LineReader reader(ends[0], 100, signals);
  kill(getpid(), SIGTERM);
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(reader.end(), LineReader::End::kStopped);
  close(ends[0]);
  close(ends[1]);
}

TEST(StopSignals, TellsASecondSignalFromTheFirst) {
  StopSignals signals;
  EXPECT_FALSE(signals.stopped());
  kill(getpid(), SIGINT);
  EXPECT_TRUE(signals.stopped());
  EXPECT_FALSE(signals.again());
  kill(getpid(), SIGINT);
  EXPECT_TRUE(signals.again());
  EXPECT_TRUE(signals.stopped());
}

TEST(OutputQueue, GivesEverythingInOrderAtOnce) {
  OutputQueue queue(100);
  EXPECT_TRUE(queue.add("a"));
  EXPECT_TRUE(queue.add("bc"));
  EXPECT_EQ(queue.take(), "abc");
  EXPECT_EQ(queue.take(), "");
}

TEST(OutputQueue, LetsTheProducerWaitWhileItIsFull) {
  OutputQueue queue(10);
  std::thread producer([&queue] {
    for (int i = 0; i < 1000; ++i) queue.add("0123456789");
  });
  std::size_t taken = 0;
  while (taken < 10'000) {
    const std::string bytes = queue.take();
    EXPECT_LE(bytes.size(), 10u);
    taken += bytes.size();
  }
  producer.join();
}

TEST(OutputQueue, FreesAWaitingProducerWhenItCloses) {
  OutputQueue queue(1);
  queue.add("x");
  bool taken = true;
  std::thread producer([&] { taken = queue.add("y"); });
  queue.close();
  producer.join();
  EXPECT_FALSE(taken);
}

}  // namespace
}  // namespace phyllo::cli
