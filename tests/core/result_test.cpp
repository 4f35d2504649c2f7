#include "vigie/core/result.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace vigie;

TEST_CASE("every code has a name of its own") {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(Errc::internal); ++i) names.insert(to_string(static_cast<Errc>(i)));
    CHECK(names.size() == static_cast<std::size_t>(Errc::internal) + 1);
    CHECK(to_string(Errc::not_found) == "not_found");
    CHECK(to_string(Errc::no_space) == "no_space");
}

TEST_CASE("an error says where it happened, and takes context in front") {
    const Error error(Errc::io, "cannot read", "vigie.yaml:3:1");
    CHECK(error.text() == "vigie.yaml:3:1: cannot read");
    const Error outer = error.with_context("reload");
    CHECK(outer.text() == "vigie.yaml:3:1: reload: cannot read");
    CHECK(outer.code() == Errc::io);
    CHECK(Error(Errc::limit, "too long").text() == "too long");
}

TEST_CASE("a result holds a value or an error") {
    const Result<int> good = 3;
    CHECK(good.ok());
    CHECK(good.value_or(7) == 3);
    const Result<int> bad = Error(Errc::invalid, "no");
    CHECK_FALSE(bad.ok());
    CHECK(bad.value_or(7) == 7);
    CHECK(bad.error() == Error(Errc::invalid, "no"));
    CHECK(Result<>{}.ok());
}
