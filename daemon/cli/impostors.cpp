// vigie impostors: accounts in, the same accounts out with how much they look like a brand, or like an account that was closed.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <iostream>

#include "cli/terminal.hpp"
#include "cli/verb.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/core/json_text.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/doc/decode.hpp"
#include "vigie/engine/configuration.hpp"
#include "vigie/engine/system_clock.hpp"
#include "vigie/text/lookalike.hpp"

namespace vigie::cli {
namespace {

namespace json = boost::json;

struct Options {
    std::string config;
    std::string brand;
    bool all = false;
    std::vector<std::string> taken_down;
    std::string language = "en";
};

/// What is compared with, and what each is called in the answer.
struct Targets {
    std::vector<text::LookalikeTarget> targets;
    std::vector<json::object> called;
    bool say_which = false;
};

Result<Targets> targets_of(const Options& options, const std::vector<Brand>& brands) {
    Targets out;
    std::vector<std::string> names;
    for (const Brand& brand : brands) {
        names.push_back(brand.name);
        if (!options.all && brand.name != options.brand) continue;
        out.targets.push_back(text::target_of(brand));
        out.called.push_back({{"brand", brand.name}});
    }
    if (!options.all && out.targets.empty()) {
        const std::string near = doc::nearest(options.brand, names);
        return Error(Errc::not_found,
                     "there is no brand \"" + excerpt(options.brand) + "\"" + (near.empty() ? "" : ", did you mean \"" + near + "\"?"));
    }
    for (const std::string& written : options.taken_down) {
        // "x/@handle" names the platform; "@handle" is taken for one of any.
        const std::size_t slash = written.find('/');
        const bool has_platform = slash != std::string::npos && slash > 0 && written.find("://") == std::string::npos;
        const std::string platform = has_platform ? written.substr(0, slash) : "";
        const std::string handle = clean_utf8(has_platform ? written.substr(slash + 1) : written, max_handle_bytes);
        if (handle.find_first_not_of("@_.- ") == std::string::npos)
            return Error(Errc::invalid, "--taken-down: found \"" + excerpt(written) + "\", expected @handle or platform/@handle");
        out.targets.push_back(text::taken_down_target(platform, handle, ""));
        out.called.push_back({{"taken_down", handle}});
    }
    out.say_which = options.all || !options.taken_down.empty();
    return out;
}

/// One line read: the account, what it says of itself, and the line as an object.
struct Line {
    AccountSeen account;
    std::string bio;
    json::object object;
};

bool misses_type(const std::variant<Record, Rejection>& parsed) {
    const auto* rejection = std::get_if<Rejection>(&parsed);
    return rejection != nullptr && rejection->field == "type" && rejection->found == "nothing";
}

/// A description is no field of a record; it is read if the line is sound JSON.
std::optional<Rejection> read_bio(const std::string& line, std::int64_t number, std::string& bio) {
    boost::system::error_code error;
    const json::value value = json::parse(line, error);
    if (error || !value.is_object()) return std::nullopt;
    const json::value* found = value.as_object().if_contains("bio");
    if (found == nullptr || found->is_null()) return std::nullopt;
    if (!found->is_string()) return Rejection{number, "bio", excerpt(json::serialize(*found)), "a string"};
    bio = clean_utf8(std::string_view(found->as_string().data(), found->as_string().size()), max_short_text_bytes);
    return std::nullopt;
}

std::variant<Line, Rejection> read_line(RecordReader& reader, const std::string& line, std::int64_t number) {
    auto parsed = reader.parse(line, number);
    const bool typeless = misses_type(parsed);
    if (typeless) {
        std::string typed = line;
        const std::size_t inside = typed.find('{') + 1;
        const bool empty = typed.find_first_not_of(" \t\r", inside) == typed.find('}', inside);
        typed.insert(inside, empty ? "\"type\":\"account\"" : "\"type\":\"account\",");
        parsed = reader.parse(typed, number);
    }
    if (auto* rejection = std::get_if<Rejection>(&parsed)) return std::move(*rejection);
    const Record& record = std::get<Record>(parsed);
    Line out;
    out.object = json::parse(to_json(record)).as_object();
    const auto* account = std::get_if<AccountSeen>(&record);
    if (account == nullptr) {
        const json::string& type = out.object.at("type").as_string();
        return Rejection{number, "type", std::string(type.data(), type.size()), "account"};
    }
    out.account = *account;
    if (typeless) out.object.erase("type");
    if (std::optional<Rejection> bad = read_bio(line, number, out.bio)) return std::move(*bad);
    if (!out.bio.empty()) out.object["bio"] = out.bio;
    return out;
}

json::array reasons_json(const text::Lookalike& found, const std::string& language) {
    json::array out;
    for (const text::LookalikeReason& reason : found.reasons) {
        json::object one{{"sign", std::string(text::to_string(reason.sign))}};
        if (!reason.detail.empty()) one["detail"] = reason.detail;
        one["text"] = text::sentence(reason, language);
        out.push_back(std::move(one));
    }
    return out;
}

/// Of several targets the one that the account looks most like.
text::Lookalike best_of(const text::Lookalikes& index, const text::LookalikeAccount& account) {
    if (index.targets() == 1) return index.judge(account, 0);
    std::vector<text::Lookalike> found = index.find(account, 0.01);
    return found.empty() ? text::Lookalike{} : std::move(found.front());
}

int impostors(const Options& options) {
    if (options.all == !options.brand.empty()) {
        print_error("impostors: expected either --brand NAME or --all");
        return wrong_usage;
    }
    if (options.language != "en" && options.language != "fr") {
        print_error("--lang: found \"" + excerpt(options.language) + "\", expected en or fr");
        return wrong_usage;
    }
    std::vector<doc::Diagnostic> diagnostics;
    const std::optional<engine::Configuration> configuration = engine::load_configuration(options.config, diagnostics);
    if (!configuration) {
        for (const doc::Diagnostic& one : diagnostics) print_error(one.text());
        return wrong_usage;
    }
    const Result<Targets> targets = targets_of(options, configuration->settings.brands);
    if (!targets) return fail(targets.error(), wrong_usage);
    const text::Lookalikes index = text::Lookalikes::build(targets->targets);
    const engine::SystemClock clock;
    RecordReader reader;
    std::string line;
    bool all_good = true;
    for (std::int64_t number = 1; std::getline(std::cin, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        std::variant<Line, Rejection> read = read_line(reader, line, number);
        if (const auto* bad = std::get_if<Rejection>(&read)) {
            print_error("line " + std::to_string(number) + ": " + (bad->field.empty() ? "" : bad->field + ": ") + "found " + bad->found +
                        ", expected " + bad->expected);
            all_good = false;
            continue;
        }
        Line& one = std::get<Line>(read);
        text::LookalikeAccount account = text::view_of(one.account);
        account.bio = one.bio;
        if (!account.seen) account.seen = clock.now();
        const text::Lookalike found = best_of(index, account);
        one.object["score"] = std::round(found.score * 1000) / 1000;
        one.object["verdict"] = std::string(text::to_string(found.verdict));
        if (targets->say_which && (found.score > 0 || !found.reasons.empty())) one.object["imitates"] = targets->called[found.target];
        one.object["reasons"] = reasons_json(found, options.language);
        print(json_text(one.object) + "\n");
    }
    return all_good ? success : answer_is_no;
}

}  // namespace

void add_impostors(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = app.add_subcommand("impostors", "Accounts as NDJSON from stdin; the same out with a score, a verdict and reasons");
    verb->add_option("--config", options->config, "The configuration that holds the brand")->required();
    verb->add_option("--brand", options->brand, "Which brand they may imitate");
    verb->add_flag("--all", options->all, "Any brand of the configuration");
    verb->add_option("--taken-down", options->taken_down, "Also a closed account, as @handle or platform/@handle; may be repeated")
        ->allow_extra_args(false);
    verb->add_option("--lang", options->language, "Of the reasons: en or fr")->capture_default_str();
    verb->footer(
        "A line in: {\"platform\":\"x\",\"handle\":\"@AuroraAir_SAV\",\"name\":\"Aurora Air\",\"followers\":12}; \"created\", \"observed\" "
        "and "
        "\"bio\" help.\n"
        "Verdicts: impostor, suspect, declared (a fan's or a parody), official, none. docs/impostors.md explains them.\n"
        "Examples:\n"
        "  vigie impostors --config vigie.yaml --brand aurora-air < accounts.ndjson\n"
        "  vigie impostors --config vigie.yaml --brand aurora-air --taken-down x/@AuroraPilots < accounts.ndjson");
    verb->callback([options, &action] { action = [options] { return impostors(*options); }; });
}

}  // namespace vigie::cli
