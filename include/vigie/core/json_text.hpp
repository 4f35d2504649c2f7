// Boost.JSON's values as text with numbers as people write them: Boost.JSON 1.81 prints 84.5 as 8.45E1.
// Thread-safety: free functions.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace vigie {

/// Compact JSON. Doubles in their shortest form that reads back exactly; whole ones below 2^53 without a point; those that are not finite
/// as null.
std::string json_text(const boost::json::value& value);
std::string json_text(const boost::json::object& object);

}  // namespace vigie
