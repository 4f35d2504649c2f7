#include "tidy/tidy.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>
#include <sstream>

namespace vigie::tidy {
namespace {

using Table = std::map<std::string, std::set<std::string>, std::less<>>;

const Table& table() {
    static const Table modules = [] {
        Table t{
            {"core", {}},
            {"doc", {"core"}},
            {"text", {"core"}},
            {"detect", {"core"}},
            {"rules", {"core", "doc", "detect"}},
            {"streisand", {"core", "text", "detect"}},
            {"alerts", {"core", "doc", "rules"}},
            {"delivery", {"core", "doc", "alerts"}},
            {"config", {"core", "doc"}},
            {"store", {"core", "detect", "streisand", "alerts", "delivery"}},
            {"net", {"core"}},
            {"sources", {"core", "doc", "text", "net"}},
            {"receivers", {"core", "doc", "alerts", "delivery", "net"}},
        };
        std::set<std::string> all;
        for (const auto& [name, allowed] : t) all.insert(name);
        t["engine"] = all;
        t["api"] = {"core", "alerts", "net", "engine"};
        all.insert({"engine", "api"});
        t["cli"] = all;
        return t;
    }();
    return modules;
}

bool in_ring0(std::string_view module) {
    static const std::set<std::string, std::less<>> ring0{"core", "doc", "text", "detect", "rules", "streisand", "alerts", "delivery"};
    return ring0.contains(module);
}

bool starts_with_any(std::string_view text, const std::vector<std::string_view>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view p) { return text.starts_with(p); });
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

int line_at(std::string_view text, std::size_t offset) {
    return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

bool is_cpp(std::string_view path) {
    return path.ends_with(".cpp") || path.ends_with(".hpp");
}

/// The index of the bracket that closes the one at `open`, or npos.
std::size_t closing(std::string_view text, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        if (text[i] == '(' || text[i] == '[' || text[i] == '{') ++depth;
        if (text[i] == ')' || text[i] == ']' || text[i] == '}') {
            if (--depth == 0) return i;
        }
    }
    return std::string_view::npos;
}

char next_visible(std::string_view text, std::size_t from) {
    while (from < text.size() && std::isspace(static_cast<unsigned char>(text[from]))) ++from;
    return from < text.size() ? text[from] : '\0';
}

char previous_visible(std::string_view text, std::size_t before) {
    while (before > 0 && std::isspace(static_cast<unsigned char>(text[before - 1]))) --before;
    return before > 0 ? text[before - 1] : '\0';
}

/// Where the full expression that holds `at` begins: behind the last ';', block brace or closed block before it.
std::size_t expression_begin(std::string_view text, std::size_t at) {
    int closed = 0;
    for (std::size_t i = at; i > 0; --i) {
        const char c = text[i - 1];
        if (c == ')' || c == ']') ++closed;
        if (c == '(' || c == '[') closed = std::max(0, closed - 1);
        if (c == '}') {
            const bool goes_on = closed > 0 || std::string_view(",).]+-*/|=<>?;").find(next_visible(text, i)) != std::string_view::npos;
            if (!goes_on) return i;
            ++closed;
        }
        if (c == '{') {
            if (closed == 0) {
                // An open brace of an initialiser or argument list belongs to the expression; that of a block ends it.
                const char before = previous_visible(text, i - 1);
                if (before == '(' || before == ',') continue;
                return i;
            }
            --closed;
        }
        if (c == ';' && closed == 0) return i;
    }
    return 0;
}

/// Where it ends: at its ';', or at the brace of the block that a condition opens.
std::size_t expression_end(std::string_view text, std::size_t begin) {
    int depth = 0;
    for (std::size_t i = begin; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '{' && depth == 0 && previous_visible(text, i) == ')') return i;
        if (c == '(' || c == '[' || c == '{') ++depth;
        if (c == ')' || c == ']' || c == '}') {
            if (--depth < 0) return i;
        }
        if (c == ';' && depth == 0) return i;
    }
    return text.size();
}

