#include "engine/evidence.hpp"

#include <algorithm>
#include <cmath>

#include "vigie/core/brand.hpp"

namespace vigie::engine {
namespace {

constexpr std::size_t wanted = 3;
constexpr std::size_t shown_bytes = 300;
/// What a repost by the least of authors lacks.
constexpr double lowest = 6;

/// Whether a mention belongs to the group that the rule's `by` labels name.
bool admits(const std::vector<std::string>& by, const Labels& labels, const store::StoredMention& mention) {
    const Item& item = mention.analysed.item;
    return std::all_of(by.begin(), by.end(), [&](const std::string& name) {
        const auto label = labels.find(name);
        if (label == labels.end()) return true;
        const std::string& value = label->second;
        if (name == "platform") return value == item.platform;
        if (name == "language") return value == mention.analysed.language;
        if (name == "source") return value == item.source;
        if (name == "kind") return value == to_string(item.kind);
        if (name == "function") return std::find(mention.functions.begin(), mention.functions.end(), value) != mention.functions.end();
        return true;
    });
}

alerts::Evidence shown(const store::StoredMention& mention) {
    const Item& item = mention.analysed.item;
    alerts::Evidence evidence;
    evidence.id = item.id;
    evidence.platform = item.platform;
    evidence.author = item.author.handle.empty() ? item.author.name : item.author.handle;
    evidence.text = Untrusted(clean_utf8(item.text.empty() ? item.title.bytes() : item.text.bytes(), shown_bytes));
    evidence.url = item.url;
    evidence.published = item.published;
    evidence.reach = item.author.followers.value_or(0);
    evidence.engagement = item.engagement.total();
    evidence.sentiment = mention.analysed.sentiment.label;
    return evidence;
}

}  // namespace

double evidence_weight(const store::StoredMention& mention) {
    if (mention.deleted) return -1;
    const Item& item = mention.analysed.item;
    double weight = std::log10(1.0 + static_cast<double>(item.author.followers.value_or(0))) +
                    std::log10(1.0 + static_cast<double>(std::max<std::int64_t>(0, item.engagement.total())));
    if (mention.analysed.sentiment.label == SentimentLabel::negative) weight += 1;
    if (item.kind == Kind::repost) weight -= 2;
    weight += 2 * std::log10(static_cast<double>(std::max<std::int64_t>(1, mention.weight)) / ordinary_weight);
    // A repost of a bot that nobody follows stands at nothing, and still before what is deleted.
    return std::max(0.0, weight + lowest);
}

Result<std::vector<alerts::Evidence>> find_evidence(const store::Store& store, const alerts::Alert& alert,
                                                    const std::vector<std::string>& by, Time now) {
    const auto brand = alert.labels.find("brand");
    if (brand == alert.labels.end()) return std::vector<alerts::Evidence>{};
    const std::uint64_t key = brand_key(brand->second);
    const auto weight = [&](const store::StoredMention& mention) {
        return admits(by, alert.labels, mention) ? evidence_weight(mention) : -1.0;
    };
    for (const Duration span : {Duration{std::chrono::hours{1}}, Duration{std::chrono::hours{6}}}) {
        Result<std::vector<store::StoredMention>> found = store.top(key, now - span, now, wanted, weight);
        if (!found) return found.error();
        if (found->size() < wanted && span < std::chrono::hours{6}) continue;
        std::vector<alerts::Evidence> evidence;
        for (const store::StoredMention& mention : *found) evidence.push_back(shown(mention));
        return evidence;
    }
    return std::vector<alerts::Evidence>{};
}

}  // namespace vigie::engine
