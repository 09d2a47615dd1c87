#include "overlay/transport/body_frame.h"

#include <string>
#include <string_view>
#include <utility>

namespace phyllo::overlay::transport {
namespace {

/// ZeroMQ receives into buffers of 8 KiB; what is larger has one of its own.
constexpr std::size_t kAdoptFrom = 2048;

/// Keeps what ZeroMQ reads from; freed in its thread.
class Loan {
 public:
  Loan(Payload payload, std::string text, std::shared_ptr<SendLedger> ledger, std::size_t bytes)
      : payload_(std::move(payload)),
        text_(std::move(text)),
        ledger_(std::move(ledger)),
        bytes_(bytes) {
    if (ledger_) ledger_->bytes.fetch_add(bytes_, std::memory_order_relaxed);
  }
  ~Loan() {
    if (ledger_) ledger_->bytes.fetch_sub(bytes_, std::memory_order_relaxed);
  }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;

  std::string_view bytes() const { return payload_.empty() ? text_ : payload_.view(); }

  /// ZeroMQ orders the two by itself, but thread sanitizers do not see inside it.
  void hand_over() { handed_over_.store(true, std::memory_order_release); }
  void take_back() const { static_cast<void>(handed_over_.load(std::memory_order_acquire)); }

 private:
  std::atomic<bool> handed_over_ = false;
  const Payload payload_;
  const std::string text_;
  const std::shared_ptr<SendLedger> ledger_;
  const std::size_t bytes_;
};

void give_back(void*, void* hint) {
  const std::unique_ptr<Loan> loan(static_cast<Loan*>(hint));
  loan->take_back();
}

zmq::message_t lend(std::unique_ptr<Loan> loan) {
  // ZeroMQ never writes to a message it sends.
  void* data = const_cast<char*>(loan->bytes().data());
  zmq::message_t frame(data, loan->bytes().size(), give_back, loan.get());
  loan.release()->hand_over();
  return frame;
}

}  // namespace

zmq::message_t frame_of(const Payload& payload) {
  return lend(std::make_unique<Loan>(payload, std::string(), nullptr, 0));
}

zmq::message_t frame_of(const Payload& payload, std::shared_ptr<SendLedger> ledger,
                        std::size_t bytes) {
  return lend(std::make_unique<Loan>(payload, std::string(), std::move(ledger), bytes));
}

zmq::message_t frame_of(std::string text, std::shared_ptr<SendLedger> ledger, std::size_t bytes) {
  return lend(std::make_unique<Loan>(Payload(), std::move(text), std::move(ledger), bytes));
}

Payload payload_of(zmq::message_t frame) {
  if (frame.size() < kAdoptFrom) return Payload::copy_of(frame.to_string_view());
  auto owner = std::make_shared<zmq::message_t>(std::move(frame));
  const std::string_view bytes = owner->to_string_view();
  return Payload::adopt(std::move(owner), bytes);
}

}  // namespace phyllo::overlay::transport
