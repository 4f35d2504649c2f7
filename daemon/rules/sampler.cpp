#include "rules/sampler.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace vigie::rules {
namespace {

constexpr int none_holds = -1;

/// The highest level that holds.
int highest(const Program& program, Evaluation& evaluation) {
    for (int i = static_cast<int>(program.levels.size()) - 1; i >= 0; --i) {
        const auto value = evaluation.evaluate(program.levels[static_cast<std::size_t>(i)].expr);
        if (value.value_or(0) != 0) return i;
    }
    return none_holds;
}

Explanation explain(const Program& program, Evaluation& evaluation, int level) {
    Explanation out;
    if (program.levels.size() == 1 && program.levels[0].severity.empty()) {
        evaluation.evaluate(program.levels[0].expr, &out);
        return out;
    }
    out.text = "levels";
    out.truth = level != none_holds;
    out.note = level == none_holds ? "none holds" : "the highest that holds: " + program.levels[static_cast<std::size_t>(level)].severity;
    for (auto it = program.levels.rbegin(); it != program.levels.rend(); ++it) {
        out.parts.emplace_back();
        evaluation.evaluate(it->expr, &out.parts.back());
        out.parts.back().text.insert(0, it->severity + ": ");
    }
    return out;
}

bool is_shown(Code code) noexcept {
    switch (code) {
        case Code::selector:
        case Code::share:
        case Code::share_of:
        case Code::delta:
        case Code::slope:
        case Code::min:
        case Code::max:
        case Code::abs:
        case Code::hour:
        case Code::weekday:
            return true;
        default:
            return false;
    }
}

/// Each selector and function as written, once, outer before inner.
void add_values(const Expr& expr, Evaluation& evaluation, std::vector<NamedValue>& out) {
    const auto same = [&](const NamedValue& v) { return v.name == expr.text; };
    if (is_shown(expr.code) && std::none_of(out.begin(), out.end(), same))
        out.push_back({expr.text, evaluation.evaluate(expr), unit_of(expr.type)});
    for (const Expr& part : expr.parts) add_values(part, evaluation, out);
}

std::vector<NamedValue> values_of(const Program& program, Evaluation& evaluation) {
    std::vector<NamedValue> out;
    for (const Value& value : program.values) out.push_back({value.name, evaluation.evaluate(value.expr), unit_of(value.expr.type)});
    for (const Level& level : program.levels) add_values(level.expr, evaluation, out);
    return out;
}

TemplateValue label_value(const Labels& labels, std::string_view name) {
    const auto found = labels.find(std::string(name));
    if (found == labels.end()) return {{}, false};
    return {found->second, !found->second.empty()};
}

TemplateValue template_value(const std::string& name, const Rule& rule, const BoundBrand& brand, const Reading& reading,
                             const Sample& sample) {
    static constexpr std::string_view labels = "labels.";
    if (name.starts_with(labels)) return label_value(sample.labels, std::string_view(name).substr(labels.size()));
    if (name == "brand.name") return {brand.name};
    if (name == "brand.display") return {brand.display};
    if (name == "alertname") return {rule.id.name};
    if (name == "severity") return label_value(sample.labels, name);
    if (name == "now") return {reading.zone.text(reading.now)};
    for (const Threshold& t : rule.thresholds)
        if (t.name == name) return {format_value(t.value, t.unit), t.value != 0};
    for (std::size_t i = 0; i < reading.program.values.size() && i < sample.values.size(); ++i) {
        const NamedValue& v = sample.values[i];
        if (v.name == name) return {format_value(v.value, v.unit), v.value.value_or(0) != 0};
    }
    return {{}, false};
}

std::map<std::string, std::string> render(const Rule& rule, const BoundBrand& brand, const Reading& reading, const Sample& sample) {
    std::map<std::string, std::string> out;
    for (const auto& [name, annotation] : reading.program.annotations) {
        std::vector<TemplateValue> values;
        for (const std::string& used : annotation.names()) values.push_back(template_value(used, rule, brand, reading, sample));
        out[name] = annotation.render(values);
    }
    return out;
}

}  // namespace

Labels alert_labels(const Rule& rule, const BoundBrand& brand, const detect::GroupValues& group) {
    Labels out = brand.labels;
    for (const auto& [name, value] : rule.labels)
        if (name != "severity") out[name] = value;
    for (std::size_t i = 0; i < rule.by.size() && i < group.size(); ++i) out[rule.by[i]] = group[i];
    out["alertname"] = rule.id.name;
    out["brand"] = brand.name;
    return out;
}

Sample make_sample(const Rule& rule, const BoundBrand& brand, const Reading& reading, Want want) {
    const Program& program = reading.program;
    Sample out;
    out.brand = reading.brand;
    out.labels = alert_labels(rule, brand, reading.group);
    out.fingerprint = fingerprint(out.labels);

    Evaluation evaluation(reading);
    const int level = highest(program, evaluation);
    out.holds = level != none_holds;
    out.has_data = evaluation.read() == 0 || evaluation.valued() > 0;
    if (program.clear)
        out.clear = evaluation.evaluate(*program.clear).value_or(0) != 0;
    else
        out.clear = !out.holds && out.has_data;  // no data is not an all-clear

    if (const auto own = rule.labels.find("severity"); own != rule.labels.end())
        out.labels["severity"] = own->second;
    else if (out.holds && !rule.policy.severities.empty())
        out.labels["severity"] = program.levels[static_cast<std::size_t>(level)].severity;

    if (!out.holds && want == Want::if_holds) return out;
    out.values = values_of(program, evaluation);
    Evaluation explained(reading);
    out.why = explain(program, explained, level);
    out.annotations = render(rule, brand, reading, out);
    return out;
}

}  // namespace vigie::rules
