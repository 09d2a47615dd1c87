#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace phyllo::sim {

/// Numbers for people: "2,489,824", "3.976", "1.5e-5". Four significant digits where there is a
/// fraction, digits in groups of three; "∞" and "–" (not a number) where that is what came out.
std::string shown_number(std::int64_t number);
std::string shown_number(double number);

/// Several of one column: with the same number of decimals wherever that shows each of them well
/// enough, otherwise each as above.
std::vector<std::string> shown_numbers(std::span<const double> numbers);

/// For programs: the shortest decimal text that reads back as the same number; "inf", "nan".
std::string exact_number(double number);

}  // namespace phyllo::sim
