#include "tests/support/network/borders.h"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "tests/support/network/shell.h"

namespace phyllo::test {
namespace {

constexpr int kHosts = 20;
constexpr int kRouter = 254;
constexpr const char* kDelayed = "delayed";  // the interface behind which the delay line sits

std::string link_to(const std::string& site) { return "to-" + site; }
std::string counter(const std::string& from, const std::string& to) { return from + "_" + to; }

}  // namespace

std::optional<std::string> Borders::missing() {
  if (geteuid() != 0) return "network namespaces need root";
  try {
    const NetworkNamespace probe("probe");
    probe.run("nft list ruleset");
    probe.run("ip tuntap add dev probe mode tun");
  } catch (const std::runtime_error& problem) {
    return problem.what();
  }
  return std::nullopt;
}

Borders::Borders(std::vector<std::string> sites) : names_(std::move(sites)) {
  router_.run("sysctl -qw net.ipv4.ip_forward=1");
  for (std::size_t i = 0; i < names_.size(); ++i) join(i);
  count();
}

const NetworkNamespace& Borders::site(const std::string& name) const {
  return *sites_[index(name)];
}

std::string Borders::address(const std::string& site, int host) const {
  return "10.77." + std::to_string(index(site) + 1) + "." + std::to_string(host);
}

Crossed Borders::crossed(const std::string& from, const std::string& to) const {
  const auto listing =
      nlohmann::json::parse(router_.run("nft -j list counter inet borders " + counter(from, to)));
  const auto& found = listing.at("nftables").back().at("counter");
  return {found.at("packets"), found.at("bytes")};
}

void Borders::cut(const std::string& one, const std::string& other) {
  for (const auto& [from, to] :
       {std::pair(index(one), index(other)), std::pair(index(other), index(one))}) {
    router_.run("nft add rule inet borders cuts ip saddr " + prefix(from) + " ip daddr " +
                prefix(to) + " drop");
  }
}

void Borders::restore() { router_.run("nft flush chain inet borders cuts"); }

/// Packets that come from a site go to the delay line's interface; when they come out of it again
/// the ordinary routes lead them on.
void Borders::delay(std::chrono::milliseconds one_way) {
  router_.run(std::string("ip tuntap add dev ") + kDelayed + " mode tun");
  router_.run(std::string("sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.") + kDelayed +
              ".rp_filter=0");
  {
    const Visit there(router_);
    delay_line_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{std::string(PHYLLO_BIN_DIR) + "/delay_line", kDelayed,
                                 std::to_string(one_way.count())},
        folder_.path() / "delay_line.log");
  }
  router_.run(std::string("ip link set ") + kDelayed + " up txqueuelen 10000");
  const std::string carrier = std::string("cat /sys/class/net/") + kDelayed + "/carrier";
  if (!eventually([&] { return router_.run(carrier).starts_with('1'); })) {
    throw std::runtime_error("the delay line does not start: " +
                             text_of(folder_.path() / "delay_line.log"));
  }
  router_.run(std::string("ip route add default dev ") + kDelayed + " table 100");
  for (const std::string& name : names_) {
    router_.run("sysctl -qw net.ipv4.conf." + link_to(name) + ".rp_filter=0");
    router_.run("ip rule add iif " + link_to(name) + " lookup 100");
  }
}

std::size_t Borders::index(const std::string& site) const {
  const auto found = std::find(names_.begin(), names_.end(), site);
  if (found == names_.end()) throw std::invalid_argument("no site " + site);
  return static_cast<std::size_t>(found - names_.begin());
}

std::string Borders::prefix(std::size_t site) const {
  return "10.77." + std::to_string(site + 1) + ".0/24";
}

void Borders::join(std::size_t site) {
  const std::string& name = names_[site];
  const NetworkNamespace& here = *sites_.emplace_back(std::make_unique<NetworkNamespace>(name));
  shell("ip -n " + here.name() + " link add name border type veth peer name " + link_to(name) +
        " netns " + router_.name());
  for (int host = 1; host <= kHosts; ++host) {
    here.run("ip address add " + address(name, host) + "/24 dev border");
  }
  router_.run("ip address add " + address(name, kRouter) + "/24 dev " + link_to(name));
  here.run("ip link set border up");
  router_.run("ip link set " + link_to(name) + " up");
  here.run("ip route add default via " + address(name, kRouter));
}

/// Where a packet comes in, so that one that takes the way through the delay line counts once.
void Borders::count() {
  std::string rules =
      "add table inet borders\n"
      "add chain inet borders cuts\n"
      "add chain inet borders forward { type filter hook forward priority 0; }\n"
      "add rule inet borders forward jump cuts\n";
  for (std::size_t from = 0; from < names_.size(); ++from) {
    for (std::size_t to = 0; to < names_.size(); ++to) {
      if (from == to) continue;
      const std::string both = counter(names_[from], names_[to]);
      rules += "add counter inet borders " + both + "\n" +
               "add rule inet borders forward iifname " + link_to(names_[from]) + " ip daddr " +
               prefix(to) + " counter name " + both + "\n";
    }
  }
  const auto file = folder_.write("borders.nft", rules);
  router_.run("nft -f " + file.string());
}

}  // namespace phyllo::test
