#include "base/payload.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace phyllo {
namespace {

TEST(Payload, is_copied_as_a_reference) {
  const Payload first = Payload::from("some bytes");
  const Payload second = first;
  EXPECT_EQ(first.data(), second.data());
  EXPECT_EQ(first.owner().use_count(), 2);
}

TEST(Payload, equals_by_bytes_not_by_owner) {
  EXPECT_EQ(Payload::from("x"), Payload::copy_of("x"));
  EXPECT_FALSE(Payload::from("x") == Payload::from("y"));
  EXPECT_EQ(Payload(), Payload::from(""));
}

TEST(Payload, copy_does_not_depend_on_its_source) {
  std::string source = "abc";
  const Payload copy = Payload::copy_of(source);
  source[0] = 'x';
  EXPECT_EQ(copy.view(), "abc");
}

TEST(Payload, adopted_keeps_its_owner_alive) {
  auto owner = std::make_shared<std::string>("owned");
  const std::weak_ptr<std::string> watch = owner;
  Payload slice;
  {
    const Payload whole = Payload::adopt(owner, *owner);
    slice = whole.slice(1, 3);
    owner.reset();
  }
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(slice.view(), "wne");
  slice = {};
  EXPECT_TRUE(watch.expired());
}

TEST(Payload, slice_is_cut_to_what_is_there) {
  const Payload whole = Payload::from("0123456789");
  EXPECT_EQ(whole.slice(8, 100).view(), "89");
  EXPECT_EQ(whole.slice(10, 1).view(), "");
  EXPECT_EQ(whole.slice(100, 1).view(), "");
  EXPECT_EQ(whole.slice(0, 0).view(), "");
}

TEST(Payload, default_constructed_is_empty) {
  EXPECT_TRUE(Payload().empty());
  EXPECT_EQ(Payload().size(), 0u);
}

}  // namespace
}  // namespace phyllo
