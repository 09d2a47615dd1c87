#include "tests/integration/phyllod_process.h"

#include <httplib.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace phyllo::integration {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "phyllo-test-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

ScratchFolder::~ScratchFolder() { std::filesystem::remove_all(path_); }

PhyllodProcess::PhyllodProcess(const ScratchFolder& folder, std::string name,
                               const std::string& config)
    : folder_(folder.path()), name_(std::move(name)) {
  std::ofstream(config_file()) << config;
  start({"--config", config_file(), "--ports-file", file(".ports")});
}

PhyllodProcess::PhyllodProcess(const ScratchFolder& folder, std::string name,
                               const std::vector<std::string>& arguments)
    : folder_(folder.path()), name_(std::move(name)) {
  start(arguments);
}

void PhyllodProcess::start(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), PHYLLO_BIN_DIR "/phyllod");
  process_ = std::make_unique<test::ChildProcess>(arguments, file(".log"));
}

std::filesystem::path PhyllodProcess::file(const char* suffix) const {
  return folder_ / (name_ + suffix);
}

bool PhyllodProcess::listens() {
  const auto ports = file(".ports");
  eventually([&] { return std::filesystem::exists(ports) || !process_->running(); });
  if (!std::filesystem::exists(ports)) return false;
  ports_ = nlohmann::json::parse(text_of(ports));
  return true;
}

bool PhyllodProcess::ready() {
  return listens() && eventually([&] { return get("/readyz") == "active\n"; });
}

std::string PhyllodProcess::get(const std::string& path) const {
  const std::string address = ports_.at("http");
  const auto colon = address.rfind(':');
  httplib::Client client(address.substr(0, colon), std::stoi(address.substr(colon + 1)));
  const auto answer = client.Get(path.c_str());
  return answer ? answer->body : "";
}

double PhyllodProcess::metric(const std::string& name_and_labels) const {
  std::istringstream lines(get("/metrics"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name_and_labels + " ")) {
      return std::stod(line.substr(name_and_labels.size() + 1));
    }
  }
  return -1;
}

std::optional<int> PhyllodProcess::exit_status() {
  const auto end = process_->wait(std::chrono::seconds(20));
  if (!end) return std::nullopt;
  return end->signal == 0 ? end->status : 128 + end->signal;
}

std::string PhyllodProcess::log() const { return text_of(file(".log")); }

std::size_t PhyllodProcess::resident_bytes() const {
  std::size_t total = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/" + std::to_string(pid()) + "/statm") >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace phyllo::integration
