#include "bench/compare/measure/comparison.h"

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

#include "bench/compare/measure/interruption.h"

namespace phyllo::bench {
namespace {

namespace fs = std::filesystem;

/// Gone with the object.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "phyllo-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder " + name);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

Comparison compare(const std::vector<const System*>& systems, const Workload& workload,
                   const Effort& effort, const Tell& tell) {
  Comparison comparison{workload, {}, effort};
  for (const System* system : systems) comparison.series.push_back({system->name(), {}});
  for (std::size_t round = 0; round < effort.rounds; ++round) {
    for (std::size_t i = 0; i < systems.size(); ++i) {
      check_interruption();
      tell(workload.label() + ": " + systems[i]->name() + ", round " + std::to_string(round + 1) +
           " of " + std::to_string(effort.rounds));
      const Folder folder;
      comparison.series[i].outcomes.push_back(
          run_once(*systems[i], workload, effort.duration, folder.path()));
    }
  }
  return comparison;
}

}  // namespace phyllo::bench
