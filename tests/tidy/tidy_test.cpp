#include "tidy/tidy.hpp"

#include <doctest/doctest.h>

using namespace vigie::tidy;

namespace {

std::size_t complaints(std::vector<Complaint> (*check_one)(const SourceFile&), std::string path, std::string text) {
    return check_one(SourceFile{std::move(path), std::move(text)}).size();
}

std::size_t traps(const std::string& statement) {
    return complaints(check_coroutines, "daemon/net/x.cpp", "awaitable<void> f() {\n    " + statement + "\n}\n");
}

}  // namespace

TEST_CASE("a module includes what the table allows") {
    CHECK(complaints(check_includes, "daemon/rules/x.cpp", "#include \"vigie/detect/windows.hpp\"\n") == 0);
    CHECK(complaints(check_includes, "daemon/rules/x.cpp", "#include \"rules/parser.hpp\"\n") == 0);
    const auto found = check_includes({"daemon/rules/x.cpp", "#include <string>\n#include \"vigie/store/store.hpp\"\n"});
    REQUIRE(found.size() == 1);
    CHECK(found[0].line == 2);
    CHECK(found[0].message == "rules may not include store");
    CHECK(complaints(check_includes, "daemon/text/x.cpp", "#include \"detect/page.hpp\"\n") == 2);
    CHECK(complaints(check_includes, "include/vigie/text/x.hpp", "#include \"text/table.hpp\"\n") == 1);
    CHECK(complaints(check_includes, "daemon/novel/x.cpp", "") == 1);
}

TEST_CASE("include/ and ring 0 do not show what stands behind") {
    CHECK(complaints(check_includes, "include/vigie/store/x.hpp", "#include <rocksdb/db.h>\n") == 1);
    CHECK(complaints(check_includes, "include/vigie/net/x.hpp", "#include <boost/asio/awaitable.hpp>\n") == 0);
    CHECK(complaints(check_includes, "include/vigie/net/x.hpp", "#include <boost/asio/steady_timer.hpp>\n") == 1);
    CHECK(complaints(check_includes, "daemon/alerts/x.cpp", "#include <boost/asio/awaitable.hpp>\n") == 1);
    CHECK(complaints(check_includes, "daemon/text/x.cpp", "#include <fstream>\n") == 1);
    CHECK(complaints(check_includes, "daemon/api/x.cpp", "#include <boost/beast/http.hpp>\n") == 1);
    CHECK(complaints(check_includes, "daemon/net/x.cpp", "#include <boost/asio/experimental/awaitable_operators.hpp>\n") == 1);
}

TEST_CASE("ring 0 reads no clock") {
    CHECK(complaints(check_pure, "daemon/detect/x.cpp", "auto t = std::chrono::system_clock::now();\n") == 1);
    CHECK(complaints(check_pure, "daemon/detect/x.cpp", "// system_clock::now() would be wrong here\n") == 0);
    CHECK(complaints(check_pure, "daemon/net/x.cpp", "auto t = std::chrono::steady_clock::now();\n") == 0);
}

TEST_CASE("temporaries that GCC 12 destroys twice are seen") {
    CHECK(traps("co_await f(Agg{1, \"x\"});") == 1);
    CHECK(traps("co_await f({.a = 1});") == 1);
    CHECK(traps("auto r = plain(Agg{1}) + co_await g();") == 1);
    CHECK(traps("co_await f(c ? A() : B());") == 1);
    CHECK(traps("co_await [c]() -> awaitable<void> { co_return; }();") >= 1);
    CHECK(traps("co_await f([c](int) { return c; });") == 1);
    CHECK(traps("co_await f([this, c](int) { return c; });") == 1);
    CHECK(traps("if (auto r = co_await f({}); r) {\n g();\n }") == 1);
    CHECK(traps("const bool b = co_await f(S{\n  .a = 1,\n  .b = 2});") == 1);
}

TEST_CASE("what is safe is let through") {
    CHECK(traps("Agg a{1}; auto r = co_await f(std::move(a));") == 0);
    CHECK(traps("while (!co_await done()) {\n g();\n }") == 0);
    CHECK(traps("for (auto& x : co_await list()) {\n g(x);\n }") == 0);
    CHECK(traps("if (ok) { co_await f(x); } else { co_await g(y); }") == 0);
    CHECK(traps("co_await f([&](int i) { return i + x; });") == 0);
    CHECK(traps("co_await f([this] { g(); });") == 0);
    CHECK(traps("auto x = S{1};\n co_await f(x);") == 0);
    CHECK(traps("// co_await f(Agg{1});\n g();") == 0);
    CHECK(traps("switch (k) { case 1: co_await f(x); break; default: { co_await g(x); } }") == 0);
    CHECK(traps("co_return co_await f(name);") == 0);
    CHECK(traps("try { co_await f(x); } catch (...) { g(); }") == 0);
}

TEST_CASE("form: length, guard, leftovers, readme") {
    CHECK(complaints(check_form, "daemon/net/x.cpp", std::string(141, 'x') + "\n") == 1);
    CHECK(complaints(check_form, "daemon/net/x.cpp", std::string(140, 'x') + "\n") == 0);
    std::string accents;
    for (int i = 0; i < 140; ++i) accents += "é";
    CHECK(complaints(check_form, "daemon/net/x.cpp", accents + "\n") == 0);
    CHECK(complaints(check_form, "daemon/net/x.hpp", "int x;\n") == 1);
    CHECK(complaints(check_form, "daemon/net/x.cpp",
                     "// TO"
                     "DO: later\n") == 1);
    CHECK(complaints(check_form, "daemon/net/README.md", std::string(31, '\n')) == 1);
    CHECK(complaints(check_form, "daemon/net/x.cpp", [] {
              std::string s;
              for (int i = 0; i < 701; ++i) s += "x\n";
              return s;
          }()) == 1);
}

TEST_CASE("raw bytes of strangers, and tests that sleep or cannot fail") {
    CHECK(complaints(check_untrusted, "daemon/receivers/slack.cpp", "out += item.text.bytes();\n") == 1);
    CHECK(complaints(check_untrusted, "daemon/delivery/escape.cpp", "out += text.bytes();\n") == 0);
    CHECK(complaints(check_tests, "tests/net/x.cpp", "std::this_thread::sleep_for(1s);\n") == 1);
    CHECK(complaints(check_tests, "tests/net/x.cpp",
                     "CHECK( tr"
                     "ue );\n") == 1);
    CHECK(complaints(check_tests, "tests/net/x.cpp", "co_await net::sleep_for(d);\n") == 0);
    CHECK(complaints(check_tests, "daemon/net/x.cpp", "std::this_thread::sleep_for(1s);\n") == 0);
}

TEST_CASE("what CMake links is what the table allows") {
    CHECK(complaints(check_links, "daemon/CMakeLists.txt", "module_if_present(doc DEPS core LIBS x)\n") == 0);
    CHECK(complaints(check_links, "daemon/CMakeLists.txt", "module_if_present(doc DEPS core net)\n") == 1);
    CHECK(complaints(check_links, "daemon/CMakeLists.txt", "module_if_present(novel DEPS core)\n") == 1);
}

TEST_CASE("comments and literals are blanked, code is not") {
    CHECK(blank_out("a /* b */ c // d\ne") == "a         c     \ne");
    CHECK(blank_out("f(\"{\", '}', R\"x({)x\")") == "f(\" \", ' ', R\"   )x\")");
    CHECK(blank_out("1'000 + 'a'") == "1'000 + ' '");
}