/// Lambdas that capture nothing by value are harmless: their capture list and body are blanked.
std::string without_harmless_lambdas(std::string expression) {
    static const std::regex harmless(R"(\[\s*(&|this|&\s*\w+(\s*,\s*(&\s*\w+|this))*)?\s*\]\s*(?=[({]))");
    for (std::smatch match; std::regex_search(expression, match, harmless);) {
        const auto begin = static_cast<std::size_t>(match.position());
        const std::size_t brace = expression.find('{', begin);
        const std::size_t end = brace == std::string::npos ? std::string::npos : closing(expression, brace);
        if (end == std::string::npos) break;
        std::fill(expression.begin() + match.position(), expression.begin() + static_cast<std::ptrdiff_t>(end) + 1, ' ');
    }
    return expression;
}

void complain(std::vector<Complaint>& out, const SourceFile& file, int line, std::string message) {
    out.push_back({file.path, line, std::move(message)});
}

}  // namespace

const std::set<std::string>* may_include(std::string_view module) {
    const auto found = table().find(module);
    return found == table().end() ? nullptr : &found->second;
}

std::string module_of(std::string_view path) {
    for (std::string_view root : {"include/vigie/", "daemon/"}) {
        if (!path.starts_with(root)) continue;
        const std::string_view rest = path.substr(root.size());
        const std::size_t slash = rest.find('/');
        if (slash != std::string_view::npos) return std::string(rest.substr(0, slash));
    }
    return {};
}

std::string blank_out(std::string_view text) {
    std::string out(text);
    enum class In { code, line_comment, block_comment, string, character, raw } in = In::code;
    std::string raw_end;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        switch (in) {
            case In::code:
                if (c == '/' && next == '/')
                    in = In::line_comment;
                else if (c == '/' && next == '*')
                    in = In::block_comment;
                else if (c == '"' && i > 0 && text[i - 1] == 'R') {
                    const std::size_t paren = text.find('(', i);
                    if (paren == std::string_view::npos) break;
                    raw_end = ")" + std::string(text.substr(i + 1, paren - i - 1)) + "\"";
                    in = In::raw;
                    continue;
                } else if (c == '"') {
                    in = In::string;
                    continue;
                } else if (c == '\'' && !(i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1])))) {
                    in = In::character;
                    continue;
                }
                if (in != In::code) out[i] = ' ';
                break;
            case In::line_comment:
                if (c == '\n')
                    in = In::code;
                else
                    out[i] = ' ';
                break;
            case In::block_comment:
                if (c == '*' && next == '/') {
                    out[i] = out[i + 1] = ' ';
                    ++i;
                    in = In::code;
                } else if (c != '\n')
                    out[i] = ' ';
                break;
            case In::string:
            case In::character:
                if (c == '\\') {
                    out[i] = ' ';
                    if (i + 1 < text.size() && text[i + 1] != '\n') out[i + 1] = ' ';
                    ++i;
                } else if (c == (in == In::string ? '"' : '\''))
                    in = In::code;
                else if (c != '\n')
                    out[i] = ' ';
                break;
            case In::raw:
                if (text.substr(i).starts_with(raw_end)) {
                    i += raw_end.size() - 1;
                    in = In::code;
                } else if (c != '\n')
                    out[i] = ' ';
                break;
        }
    }
    return out;
}

