#include "base/hash_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <map>

namespace phyllo {
namespace {

using ::testing::UnorderedElementsAre;

struct Person {
  std::uint32_t id;
};
struct ByName {
  static std::uint32_t key(const Person& person) { return person.id; }
  static std::uint64_t number(std::uint32_t key) { return key; }
};
/// All keys have the same number.
struct ByCrowd : ByName {
  static std::uint64_t number(std::uint32_t) { return 1; }
};

TEST(HashIndex, FindsNothingInNothing) {
  HashIndex<Person, ByName> index;
  EXPECT_EQ(index.find(1), nullptr);
  EXPECT_EQ(index.remove(1), nullptr);
  EXPECT_EQ(index.size(), 0u);
  EXPECT_TRUE(index.all().empty());
}

TEST(HashIndex, TellsWhatItHolds) {
  Person ann{1};
  Person bob{2};
  HashIndex<Person, ByName> index(7);
  index.insert(ann);
  index.insert(bob);
  EXPECT_THAT(index.all(), UnorderedElementsAre(&ann, &bob));
  EXPECT_EQ(index.remove(1), &ann);
  EXPECT_THAT(index.all(), UnorderedElementsAre(&bob));
}

/// Like a map, whatever comes and goes.
template <class Keying>
void compare_with_map(const std::vector<std::uint32_t>& ids, std::uint64_t secret) {
  std::deque<Person> people;
  std::map<std::uint32_t, Person*> model;
  HashIndex<Person, Keying> index(secret);
  for (const std::uint32_t id : ids) {
    const auto known = model.find(id);
    RC_ASSERT(index.find(id) == (known == model.end() ? nullptr : known->second));
    if (known == model.end()) {
      model[id] = &people.emplace_back(Person{id});
      index.insert(*model[id]);
    } else {
      RC_ASSERT(index.remove(id) == known->second);
      model.erase(known);
    }
    RC_ASSERT(index.size() == model.size());
  }
  for (const auto& [id, person] : model) RC_ASSERT(index.find(id) == person);
  std::size_t placed = 0;
  for (std::size_t at = 0; at < index.places(); ++at) {
    const Person* person = index.at(at);
    if (person == nullptr) continue;
    ++placed;
    RC_ASSERT(model.at(person->id) == person);
  }
  RC_ASSERT(placed == model.size());
  RC_ASSERT(index.all().size() == model.size());
}

RC_GTEST_PROP(HashIndexModel, FindsWhatCameAndDidNotGo, (std::uint64_t secret)) {
  const auto small = rc::gen::inRange<std::uint32_t>(0, 60);
  const auto ids = *rc::gen::resize(600, rc::gen::container<std::vector<std::uint32_t>>(small));
  compare_with_map<ByName>(ids, secret);
  compare_with_map<ByCrowd>(ids, secret);
}

TEST(HashIndex, StaysQuickWhenMuchWasRemoved) {
  std::deque<Person> people;
  HashIndex<Person, ByName> index(3);
  people.push_back({0});
  index.insert(people.back());
  for (std::uint32_t id = 1; id < 100'000; ++id) {
    people.push_back({id});
    index.insert(people.back());
    EXPECT_EQ(index.remove(id), &people.back());
    if (id % 1'000 == 0) {
      EXPECT_EQ(index.find(200'000), nullptr);
    }
  }
  EXPECT_EQ(index.size(), 1u);
  EXPECT_EQ(index.find(0), &people.front());
}

}  // namespace
}  // namespace phyllo
