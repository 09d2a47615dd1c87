#pragma once

namespace phyllo::broker {

/// std::visit with one lambda per kind of effect.
template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;

}  // namespace phyllo::broker