std::vector<Complaint> check_includes(const SourceFile& file) {
    std::vector<Complaint> out;
    const std::string module = module_of(file.path);
    const std::set<std::string>* allowed = may_include(module);
    if (!is_cpp(file.path) || module.empty()) return out;
    if (allowed == nullptr) {
        complain(out, file, 1, "the folder \"" + module + "\" is no module of the table in tests/tidy");
        return out;
    }
    const bool public_header = file.path.starts_with("include/");
    static const std::regex quoted(R"(^\s*#\s*include\s*"(?:vigie/)?([a-z_]+)/)");
    static const std::regex angled(R"(^\s*#\s*include\s*<([^>]+)>)");
    int line = 0;
    for (const std::string& text : lines_of(file.text)) {
        ++line;
        std::smatch match;
        if (std::regex_search(text, match, quoted)) {
            const std::string other = match[1];
            const bool is_public = text.find("\"vigie/") != std::string::npos;
            if (other != module && !allowed->contains(other)) complain(out, file, line, module + " may not include " + other);
            if (!is_public && other != module) complain(out, file, line, "a private header of " + other + " is included from " + module);
            if (!is_public && public_header) complain(out, file, line, "a public header includes a private one");
        } else if (std::regex_search(text, match, angled)) {
            const std::string header = match[1];
            if (public_header && starts_with_any(header, {"boost/beast", "rocksdb/", "yaml-cpp/", "openssl/", "curl/"}))
                complain(out, file, line, "include/ does not show <" + header + ">: put it behind the module's .cpp");
            const bool light_asio = header == "boost/asio/awaitable.hpp" || header == "boost/asio/any_io_executor.hpp";
            if (public_header && header.starts_with("boost/asio") && !light_asio)
                complain(out, file, line, "of Asio, include/ shows awaitable.hpp and any_io_executor.hpp alone");
            if (in_ring0(module) &&
                starts_with_any(header, {"boost/asio", "boost/beast", "rocksdb/", "curl/", "fstream", "filesystem", "thread"}))
                complain(out, file, line, "ring 0 does no I/O: <" + header + ">");
            if (module != "net" && header.starts_with("boost/beast")) complain(out, file, line, "Beast is instantiated in net alone");
            if (module != "store" && header.starts_with("rocksdb/")) complain(out, file, line, "RocksDB is known to store alone");
            if (module != "config" && header.starts_with("yaml-cpp/")) complain(out, file, line, "yaml-cpp is known to config alone");
            if (header == "boost/asio/experimental/awaitable_operators.hpp")
                complain(out, file, line, "operator|| waits for the first success and hides failures: use a deadline");
        }
    }
    return out;
}

std::vector<Complaint> check_pure(const SourceFile& file) {
    std::vector<Complaint> out;
    if (!is_cpp(file.path) || !in_ring0(module_of(file.path))) return out;
    static const std::regex impure(
        R"((system_clock|steady_clock|high_resolution_clock)::now|\bstd::time\s*\(|\bgettimeofday\b|\bclock_gettime\b)"
        R"(|\bsleep_for\b|\bstd::getenv\b|\brand\s*\()");
    const std::string code = blank_out(file.text);
    for (std::sregex_iterator match(code.begin(), code.end(), impure), end; match != end; ++match)
        complain(out, file, line_at(code, static_cast<std::size_t>(match->position())),
                 "ring 0 is pure: " + match->str() + " (time is passed in)");
    return out;
}

std::vector<Complaint> check_coroutines(const SourceFile& file) {
    std::vector<Complaint> out;
    if (!is_cpp(file.path)) return out;
    const std::string code = blank_out(file.text);
    std::size_t done = 0;
    for (std::size_t at = code.find("co_await"); at != std::string::npos; at = code.find("co_await", at + 8)) {
        const std::size_t begin = expression_begin(code, at);
        const std::size_t end = expression_end(code, begin);
        if (begin < done && at < done) continue;  // several awaits of one expression: one complaint
        done = end;
        const std::string expression = without_harmless_lambdas(code.substr(begin, end - begin));
        const int line = line_at(code, at);
        if (expression.find('{') != std::string::npos)
            complain(out, file, line,
                     "a brace in a full expression with co_await: GCC 12 destroys it twice; name the object on the line before");
        else if (expression.find('?') != std::string::npos)
            complain(out, file, line, "a ?: in a full expression with co_await: GCC 12 destroys its result twice; store it first");
    }
    return out;
}

