// vigie query: whether a brand's query matches texts, and why.
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "cli/query_text.hpp"
#include "cli/terminal.hpp"
#include "cli/verb.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/core/json_text.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/engine/configuration.hpp"

namespace vigie::cli {
namespace {

namespace json = boost::json;

struct Options {
    std::string config, brand;
    bool explain = false, json = false;
};

/// A brand of the configuration, with its queries ready to tell why.
struct Asked {
    const engine::Configuration& configuration;
    BrandIndex index;
    const Brand& brand;
    text::Explainer query;
    std::vector<text::Explainer> functions;
};

Result<Asked> asked_of(const engine::Configuration& configuration, const std::string& name) {
    const std::vector<Brand>& brands = configuration.settings.brands;
    const auto brand = std::find_if(brands.begin(), brands.end(), [&name](const Brand& one) { return one.name == name; });
    if (brand == brands.end()) {
        std::string known;
        for (std::size_t i = 0; i < std::min<std::size_t>(brands.size(), 10); ++i) known += (i == 0 ? "" : ", ") + brands[i].name;
        if (brands.size() > 10) known += ", ...";
        return Error(Errc::not_found, "no brand is named " + excerpt(name) + "; the configuration has " + (known.empty() ? "none" : known));
    }
    Result<text::Explainer> query = text::Explainer::make(brand->query);
    if (!query) return std::move(query).error();
    Asked out{configuration, static_cast<BrandIndex>(brand - brands.begin()), *brand, std::move(query).value(), {}};
    for (const BrandFunction& function : brand->functions) {
        Result<text::Explainer> one = text::Explainer::make(function.query, text::QueryUse::function);
        if (!one) return std::move(one).error();
        out.functions.push_back(std::move(one).value());
    }
    return out;
}

void show(const Asked& asked, bool as_json) {
    if (as_json) {
        json::object functions;
        for (std::size_t i = 0; i < asked.functions.size(); ++i)
            functions[asked.brand.functions[i].name] = text::format_query(asked.functions[i].query());
        print(json_text(json::object{
                  {"brand", asked.brand.name}, {"query", text::format_query(asked.query.query())}, {"functions", std::move(functions)}}) +
              "\n");
        return;
    }
    print("brand " + asked.brand.name + "\n" + outline(asked.query.outline(), Outline::meaning, 1));
    for (std::size_t i = 0; i < asked.functions.size(); ++i)
        print("function " + asked.brand.functions[i].name + "\n" + outline(asked.functions[i].outline(), Outline::meaning, 1));
}

struct Answer {
    Item item;
    std::int64_t line = 0;
    bool matches = false;
    std::uint64_t functions = 0;
    std::optional<text::ExplainedPart> why;
    std::vector<text::ExplainedPart> why_functions;
};

Answer answer_of(const Asked& asked, Item item, std::int64_t line, bool explain) {
    const AnalysedItem analysed = asked.configuration.analyser->analyse_always(std::move(item));
    Answer out;
    out.line = line;
    const auto match =
        std::find_if(analysed.matches.begin(), analysed.matches.end(), [&](const BrandMatch& one) { return one.brand == asked.index; });
    out.matches = match != analysed.matches.end();
    if (out.matches) out.functions = match->functions;
    if (explain) {
        const text::LanguageOf language = [&analysed] { return analysed.language; };
        out.why = asked.query.explain(analysed.item, language);
        for (const text::Explainer& function : asked.functions) out.why_functions.push_back(function.explain(analysed.item, language));
    }
    out.item = analysed.item;
    return out;
}

bool has_function(const Answer& answer, std::size_t i) noexcept {
    return (answer.functions >> i & 1) != 0;
}

std::string as_json(const Asked& asked, const Answer& answer) {
    json::array functions;
    for (std::size_t i = 0; i < asked.functions.size(); ++i)
        if (has_function(answer, i)) functions.emplace_back(asked.brand.functions[i].name);
    json::object out{
        {"line", answer.line}, {"id", clean_utf8(answer.item.id)}, {"matches", answer.matches}, {"functions", std::move(functions)}};
    if (answer.why) {
        out["query"] = outline_json(*answer.why);
        json::object each;
        for (std::size_t i = 0; i < answer.why_functions.size(); ++i)
            each[asked.brand.functions[i].name] = outline_json(answer.why_functions[i]);
        out["function_queries"] = std::move(each);
    }
    return json_text(out) + "\n";
}

std::string as_text(const Asked& asked, const Answer& answer) {
    std::string named;
    for (std::size_t i = 0; i < asked.functions.size(); ++i)
        if (has_function(answer, i)) named += (named.empty() ? "" : ", ") + asked.brand.functions[i].name;
    std::string out = (answer.matches ? "yes  " : "no   ") + std::to_string(answer.line) + ": " + headline(answer.item);
    if (!named.empty()) out += "  [" + named + "]";
    out += "\n";
    if (!answer.why) return out;
    out += outline(*answer.why, Outline::outcome, 3);
    if (!answer.matches) return out;
    for (std::size_t i = 0; i < answer.why_functions.size(); ++i) {
        out += "     function " + asked.brand.functions[i].name + ":\n";
        out += outline(answer.why_functions[i], Outline::outcome, 4);
    }
    return out;
}

int answer_all(const Asked& asked, const Options& options) {
    RecordReader reader;
    std::string line;
    bool all_good = true;
    std::size_t texts = 0, matches = 0;
    for (std::int64_t number = 1; std::getline(std::cin, line); ++number) {
        if (line.ends_with('\r')) line.pop_back();
        if (line.empty()) continue;
        Item item;
        item.id = "line/" + std::to_string(number);
        if (line.front() == '{') {
            auto parsed = reader.parse(line, number);
            if (const auto* rejection = std::get_if<Rejection>(&parsed)) {
                print_error("line " + std::to_string(number) + ": " + rejection->field + ": found " + rejection->found + ", expected " +
                            rejection->expected);
                all_good = false;
                continue;
            }
            auto* found = std::get_if<Item>(&std::get<Record>(parsed));
            if (found == nullptr) continue;
            item = std::move(*found);
        } else {
            item.text = Untrusted(clean_utf8(line));
        }
        const Answer answer = answer_of(asked, std::move(item), number, options.explain);
        print(options.json ? as_json(asked, answer) : as_text(asked, answer));
        ++texts;
        if (answer.matches) ++matches;
    }
    if (!options.json)
        print_error(std::to_string(matches) + " of " + std::to_string(texts) + (texts == 1 ? " text matches" : " texts match"));
    return all_good && (matches > 0 || texts == 0) ? success : answer_is_no;
}

int query(const Options& options) {
    std::vector<doc::Diagnostic> diagnostics;
    const std::optional<engine::Configuration> configuration = engine::load_configuration(options.config, diagnostics);
    if (!configuration) {
        for (const doc::Diagnostic& one : diagnostics) print_error(one.text());
        return wrong_usage;
    }
    const Result<Asked> asked = asked_of(*configuration, options.brand);
    if (!asked) return fail(asked.error(), wrong_usage);
    if (isatty(STDIN_FILENO) != 0) {
        show(*asked, options.json);
        return success;
    }
    return answer_all(*asked, options);
}

}  // namespace

void add_query(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = app.add_subcommand(
        "query", "Texts from stdin, one a line: whether a brand's query matches, and why. At a terminal: the query as it is understood");
    verb->add_option("--config", options->config, "The configuration")->required();
    verb->add_option("--brand", options->brand, "The name of a brand in it")->required();
    verb->add_flag("--explain", options->explain, "Which parts of the query met which piece of the text, and which did not");
    verb->add_flag("--json", options->json, "NDJSON");
    verb->footer(
        "A line that begins with '{' is an item, as vigie replay reads them; any other is a bare text.\n\nExamples:\n"
        "  vigie query --config vigie.yaml --brand aurora-air\n"
        "  echo 'Aurora Air en greve' | vigie query --config vigie.yaml --brand aurora-air --explain");
    verb->callback([options, &action] { action = [options] { return query(*options); }; });
}

}  // namespace vigie::cli
