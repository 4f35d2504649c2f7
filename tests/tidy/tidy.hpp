// What can be checked of the project's rules by reading its text. Each check is a function from a file's text to its complaints.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::tidy {

struct Complaint {
    std::string file;  ///< relative to the project
    int line = 0;
    std::string message;
    friend bool operator==(const Complaint&, const Complaint&) = default;
};

struct SourceFile {
    std::string path;  ///< relative to the project, with '/'
    std::string text;
};

/// The modules that `module` may include, itself left out; nothing for a name that is no module.
const std::set<std::string>* may_include(std::string_view module);
/// The module whose folder a path lies in ("include/vigie/net/http.hpp", "daemon/net/client.cpp" -> "net"), or "".
std::string module_of(std::string_view path);

/// Comments, string and character literals replaced by blanks; line breaks stay.
std::string blank_out(std::string_view text);

std::vector<Complaint> check_includes(const SourceFile& file);    ///< the table of modules; what include/ and ring 0 may see
std::vector<Complaint> check_pure(const SourceFile& file);        ///< no clock, file or sleep in ring 0
std::vector<Complaint> check_coroutines(const SourceFile& file);  ///< GCC 12 destroys temporaries of a full expression with co_await twice
std::vector<Complaint> check_form(const SourceFile& file);        ///< line and file length, include guard, leftover marks, module readme
std::vector<Complaint> check_untrusted(const SourceFile& file);   ///< strangers' raw bytes only where they are analysed, stored or escaped
std::vector<Complaint> check_tests(const SourceFile& file);       ///< no test that waits by sleeping or that cannot fail
std::vector<Complaint> check_links(const SourceFile& daemon_cmake);  ///< the DEPS of daemon/CMakeLists.txt against the table

/// All of the above on one file.
std::vector<Complaint> check(const SourceFile& file);

}  // namespace vigie::tidy
