#include "cli/application.h"

int main(int argc, char** argv) { return phyllo::cli::run_application(argc, argv); }
