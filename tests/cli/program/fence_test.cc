#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program/command.h"
#include "tests/support/processes/phyllod_process.h"

namespace phyllo::cli {
namespace {

TEST(Fence, IsSeenByWhoUsesATopicOutsideOfIt) {
  const test::ScratchFolder folder;
  const std::string endpoint = "ipc://" + (folder.path() / "broker.sock").string();
  test::PhyllodProcess broker(folder.path(), "broker",
                              "node: {region: us}\n"
                              "regions: {eu: {}, us: {}}\n"
                              "topics: [{match: patients/#, regions: [eu]}]\n"
                              "peers: {local: {listen: 'tcp://127.0.0.1:0'}, seeds: []}\n"
                              "clients: {listen: ['" +
                                  endpoint +
                                  "']}\n"
                                  "http: {listen: none}\n");
  const std::string why = "topic 'patients/7' must not be used in region us, only in eu";
  const CommandResult pub = phyllo({"pub", "-b", endpoint, "--wait", "30s", "patients/7", "x"});
  EXPECT_EQ(pub.status, 1) << broker.log();
  EXPECT_THAT(pub.err, testing::HasSubstr(why));
  const CommandResult sub = phyllo({"sub", "-b", endpoint, "--wait", "30s", "patients/7"});
  EXPECT_EQ(sub.status, 1) << broker.log();
  EXPECT_THAT(sub.err, testing::HasSubstr(why));
  const CommandResult tree = phyllo({"tree", "-b", endpoint, "--wait", "30s", "patients/7"});
  EXPECT_EQ(tree.status, 1) << broker.log();
  EXPECT_THAT(tree.err, testing::HasSubstr(why));
}

}  // namespace
}  // namespace phyllo::cli
