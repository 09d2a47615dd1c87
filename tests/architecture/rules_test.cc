// A rule that cannot fail is a defect: each rule rejects a bad sample and accepts a good one.

#include "tests/architecture/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace phyllo::architecture {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

auto Problem(const std::string& part) { return Field(&Finding::problem, HasSubstr(part)); }

Findings layers(const std::string& path, const std::string& included) {
  return check_layers({path, "#include \"" + included + "\"\n"});
}

TEST(Code, LosesCommentsAndTheInsidesOfStrings) {
  EXPECT_EQ(code_of("a; // b\nc /* d\ne */ f"), "a;     \nc     \n     f");
  EXPECT_EQ(code_of(R"(x("a\"b", '"', 1'000))"), R"(x("    ", ' ', 1'000))");
  EXPECT_EQ(code_of("y = R\"z(\"//)z\";"), "y =           ;");
}

TEST(Includes, AreFoundWithTheirLines) {
  const auto found = includes_of({"a.cc",
                                  "#pragma once\n#include <vector>\n//#include \"no.h\"\n"
                                  " #  include \"base/time.h\"  // why\n"});
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].name, "vector");
  EXPECT_TRUE(found[0].angled);
  EXPECT_EQ(found[1].name, "base/time.h");
  EXPECT_EQ(found[1].line, 4);
}

TEST(LayerRule, RejectsAnArrowUpwards) {
  EXPECT_THAT(
      layers("base/time.h", "overlay/node.h"),
      ElementsAre(Finding{"base/time.h", 1, "base must not include overlay/node.h of overlay"}));
  EXPECT_THAT(layers("overlay/node.cc", "multicast/tree.h"), SizeIs(1));
  EXPECT_THAT(layers("overlay/node.cc", "overlay/transport/link.h"), SizeIs(1));
  EXPECT_THAT(layers("multicast/tree.cc", "broker/core/broker.h"), SizeIs(1));
  EXPECT_THAT(layers("broker/core/broker.cc", "broker/config.h"), SizeIs(1));
  EXPECT_THAT(layers("broker/gateway.cc", "sim/world.h"), SizeIs(1));
  EXPECT_THAT(layers("sim/world.cc", "overlay/transport/link.h"), SizeIs(1));
  EXPECT_THAT(layers("sdk/src/client.cc", "overlay/id.h"), SizeIs(1));
  EXPECT_THAT(layers("sdk/examples/hello.cc", "sdk/src/client.h"), SizeIs(1));
  EXPECT_THAT(layers("cli/top.cc", "broker/status.h"), SizeIs(1));
  EXPECT_THAT(layers("cli/top.cc", "sdk/src/client.h"), SizeIs(1));
}

TEST(LayerRule, AcceptsAnArrowDownwards) {
  EXPECT_THAT(layers("overlay/node.h", "base/time.h"), IsEmpty());
  EXPECT_THAT(layers("overlay/transport/link.h", "overlay/node.h"), IsEmpty());
  EXPECT_THAT(layers("overlay/codec.cc", "phyllo/v1/overlay.pb.h"), IsEmpty());
  EXPECT_THAT(layers("broker/core/broker.h", "multicast/forest.h"), IsEmpty());
  EXPECT_THAT(layers("broker/gateway.h", "broker/core/broker.h"), IsEmpty());
  EXPECT_THAT(layers("sdk/src/client.h", "phyllo/client.h"), IsEmpty());
  EXPECT_THAT(layers("sim/world.h", "broker/core/broker.h"), IsEmpty());
  EXPECT_THAT(layers("cli/sim.cc", "sim/world.h"), IsEmpty());
  EXPECT_THAT(layers("tests/base/time_test.cc", "broker/config.h"), IsEmpty());
}

