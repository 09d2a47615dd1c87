#include "cli/application.h"
#include "cli/standard_descriptors.h"

int main(int argc, char** argv) {
  phyllo::cli::occupy_standard_descriptors();
  return phyllo::cli::run_application(argc, argv);
}
