#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "base/batch_body.h"
#include "base/payload.h"
#include "phyllo/message.h"
#include "sdk/src/frames.h"

namespace phyllo::internal {

/// The messages of one received batch that the program has not got yet, in order.
class BatchCursor {
 public:
  /// `body` was checked to hold `deliver.count` messages; the first `skip` came before.
  BatchCursor(std::shared_ptr<const std::string> topic, const Deliver& deliver, const Payload& body,
              std::uint32_t skip)
      : batch_(std::make_shared<const Message::Batch>(
            Message::Batch{std::move(topic), deliver.stream, deliver.publisher, body.owner()})),
        reader_(body.view()),
        stream_sequence_(deliver.first),
        publisher_sequence_(deliver.publisher_first),
        cost_(body.size() + kDeliverOverhead) {
    for (std::string_view passed; skip > 0; --skip) {
      reader_.next(passed);
      ++stream_sequence_;
      ++publisher_sequence_;
    }
    advance();
  }

  bool done() const { return !has_next_; }
  /// Needs !done().
  Message take() {
    Message message(batch_, next_, stream_sequence_++, publisher_sequence_++);
    advance();
    return message;
  }
  /// What the batch cost of the subscription's credit.
  std::uint64_t cost() const { return cost_; }

 private:
  void advance() { has_next_ = reader_.next(next_); }

  std::shared_ptr<const Message::Batch> batch_;
  BatchBodyReader reader_;
  std::string_view next_;
  bool has_next_ = false;
  std::uint64_t stream_sequence_;
  std::uint64_t publisher_sequence_;
  std::uint64_t cost_;
};

}  // namespace phyllo::internal