class Impurity : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Impurity, IsRejectedInACoreOnly) {
  const auto [line, what] = GetParam();
  for (const char* path : {"overlay/node.cc", "multicast/tree.h", "broker/core/broker.cc"}) {
    EXPECT_THAT(check_core_is_pure({path, line}), ElementsAre(Problem(what))) << path;
  }
  for (const char* path : {"overlay/transport/link.cc", "broker/main.cc", "sdk/src/client.cc"}) {
    EXPECT_THAT(check_core_is_pure({path, line}), IsEmpty()) << path;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Samples, Impurity,
    testing::Values(
        std::pair{"auto t = std::chrono::steady_clock::now();", "a clock"},
        std::pair{"auto t = Clock::now ();", "a clock"},
        std::pair{"auto t = std::time(nullptr);", "a clock"},
        std::pair{"gettimeofday(&t, 0);", "a clock"},
        std::pair{"clock_gettime(CLOCK_REALTIME, &t);", "a clock"},
        std::pair{"#include <ctime>", "a clock"}, std::pair{"#include <sys/socket.h>", "a socket"},
        std::pair{"#include <zmq.hpp>", "a socket"}, std::pair{"zmq::context_t c;", "a socket"},
        std::pair{"std::thread t;", "a thread"}, std::pair{"#include <mutex>", "a thread"},
        std::pair{"std::shared_mutex m;", "a thread"}, std::pair{"thread_local int x;", "a thread"},
        std::pair{"std::this_thread::sleep_for(1s);", "a thread"},
        std::pair{"std::ofstream f;", "a file"}, std::pair{"#include <fstream>", "a file"},
        std::pair{"auto* f = fopen(p, q);", "a file"},
        std::pair{"std::random_device d;", "global randomness"},
        std::pair{"int x = rand();", "global randomness"}, std::pair{"spdlog::info(x);", "a log"},
        std::pair{"std::cerr << x;", "a log"}, std::pair{"std::printf(x);", "a log"}));

TEST(CoreRule, AcceptsWordsThatOnlyLookImpure) {
  EXPECT_THAT(check_core_is_pure({"overlay/node.h",
                                  "// a std::mutex would be wrong here, and so would ::now()\n"
                                  "Time now() const;\n"
                                  "void on_message(Time now, Duration time);\n"
                                  "auto operand(int brand);\n"
                                  "auto name = \"zmq\";\n"}),
              IsEmpty());
}

TEST(WireRule, RejectsGeneratedTypesOutsideCodecs) {
  const std::string text = "#include \"phyllo/v1/overlay.pb.h\"\n";
  EXPECT_THAT(check_wire_types_end_at_codecs({"overlay/node.cc", text}), SizeIs(1));
  EXPECT_THAT(check_wire_types_end_at_codecs({"overlay/codec.h", text}), SizeIs(1));
  EXPECT_THAT(check_wire_types_end_at_codecs({"overlay/transcodec.cc", text}), SizeIs(1));
  EXPECT_THAT(check_wire_types_end_at_codecs({"overlay/codec.cc", text}), IsEmpty());
  EXPECT_THAT(check_wire_types_end_at_codecs({"broker/client_codec.cc", text}), IsEmpty());
}

TEST(LengthRule, RejectsLongFiles) {
  const auto lines = [](int n) { return std::string(static_cast<std::size_t>(n), '\n'); };
  EXPECT_THAT(check_length({"base/time.h", lines(400)}), IsEmpty());
  EXPECT_THAT(check_length({"base/time.h", lines(401)}), ElementsAre(Problem("401 lines")));
  EXPECT_THAT(check_length({"tests/base/time_test.cc", lines(600)}), IsEmpty());
  EXPECT_THAT(check_length({"tests/base/time_test.cc", lines(601)}), SizeIs(1));
}

TEST(SdkHeaderRule, RejectsWhatAUserMayNotHave) {
  const auto rule = [](const std::string& line) {
    return check_sdk_headers({"sdk/include/phyllo/client.h", line + "\n"});
  };
  EXPECT_THAT(rule("#include <zmq.hpp>"), SizeIs(1));
  EXPECT_THAT(rule("#include <google/protobuf/message.h>"), SizeIs(1));
  EXPECT_THAT(rule("#include \"base/time.h\""), SizeIs(1));
  EXPECT_THAT(rule("#include \"phyllo/v1/client.pb.h\""), SizeIs(1));
  EXPECT_THAT(rule("#include <string_view>"), IsEmpty());
  EXPECT_THAT(rule("#include \"phyllo/message.h\""), IsEmpty());
  EXPECT_THAT(rule("#include <phyllo/message.h>"), IsEmpty());
}

TEST(HeaderRule, RejectsAMissingPragmaOnce) {
  EXPECT_THAT(check_pragma_once({"base/a.h", "#include <vector>\n"}), SizeIs(1));
  EXPECT_THAT(check_pragma_once({"base/a.h", "// #pragma once\nint x;\n"}), SizeIs(1));
  EXPECT_THAT(check_pragma_once({"base/a.h", "#include <vector>\n#pragma once\n"}), SizeIs(1));
  EXPECT_THAT(check_pragma_once({"base/a.h", "// Why.\n\n#pragma once\nint x;\n"}), IsEmpty());
  EXPECT_THAT(check_pragma_once({"base/a.cc", "int x;\n"}), IsEmpty());
}

TEST(IncludeRule, RejectsPathsThatDoNotStartAtTheRoot) {
  const std::set<std::string> paths{"base/time.h", "sdk/include/phyllo/client.h"};
  const auto rule = [&](const std::string& line) {
    return check_includes_from_root({"base/a.cc", line + "\n"}, paths);
  };
  EXPECT_THAT(rule("#include \"time.h\""), ElementsAre(Problem("time.h is no path")));
  EXPECT_THAT(rule("#include \"../base/time.h\""), SizeIs(1));
  EXPECT_THAT(rule("#include \"phyllo/nobody.h\""), SizeIs(1));
  EXPECT_THAT(rule("#include \"zmq.hpp\""), SizeIs(1));
  EXPECT_THAT(rule("#include \"base/time.h\""), IsEmpty());
  EXPECT_THAT(rule("#include \"phyllo/client.h\""), IsEmpty());
  EXPECT_THAT(rule("#include \"phyllo/v1/client.pb.h\""), IsEmpty());
  EXPECT_THAT(rule("#include <vector>"), IsEmpty());
}

}  // namespace
}  // namespace phyllo::architecture
