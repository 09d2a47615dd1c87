#include "tests/integration/witness.h"

#include <algorithm>
#include <utility>

namespace phyllo::test {
namespace {

constexpr std::size_t kComplaints = 10;

ClientOptions named(std::string name) {
  ClientOptions options;
  options.name = std::move(name);
  return options;
}

}  // namespace

Witness::Witness(std::string name, std::vector<std::string> brokers, const std::string& topic)
    : name_(std::move(name)), client_(std::move(brokers), named(name_)) {
  SubscribeOptions options;
  options.on_gap = [this](const Gap& gap) { see(gap); };
  subscription_ = client_.subscribe(
      topic, [this](const Message& m) { see(m); }, options);
}

std::uint64_t Witness::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

std::uint64_t Witness::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

std::uint64_t Witness::reported() const {
  const std::lock_guard lock(mutex_);
  return reported_;
}

std::uint64_t Witness::overreported() const {
  const std::lock_guard lock(mutex_);
  return overreported_;
}

std::vector<std::string> Witness::complaints() const {
  const std::lock_guard lock(mutex_);
  return complaints_;
}

std::string Witness::broker() const {
  const auto broker = client_.broker();
  return broker ? broker->node_id : std::string();
}

void Witness::see(const Message& message) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = message.publisher_sequence();
  if (message.payload() != std::to_string(number))
    complain("the payload is not number " + std::to_string(number));
  if (number <= last_) {
    complain("got " + std::to_string(number) + " after " + std::to_string(last_));
    return;
  }
  const std::uint64_t missing = number - last_ - 1;
  if (missing > announced_.stream + announced_.publisher) {
    complain(std::to_string(missing) + " missing before " + std::to_string(number) + ", " +
             std::to_string(announced_.stream + announced_.publisher) + " of them reported");
  }
  // The same loss may be told in numbers of the stream and again in numbers of the publisher.
  const std::uint64_t told = std::max(announced_.stream, announced_.publisher);
  reported_ += told;
  if (told > missing) overreported_ += told - missing;
  announced_ = {};
  last_ = number;
  ++received_;
}

void Witness::see(const Gap& gap) {
  const std::lock_guard lock(mutex_);
  auto& announced = gap.scope == Gap::Scope::kStream ? announced_.stream : announced_.publisher;
  announced += gap.count();
}

void Witness::complain(std::string what) {
  if (complaints_.size() < kComplaints) complaints_.push_back(name_ + " " + std::move(what));
}

}  // namespace phyllo::test
