// Any bytes as a record, as lines and as an array: what is accepted writes out as valid UTF-8 on one line and reads back the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "vigie/core/record_json.hpp"

using namespace vigie;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check_record(const Record& record) {
    const auto json = to_json(record);
    require(is_utf8(json));
    require(json.find('\n') == std::string::npos);
    require(json.size() <= max_record_bytes);
    RecordReader reader;
    const auto back = reader.parse(json, 1);
    require(std::holds_alternative<Record>(back));
    require(std::get<Record>(back) == record);
    require(reader.unknown_fields() == 0);
}

void check_rejection(const Rejection& rejection) {
    require(rejection.line >= 1);
    require(rejection.found.size() <= 60);
    require(!rejection.found.empty());
    require(is_utf8(rejection.found));
    require(!rejection.expected.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    RecordReader reader;
    const auto on_record = [](Record&& record, std::int64_t line) {
        require(line >= 1);
        check_record(record);
    };
    const auto on_rejection = [](Rejection&& rejection) { check_rejection(rejection); };
    const auto one = reader.parse(bytes, 1);
    if (const auto* record = std::get_if<Record>(&one)) {
        check_record(*record);
    } else {
        check_rejection(std::get<Rejection>(one));
    }
    reader.parse_lines(bytes, on_record, on_rejection);
    reader.parse_array(bytes, on_record, on_rejection);

    const auto clean = clean_utf8(bytes);
    require(is_utf8(clean));
    require(clean_utf8(clean) == clean);
    require(is_utf8(excerpt(bytes)) && excerpt(bytes).size() <= 60);
    if (const auto time = parse_time(bytes)) require(parse_time(format_time(*time)).ok());
    if (const auto duration = parse_duration(bytes)) require(*parse_duration(format_duration(*duration)) == *duration);
    return 0;
}
