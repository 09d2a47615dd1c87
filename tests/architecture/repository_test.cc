// The rules of rules.h, held against the repository itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "tests/architecture/rules.h"
#include "tests/architecture/source_file.h"

namespace phyllo::architecture {
namespace {

using testing::IsEmpty;

const std::vector<SourceFile>& repository() {
  static const std::vector<SourceFile> kFiles = read_repository(PHYLLO_SOURCE_DIR);
  return kFiles;
}

Findings breaches_of(const std::function<Findings(const SourceFile&)>& rule) {
  Findings all;
  for (const auto& file : repository()) {
    for (auto& finding : rule(file)) all.push_back(std::move(finding));
  }
  return all;
}

TEST(Repository, IsWhatIsRead) {
  const auto has = [](const std::string& path) {
    return std::ranges::count(repository(), path, &SourceFile::path) == 1;
  };
  EXPECT_TRUE(has("base/CMakeLists.txt"));
  EXPECT_TRUE(has("tests/architecture/rules.cc"));
}

TEST(Repository, LayersPointDownwardsOnly) { EXPECT_THAT(breaches_of(check_layers), IsEmpty()); }

TEST(Repository, CoresDoNoInputOrOutput) {
  EXPECT_THAT(breaches_of(check_core_is_pure), IsEmpty());
}

TEST(Repository, WireTypesEndAtTheCodecs) {
  EXPECT_THAT(breaches_of(check_wire_types_end_at_codecs), IsEmpty());
}

TEST(Repository, FilesAreShort) {
  EXPECT_THAT(breaches_of(check_length), IsEmpty());

  std::vector<int> lengths;
  for (const auto& file : repository()) {
    if (is_cpp(file)) lengths.push_back(line_count(file));
  }
  std::ranges::sort(lengths);
  std::cout << lengths.size() << " files, median " << lengths[lengths.size() / 2]
            << " lines, longest " << lengths.back() << '\n';
}

TEST(Repository, PublicSdkHeadersNeedOnlyTheStandardLibrary) {
  EXPECT_THAT(breaches_of(check_sdk_headers), IsEmpty());
}

TEST(Repository, HeadersStartWithPragmaOnce) {
  EXPECT_THAT(breaches_of(check_pragma_once), IsEmpty());
}

TEST(Repository, IncludesAreRelativeToTheRoot) {
  std::set<std::string> paths;
  for (const auto& file : repository()) paths.insert(file.path);
  const auto rule = [&](const SourceFile& file) { return check_includes_from_root(file, paths); };
  EXPECT_THAT(breaches_of(rule), IsEmpty());
}

}  // namespace
}  // namespace phyllo::architecture
