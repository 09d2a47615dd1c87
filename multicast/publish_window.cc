#include "multicast/publish_window.h"

namespace phyllo::multicast {

PublishWindow::Verdict PublishWindow::offer(overlay::NodeId from, Attempt attempt,
                                            std::uint64_t index) {
  const Source* found = find(from);
  const bool known = found != nullptr && found->attempt == attempt && !found->closed;
  if (known && index < found->taken) return Verdict::kSeen;
  const bool begins = index == 0 && (found == nullptr || !same_life(found->attempt, attempt) ||
                                     found->attempt < attempt);
  if (!begins && !(known && index == found->taken)) return Verdict::kHole;
  Source& entry = source(from);
  entry.attempt = attempt;
  entry.taken = index + 1;
  entry.closed = false;
  return Verdict::kNext;
}

void PublishWindow::close() {
  if (only_) only_->second.closed = true;
  if (!book_) return;
  for (auto& [from, entry] : book_->sources) entry.closed = true;
}

std::uint64_t PublishWindow::taken(overlay::NodeId from, Attempt attempt) const {
  const Source* found = find(from);
  if (found == nullptr || found->closed) return 0;
  return found->attempt == attempt ? found->taken : 0;
}

const PublishWindow::Source* PublishWindow::find(overlay::NodeId from) const {
  if (only_ && only_->first == from) return &only_->second;
  if (!book_) return nullptr;
  const auto found = book_->sources.find(from);
  return found == book_->sources.end() ? nullptr : &found->second;
}

PublishWindow::Source& PublishWindow::source(overlay::NodeId from) {
  if (empty()) only_.emplace().first = from;
  if (only_ && only_->first == from) return only_->second;
  if (!book_) source(book_.emplace(), only_->first) = only_->second;
  only_.reset();
  return source(*book_, from);
}

PublishWindow::Source& PublishWindow::source(Book& book, overlay::NodeId from) {
  const auto found = book.sources.find(from);
  if (found != book.sources.end()) {
    book.order.splice(book.order.end(), book.order, found->second.place);
    return found->second;
  }
  if (book.sources.size() == kCapacity) {
    book.sources.erase(book.order.front());
    book.order.pop_front();
  }
  Listed& entry = book.sources[from];
  entry.place = book.order.insert(book.order.end(), from);
  return entry;
}

}  // namespace phyllo::multicast
