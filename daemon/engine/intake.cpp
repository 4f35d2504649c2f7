#include "vigie/engine/intake.hpp"

namespace vigie::engine {
namespace {

struct Sorter {
    store::LedgerInput& input;
    const text::Analyser& analyser;
    const std::string& source;
    Time now;

    void operator()(Item& item) const {
        if (item.source.empty()) item.source = source;
        if (!item.observed || *item.observed > now + max_ahead) item.observed = now;
        if (item.published > now + max_ahead) item.published = std::min(now, *item.observed);
        input.items.push_back(analyser.analyse(std::move(item)));
    }
    void operator()(Count& count) const {
        if (count.source.empty()) count.source = source;
        input.counts.push_back(std::move(count));
    }
    void operator()(Takedown& takedown) const { input.takedowns.push_back(std::move(takedown)); }
    void operator()(AccountSeen& account) const {
        Item probe;
        probe.title = account.name;
        probe.text = account.handle;
        for (const BrandMatch& match : analyser.analyse(std::move(probe)).matches) input.accounts.push_back({match.brand, account});
    }
    void operator()(Delete& deletion) const { input.deletes.push_back(std::move(deletion)); }
};

}  // namespace

store::LedgerInput prepare(std::vector<Record> records, const text::Analyser& analyser, const std::string& source, Time now) {
    store::LedgerInput input;
    input.now = now;
    const Sorter sorter{input, analyser, source, now};
    for (Record& record : records) std::visit(sorter, record);
    return input;
}

void append(store::LedgerInput& to, store::LedgerInput&& from) {
    const auto move_all = [](auto& list, auto& more) {
        list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    };
    move_all(to.items, from.items);
    move_all(to.counts, from.counts);
    move_all(to.takedowns, from.takedowns);
    move_all(to.accounts, from.accounts);
    move_all(to.deletes, from.deletes);
    move_all(to.cursors, from.cursors);
}

Time time_of(const Record& record) {
    struct {
        Time operator()(const Item& item) const { return item.observed.value_or(item.published); }
        Time operator()(const Count& count) const { return count.start + count.span; }
        Time operator()(const Takedown& takedown) const { return takedown.at; }
        Time operator()(const AccountSeen& account) const { return account.observed.value_or(Time{}); }
        Time operator()(const Delete& deletion) const { return deletion.at; }
    } const visitor;
    return std::visit(visitor, record);
}

}  // namespace vigie::engine
