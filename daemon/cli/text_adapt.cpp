#include "cli/text_adapt.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "cli/terminal.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/core/json_text.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/core/untrusted.hpp"
#include "vigie/text/analyse.hpp"
#include "vigie/text/sentiment_adapt.hpp"

namespace vigie::cli {
namespace {

namespace json = boost::json;

constexpr int most_errors = 20;

/// The labelled lines of a file, and what is wrong with the others.
class LabelReader {
public:
    std::vector<text::LabelledText> texts;
    std::size_t unlabelled = 0;
    int errors = 0;

    void read(std::string_view line) {
        ++number_;
        if (number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) return;
        if (line.size() > max_record_bytes) return wrong("the line", fmt::format("{} bytes", line.size()), "at most 1 MB");
        boost::system::error_code error;
        const json::value value = json::parse(line, error);
        const json::object* object = error ? nullptr : value.if_object();
        if (object == nullptr) return wrong("the line", excerpt(line), "a JSON object with label and text");
        const json::value* label = object->if_contains("label");
        if (label == nullptr || label->is_null()) {
            ++unlabelled;
            return;
        }
        const std::optional<SentimentLabel> known = label_of(*label);
        if (!known) return wrong("label", excerpt(json::serialize(*label)), "\"negative\", \"neutral\" or \"positive\"");
        const auto title = field(*object, "title"), text = field(*object, "text"), given = field(*object, "language");
        if (!title || !text || !given) return;
        const std::string whole = text::whole_text(*title, *text);
        if (whole.empty()) return wrong("text", "nothing", "the text that was labelled");
        texts.push_back({whole, std::string(text::language_of(whole, *given)), *known});
    }

private:
    void wrong(std::string_view field, const std::string& found, std::string_view expected) {
        if (++errors <= most_errors) print_error(fmt::format("line {}: {}: found {}, expected {}", number_, field, found, expected));
        if (errors == most_errors + 1) print_error("more lines are wrong in the same ways, or others");
    }

    static std::optional<SentimentLabel> label_of(const json::value& value) {
        for (const SentimentLabel label : {SentimentLabel::negative, SentimentLabel::neutral, SentimentLabel::positive}) {
            if (value.is_string() && std::string_view(value.get_string()) == to_string(label)) return label;
        }
        return std::nullopt;
    }

    /// Empty where it is absent or null; none, and an error, where it is no string.
    std::optional<std::string> field(const json::object& object, std::string_view name) {
        const json::value* value = object.if_contains(name);
        if (value == nullptr || value->is_null()) return std::string();
        if (value->is_string()) return std::string(value->get_string());
        wrong(name, excerpt(json::serialize(*value)), "a string");
        return std::nullopt;
    }

    std::int64_t number_ = 0;
};

std::string figure_text(const text::Figure& figure) {
    return fmt::format("{:.3f} [{:.3f}, {:.3f}]", figure.value, figure.low, figure.high);
}

std::string figures_table(const text::SentimentFigures& before, const text::SentimentFigures& after) {
    const auto optional = [](const std::optional<text::Figure>& figure) {
        return figure ? figure_text(*figure) : std::string("too few texts");
    };
    return table({"ON LABELS THAT IT DID NOT LEARN FROM", "BEFORE", "AFTER"},
                 {{"right labels (accuracy)", figure_text(before.accuracy), figure_text(after.accuracy)},
                  {"mean of the classes' F1", figure_text(before.macro_f1), figure_text(after.macro_f1)},
                  {"negative texts told negative", figure_text(before.negative_recall), figure_text(after.negative_recall)},
                  {"correlation over windows of 100", optional(before.window_correlation), optional(after.window_correlation)}});
}

json::object figure_json(const text::Figure& figure) {
    return {{"value", figure.value}, {"low", figure.low}, {"high", figure.high}};
}

json::object figures_json(const text::SentimentFigures& figures) {
    json::object out{{"accuracy", figure_json(figures.accuracy)},
                     {"macro_f1", figure_json(figures.macro_f1)},
                     {"macro_recall", figure_json(figures.macro_recall)},
                     {"negative_recall", figure_json(figures.negative_recall)},
                     {"calibration_error", figures.calibration_error}};
    if (figures.window_correlation) out["window_correlation"] = figure_json(*figures.window_correlation);
    return out;
}

void print_outcome(const text::SentimentAdaptation& adaptation, const LabelReader& labels, bool written, const TextAdaptOptions& options) {
    if (options.json) {
        print(json_text(json::object{{"labels", adaptation.before.texts},
                                     {"unlabelled", labels.unlabelled},
                                     {"without_words", adaptation.silent},
                                     {"near_copies", adaptation.repeated},
                                     {"before", figures_json(adaptation.before)},
                                     {"after", figures_json(adaptation.after)},
                                     {"gain", figure_json(adaptation.gain)},
                                     {"helps", adaptation.helps},
                                     {"written", written}}) +
              "\n");
        return;
    }
    print(fmt::format("{} labels; left out: {} lines without a label, {} without words. {} have a near copy among the others.\n",
                      adaptation.before.texts, labels.unlabelled, adaptation.silent, adaptation.repeated));
    print(figures_table(adaptation.before, adaptation.after));
    print("In brackets: 95 % intervals. Each label was judged by a model that learnt from other labels only, near copies apart.\n");
}

/// Through a file beside it, so that whoever loads it meanwhile finds the old one or the new one.
Result<> write_whole(const std::string& path, std::string_view bytes) {
    const std::string beside = path + ".new";
    std::error_code error;
    {
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        out.close();
        if (!out) {
            std::filesystem::remove(beside, error);
            return Error(Errc::io, "cannot write " + excerpt(beside, 200));
        }
    }
    std::filesystem::rename(beside, path, error);
    if (error) return Error(Errc::io, "cannot write " + excerpt(path, 200) + ": " + error.message());
    return {};
}

}  // namespace

int text_adapt(const TextAdaptOptions& options) {
    std::ifstream in(options.labels);
    if (!in || std::filesystem::is_directory(options.labels)) {
        print_error("cannot read " + excerpt(options.labels, 200));
        return wrong_usage;
    }
    LabelReader labels;
    for (std::string line; std::getline(in, line);) labels.read(line);
    if (labels.errors > 0) {
        print_error(fmt::format("{}: {} lines are wrong; nothing was written", excerpt(options.labels, 200), labels.errors));
        return wrong_usage;
    }
    const auto adapted = text::adapt_sentiment(text::SentimentModel::shipped(), labels.texts);
    if (!adapted) {
        print_error(excerpt(options.labels, 200) + ": " + adapted.error().message());
        return wrong_usage;
    }
    const text::SentimentAdaptation& adaptation = adapted.value();
    const bool write = adaptation.helps || options.force;
    if (write) {
        if (const Result<> written = write_whole(options.output, adaptation.weights); !written) return fail(written.error(), wrong_usage);
    }
    print_outcome(adaptation, labels, write, options);
    if (write) {
        print_error(fmt::format("wrote {}{}; name it in vigie.yaml as sentiment: {{weights: ...}}", excerpt(options.output, 200),
                                adaptation.helps ? "" : ", though it does not help for sure"));
        return success;
    }
    print_error("nothing was written: the labels do not help for sure. More of them may; --force writes it all the same");
    return answer_is_no;
}

}  // namespace vigie::cli
