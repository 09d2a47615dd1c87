#include "broker/border_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAreArray;
using testing::IsEmpty;

constexpr BorderBook::WallTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);

class Folder {
 public:
  Folder() {
    std::string pattern = testing::TempDir() + "phyllo-book-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class BorderBookTest : public testing::Test {
 protected:
  std::string text() const {
    std::ifstream stream(book_.file());
    return std::string(std::istreambuf_iterator<char>(stream), {});
  }
  void put(const std::string& text) const { std::ofstream(book_.file()) << text; }

  const Folder folder_;
  const BorderBook book_{folder_.path(), overlay::NodeId(7)};
  const std::vector<BorderAccount> accounts_{{"eu", "us", {{100, 20}, 3600s}},
                                             {"us", "eu", {{0, 7}, 3600s}}};
};

TEST_F(BorderBookTest, GivesBackWhatWasKept) {
  EXPECT_THAT(*book_.read(kNow), IsEmpty()) << "nothing yet";
  ASSERT_TRUE(book_.write(kNow, {}));
  EXPECT_THAT(*book_.read(kNow), IsEmpty());
  ASSERT_TRUE(book_.write(kNow, accounts_));
  EXPECT_THAT(*book_.read(kNow + 24h), ElementsAreArray(accounts_));
}

TEST_F(BorderBookTest, ForgetsWhatWasOfAnotherMonth) {
  ASSERT_TRUE(book_.write(kNow, accounts_));
  EXPECT_THAT(*book_.read(kNow + 9 * 24h), IsEmpty());
  EXPECT_THAT(*book_.read(kNow + 365 * 24h), IsEmpty());
}

TEST_F(BorderBookTest, IsOfOneBroker) {
  ASSERT_TRUE(book_.write(kNow, accounts_));
  EXPECT_THAT(*BorderBook(folder_.path(), overlay::NodeId(8)).read(kNow), IsEmpty());
}

TEST_F(BorderBookTest, KnowsEachByteThatIsNotAsItWasWritten) {
  ASSERT_TRUE(book_.write(kNow, accounts_));
  const std::string whole = text();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string altered = whole;
    altered[i] ^= 1;
    put(altered);
    EXPECT_FALSE(book_.read(kNow)) << "byte " << i;
    put(whole.substr(0, i));
    EXPECT_FALSE(book_.read(kNow)) << "cut at " << i;
  }
  put(whole + "x");
  EXPECT_FALSE(book_.read(kNow));
  put(std::string(2 << 20, '\n'));
  EXPECT_FALSE(book_.read(kNow));
}

TEST_F(BorderBookTest, SaysWhyItCannotBeReadOrWritten) {
  std::filesystem::create_directories(book_.file());
  ASSERT_FALSE(book_.read(kNow));
  EXPECT_THAT(book_.read(kNow).error().message, testing::HasSubstr(book_.file().string()));
  const Outcome written = book_.write(kNow, accounts_);
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, testing::HasSubstr("cannot write "));
}

}  // namespace
}  // namespace phyllo::broker
