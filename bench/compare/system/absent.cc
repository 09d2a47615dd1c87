#include "bench/compare/system/absent.h"

#include <stdexcept>
#include <utility>

namespace phyllo::bench {
namespace {

class Absent : public System {
 public:
  Absent(std::string name, std::string library)
      : name_(std::move(name)), library_(std::move(library)) {}

  std::string name() const override { return name_; }
  std::string description() const override { return "absent"; }
  std::optional<std::string> absence() const override {
    return library_ + " was not installed when this was built";
  }
  std::unique_ptr<Cluster> start(const Workload&, const std::filesystem::path&) const override {
    throw std::runtime_error(name_ + ": " + *absence());
  }

 private:
  std::string name_;
  std::string library_;
};

}  // namespace

std::unique_ptr<System> absent_system(std::string name, std::string library) {
  return std::make_unique<Absent>(std::move(name), std::move(library));
}

}  // namespace phyllo::bench
