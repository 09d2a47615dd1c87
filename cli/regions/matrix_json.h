#pragma once

#include <cstddef>
#include <string>

#include "cli/regions/border_matrix.h"
#include "cli/regions/border_survey.h"

namespace phyllo::cli {

/// `{"borders": […], "topics": […], "answered": n, "missing": […], "silent": […]}` on one line:
/// what `matrix_text` shows, all borders, and of whom there is no answer. `topics`: of each border.
std::string json_of(const BorderMatrix& matrix, const BorderSurvey& survey, std::size_t topics);

}  // namespace phyllo::cli