std::vector<Complaint> check_form(const SourceFile& file) {
    std::vector<Complaint> out;
    const std::vector<std::string> lines = lines_of(file.text);
    const std::string module = module_of(file.path);
    if (file.path.ends_with("README.md") && !module.empty() && lines.size() > 30)
        complain(out, file, 31, "a module's README has at most 30 lines");
    if (!is_cpp(file.path)) return out;
    if (file.path.ends_with(".hpp") && file.text.find("#pragma once") == std::string::npos) complain(out, file, 1, "no #pragma once");
    if (lines.size() > 700) complain(out, file, 701, "more than 700 lines: one subject a file");
    static const std::regex leftover(
        "\\b(TO"
        "DO|FIX"
        "ME|X"
        "XX|HA"
        "CK)\\b");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::size_t columns = 0;
        for (const char c : lines[i]) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
        if (columns > 140) complain(out, file, static_cast<int>(i) + 1, "more than 140 columns");
        if (std::regex_search(lines[i], leftover)) complain(out, file, static_cast<int>(i) + 1, "a mark of unfinished work");
    }
    return out;
}

std::vector<Complaint> check_untrusted(const SourceFile& file) {
    std::vector<Complaint> out;
    const std::string module = module_of(file.path);
    if (!is_cpp(file.path) || (module != "receivers" && module != "api" && module != "cli")) return out;
    const std::string code = blank_out(file.text);
    for (std::size_t at = code.find(".bytes()"); at != std::string::npos; at = code.find(".bytes()", at + 8))
        complain(out, file, line_at(code, at), "strangers' raw bytes: go through an escaper of delivery/escape.hpp");
    return out;
}

std::vector<Complaint> check_tests(const SourceFile& file) {
    std::vector<Complaint> out;
    if (!is_cpp(file.path) || !file.path.starts_with("tests/")) return out;
    static const std::regex weak(R"(\b(CHECK|REQUIRE)\(\s*true\s*\)|\bthis_thread::sleep_(for|until)\b|\b(u|nano)?sleep\s*\()");
    const std::string code = blank_out(file.text);
    for (std::sregex_iterator match(code.begin(), code.end(), weak), end; match != end; ++match)
        complain(out, file, line_at(code, static_cast<std::size_t>(match->position())),
                 "a test waits for a condition and asserts what can fail");
    return out;
}

std::vector<Complaint> check_links(const SourceFile& cmake) {
    std::vector<Complaint> out;
    static const std::regex entry(R"(module_if_present\((\w+)([^)]*)\))");
    for (std::sregex_iterator match(cmake.text.begin(), cmake.text.end(), entry), end; match != end; ++match) {
        const std::string module = (*match)[1];
        if (module == "name") continue;
        const int line = line_at(cmake.text, static_cast<std::size_t>(match->position()));
        const std::set<std::string>* allowed = may_include(module);
        if (allowed == nullptr) {
            complain(out, cmake, line, "\"" + module + "\" is no module of the table");
            continue;
        }
        std::istringstream words((*match)[2]);
        bool deps = false;
        for (std::string word; words >> word;) {
            if (word == "DEPS")
                deps = true;
            else if (word == "LIBS" || word == "HEAVY")
                deps = false;
            else if (deps && !allowed->contains(word))
                complain(out, cmake, line, module + " may not link " + word);
        }
    }
    return out;
}

std::vector<Complaint> check(const SourceFile& file) {
    std::vector<Complaint> all;
    for (const auto check_one : {check_includes, check_pure, check_coroutines, check_form, check_untrusted, check_tests}) {
        const auto found = check_one(file);
        all.insert(all.end(), found.begin(), found.end());
    }
    if (file.path == "daemon/CMakeLists.txt") {
        const auto found = check_links(file);
        all.insert(all.end(), found.begin(), found.end());
    }
    return all;
}

}  // namespace vigie::tidy
