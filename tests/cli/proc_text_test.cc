#include "cli/demo/proc_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace phyllo::cli {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(ProcStat, CountsEachProcessorAndLeavesTheSumOut) {
  const auto cpus = parse_stat(
      "cpu  9080 0 1528 261984 495 0 43 9 0 0\n"
      "cpu0 3293 10 629 132525 33 5 13 4 7 0\n"
      "cpu1 5786 0 898 129459 461 0 29 4 0 0\n"
      "intr 222539 0 0\n"
      "ctxt 1234\n");
  ASSERT_THAT(cpus, SizeIs(2));
  EXPECT_EQ(cpus[0].name, "0");
  EXPECT_EQ(cpus[0].busy, 3293u + 10 + 629 + 5 + 13 + 4);
  EXPECT_EQ(cpus[0].total, cpus[0].busy + 132525 + 33);
  EXPECT_EQ(cpus[1].name, "1");
}

TEST(ProcStat, LeavesGuestTimeOutBecauseUserTimeHoldsIt) {
  const auto cpus = parse_stat("cpu0 100 0 0 100 0 0 0 0 50 0\n");
  ASSERT_THAT(cpus, SizeIs(1));
  EXPECT_EQ(cpus[0].total, 200u);
}

TEST(ProcStat, SkipsLinesThatAreNotNumbers) {
  EXPECT_THAT(parse_stat("cpu0 1 2 x 4 5\ncpu1\n\ncpufreq 1 2 3 4 5z\n"), IsEmpty());
}

TEST(ProcMeminfo, ReadsBytesFromKibibytes) {
  const auto memory = parse_meminfo(
      "MemTotal:       24684096 kB\nMemFree:        23924232 kB\n"
      "MemAvailable:   24265796 kB\nDirty:              40 kB\nHugePages_Total:       0\n");
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->total, 24684096ull * 1024);
  EXPECT_EQ(memory->available, 24265796ull * 1024);
  EXPECT_EQ(memory->dirty, 40u * 1024);
}

TEST(ProcMeminfo, IsNothingWithoutTheTotal) {
  EXPECT_FALSE(parse_meminfo("MemAvailable:   24265796 kB\n"));
  EXPECT_FALSE(parse_meminfo(""));
}

TEST(ProcNetDev, ReadsBothDirectionsAlsoWhenTheColonTouchesTheNumber) {
  const auto links = parse_net_dev(
      "Inter-|   Receive                                                |  Transmit\n"
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs "
      "drop "
      "fifo colls carrier compressed\n"
      "    lo:    3267      29    0    0    0     0          0         0     3268      30    0    "
      "0  "
      "  0     0       0          0\n"
      "  eth0:43816926 1268 0 0 0 0 0 0 53309 652 0 0 0 0 0 0\n");
  ASSERT_THAT(links, SizeIs(2));
  EXPECT_EQ(links[0].name, "lo");
  EXPECT_EQ(links[0].received_bytes, 3267u);
  EXPECT_EQ(links[0].received_packets, 29u);
  EXPECT_EQ(links[0].sent_bytes, 3268u);
  EXPECT_EQ(links[0].sent_packets, 30u);
  EXPECT_EQ(links[1].name, "eth0");
  EXPECT_EQ(links[1].received_bytes, 43816926u);
}

TEST(ProcNetDev, KeepsColonsOfAnAliasInItsName) {
  const auto links = parse_net_dev("eth0:1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
  ASSERT_THAT(links, SizeIs(1));
  EXPECT_EQ(links[0].name, "eth0:1");
}

TEST(ProcDiskstats, CountsBytesInSectorsOf512) {
  const auto disks = parse_diskstats(
      " 254       0 vda 70705 12269 6073234 24230 10575 9112 2232512 2143 0 6920 27646\n");
  ASSERT_THAT(disks, SizeIs(1));
  EXPECT_EQ(disks[0].name, "vda");
  EXPECT_EQ(disks[0].reads, 70705u);
  EXPECT_EQ(disks[0].read_bytes, 6073234u * 512);
  EXPECT_EQ(disks[0].writes, 10575u);
  EXPECT_EQ(disks[0].written_bytes, 2232512u * 512);
}

std::vector<std::string> disk_names(std::initializer_list<const char*> devices) {
  std::string text;
  for (const char* device : devices) text += "8 0 " + std::string(device) + " 1 2 3 4 5 6 7 8 9\n";
  std::vector<std::string> names;
  for (const DiskCounters& disk : parse_diskstats(text)) names.push_back(disk.name);
  return names;
}

TEST(ProcDiskstats, LeavesPartitionsAndLoopDevicesOut) {
  EXPECT_EQ(disk_names({"loop0", "ram1", "sda", "sda1", "sda12", "nvme0n1", "nvme0n1p2"}),
            (std::vector<std::string>{"sda", "nvme0n1"}));
}

TEST(ProcDiskstats, DoesNotTakeOtherDisksForPartitions) {
  EXPECT_EQ(disk_names({"sda", "sdaa", "dm-1", "dm-10", "nvme0n1", "nvme0n10"}),
            (std::vector<std::string>{"sda", "sdaa", "dm-1", "dm-10", "nvme0n1", "nvme0n10"}));
}

RC_GTEST_PROP(ProcText, SurvivesAnyText, (const std::string& text)) {
  parse_stat("cpu0 " + text);
  parse_meminfo("MemTotal: " + text);
  parse_net_dev("eth0:" + text);
  parse_diskstats("8 0 sda " + text + "\n" + text);
}

}  // namespace
}  // namespace phyllo::cli
