#include "tests/integration/phyllod_process.h"

#include <fcntl.h>
#include <httplib.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

extern char** environ;

namespace phyllo::integration {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

bool ended(pid_t pid) {
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
  return info.si_pid == pid;
}

}  // namespace

bool eventually(const std::function<bool()>& done, std::chrono::milliseconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // between two looks
  }
  return true;
}

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

PhyllodProcess::~PhyllodProcess() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void PhyllodProcess::start(const std::vector<std::string>& arguments) {
  const std::string program = PHYLLO_BIN_DIR "/phyllod";
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string log = file(".log");
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  if (posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
  posix_spawn_file_actions_destroy(&actions);
}

std::filesystem::path PhyllodProcess::file(const char* suffix) const {
  return folder_ / (name_ + suffix);
}

bool PhyllodProcess::listens() {
  const auto ports = file(".ports");
  eventually([&] { return std::filesystem::exists(ports) || ended(pid_); });
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

void PhyllodProcess::signal(int number) const { kill(pid_, number); }

std::optional<int> PhyllodProcess::exit_status() {
  int status = 0;
  if (!eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; })) return std::nullopt;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string PhyllodProcess::log() const { return text_of(file(".log")); }

std::size_t PhyllodProcess::resident_bytes() const {
  std::size_t total = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/" + std::to_string(pid_) + "/statm") >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace phyllo::integration
