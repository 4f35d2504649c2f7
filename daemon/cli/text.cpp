// vigie text: items in, the same items out with what Vigie makes of them.
#include <boost/json.hpp>
#include <iostream>
#include <unordered_map>

#include "cli/lines.hpp"
#include "cli/terminal.hpp"
#include "cli/text_adapt.hpp"
#include "cli/verb.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/core/json_text.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/engine/configuration.hpp"
#include "vigie/text/near_copies.hpp"

namespace vigie::cli {
namespace {

namespace json = boost::json;

struct Options {
    std::string config;
    TextAdaptOptions adapt;
};

json::object sentiment_json(const Sentiment& sentiment) {
    json::array p;
    for (const float one : sentiment.p) p.emplace_back(one);
    return {{"label", std::string(to_string(sentiment.label))}, {"polarity", sentiment.polarity()}, {"p", std::move(p)}};
}

json::array matches_json(const AnalysedItem& analysed, const std::vector<Brand>& brands) {
    json::array out;
    for (const BrandMatch& match : analysed.matches) {
        const Brand& brand = brands[match.brand];
        json::array functions;
        for (std::size_t i = 0; i < brand.functions.size(); ++i) {
            if ((match.functions >> i & 1) != 0) functions.emplace_back(brand.functions[i].name);
        }
        out.push_back(json::object{{"brand", brand.name}, {"functions", std::move(functions)}});
    }
    return out;
}

/// The near copies among the items read so far.
class Copies {
public:
    /// Of the earlier item that this one is a near copy of, the id; null if there is none. And how many have posted the text so far.
    void tell(const AnalysedItem& analysed, json::object& out) {
        const text::CopyPost post = text::copy_post_of(analysed.item);
        const text::CopyPlace place = index_.place(analysed.copy, post);
        out["near_copy_of"] = nullptr;
        out["copy_authors"] = place.cluster == 0 ? 0 : place.authors;
        if (place.cluster == 0) return;
        ids_.try_emplace(post.id, analysed.item.id);
        const auto first = ids_.find(place.first);
        if (place.role == text::CopyRole::copy && place.first != post.id && first != ids_.end()) out["near_copy_of"] = first->second;
        if (ids_.size() > 2 * index_.capacity()) std::erase_if(ids_, [this](const auto& one) { return !index_.contains(one.first); });
    }

private:
    static text::CopyIndex::Options options() {
        text::CopyIndex::Options made;
        made.capacity = 100'000;
        return made;
    }
    text::CopyIndex index_{options()};
    std::unordered_map<std::uint64_t, std::string> ids_;
};

int text(const Options& options) {
    if (!options.adapt.labels.empty()) return text_adapt(options.adapt);
    std::optional<engine::Configuration> configuration;
    if (!options.config.empty()) {
        std::vector<doc::Diagnostic> diagnostics;
        configuration = engine::load_configuration(options.config, diagnostics);
        if (!configuration) {
            for (const doc::Diagnostic& one : diagnostics) print_error(one.text());
            return wrong_usage;
        }
    }
    const text::Analyser bare(nullptr);
    const text::Analyser& analyser = configuration ? *configuration->analyser : bare;
    RecordReader reader;
    Copies copies;
    LineReader lines(std::cin, max_record_bytes);
    bool all_good = true;
    while (lines.next()) {
        auto parsed = reader.parse(lines.line(), lines.number());
        if (const auto* rejection = std::get_if<Rejection>(&parsed)) {
            print_error("line " + std::to_string(rejection->line) + ": " + rejection->field + ": found " + rejection->found +
                        ", expected " + rejection->expected);
            all_good = false;
            continue;
        }
        const Record& record = std::get<Record>(parsed);
        if (!std::holds_alternative<Item>(record)) continue;
        const AnalysedItem analysed = analyser.analyse_always(std::get<Item>(record));
        json::object out = json::parse(to_json(record)).as_object();
        out["language"] = analysed.language;
        out["sentiment"] = sentiment_json(analysed.sentiment);
        copies.tell(analysed, out);
        if (configuration) out["matches"] = matches_json(analysed, configuration->settings.brands);
        print(json_text(out) + "\n");
    }
    return all_good ? success : answer_is_no;
}

}  // namespace

void add_text(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        app.add_subcommand("text", "Items as NDJSON from stdin; the same out with language, sentiment, near copies and matching brands");
    CLI::Option* config = verb->add_option("--config", options->config, "A configuration whose brands to match");
    TextAdaptOptions& adapt = options->adapt;
    CLI::Option* labels =
        verb->add_option("--adapt", adapt.labels, "Items with a label (negative, neutral, positive): learn from them instead");
    CLI::Option* output =
        verb->add_option("--output", adapt.output, "With --adapt: the weight file to write, for sentiment.weights in vigie.yaml");
    CLI::Option* force = verb->add_flag("--force", adapt.force, "With --adapt: write it even if it does not help");
    CLI::Option* as_json = verb->add_flag("--json", adapt.json, "With --adapt: the figures as one JSON document");
    labels->needs(output)->excludes(config);
    for (CLI::Option* option : {output, force, as_json}) option->needs(labels);
    verb->footer(
        "Examples:\n  vigie text < items.ndjson\n  vigie text --config vigie.yaml < items.ndjson\n"
        "  vigie text --adapt labels.ndjson --output adapted.bin");
    verb->callback([options, &action] { action = [options] { return text(*options); }; });
}

}  // namespace vigie::cli
