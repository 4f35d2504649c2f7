#include "vigie/alerts/dispatcher.hpp"

#include <algorithm>
#include <tuple>

#include "alerts/dispatcher_rows.hpp"
#include "alerts/notify.hpp"
#include "vigie/alerts/severity.hpp"
#include "vigie/core/hash.hpp"

namespace vigie::alerts {
namespace {

std::string group_id(const Route& route, const Labels& labels) {
    std::string bytes = route.key;
    bytes.append(1, '\xFF').append(route.receiver).append(1, '\xFF');
    for (const auto& [name, value] : labels) bytes.append(name).append(1, '\xFF').append(value).append(1, '\xFF');
    return to_hex(hash128(bytes));
}

std::set<std::string> target_ids(const Route& root, const Labels& labels) {
    std::set<std::string> ids;
    for (const Route* route : root.match(labels)) ids.insert(group_id(*route, route->group_labels(labels)));
    return ids;
}

const Route* find_route(const Route& route, const std::string& key, const std::string& receiver) {
    if (route.key == key && route.receiver == receiver) return &route;
    for (const auto& child : route.routes) {
        if (const Route* found = find_route(child, key, receiver)) return found;
    }
    return nullptr;
}

bool fires(const Alert& alert) {
    return alert.state == State::firing;
}

}  // namespace

std::string Dispatcher::Group::group_key() const {
    return route_key + ":" + format_labels(labels);
}

Dispatcher::Dispatcher(Route root) : root_(std::move(root)) {}

Dispatcher::Group& Dispatcher::group_for(const Route& route, const Labels& labels, Time at) {
    Labels group_labels = route.group_labels(labels);
    std::string id = group_id(route, group_labels);
    const auto [it, created] = groups_.try_emplace(id);
    Group& group = it->second;
    if (created) {
        group.id = std::move(id);
        group.receiver = route.receiver;
        group.route_key = route.key;
        group.labels = std::move(group_labels);
        group.wait = route.group_wait;
        group.interval = route.group_interval;
        group.repeat = route.repeat_interval;
        group.wait_until = at + route.group_wait;
        touch(group.id);
    }
    return group;
}

Dispatcher::Member& Dispatcher::add_member(Group& group, std::uint64_t fingerprint) {
    groups_of_[fingerprint].insert(group.id);
    touch(group.id, fingerprint);
    return group.members[fingerprint];
}

void Dispatcher::drop_member(const std::string& id, std::uint64_t fingerprint) {
    const auto group = groups_.find(id);
    if (group == groups_.end()) return;
    touch(id, fingerprint);
    group->second.members.erase(fingerprint);
    if (group->second.members.empty()) {
        touch(id);
        groups_.erase(group);
    }
    const auto ids = groups_of_.find(fingerprint);
    if (ids == groups_of_.end()) return;
    ids->second.erase(id);
    if (ids->second.empty()) groups_of_.erase(ids);
}

void Dispatcher::on_transitions(const std::vector<Transition>& transitions) {
    for (const auto& transition : transitions) {
        switch (transition.alert.state) {
            case State::pending:
                break;
            case State::firing:
                fire(transition);
                break;
            case State::resolved:
                end(transition);
                break;
        }
    }
}

Dispatcher::Ids Dispatcher::leave_other_groups(const Alert& alert, const Ids& targets, bool& was_told) {
    Ids left;
    const auto found = groups_of_.find(alert.fingerprint);
    if (found == groups_of_.end()) return left;
    const Ids current = found->second;
    for (const auto& id : current) {
        Member& member = groups_.at(id).members.at(alert.fingerprint);
        was_told = was_told || member.told;
        if (targets.contains(id)) continue;
        left.insert(id);
        if (!member.told) {
            drop_member(id, alert.fingerprint);
            continue;
        }
        member.alert = alert;
        member.moved = true;
        touch(id, alert.fingerprint);
    }
    return left;
}

void Dispatcher::fire(const Transition& transition) {
    const Alert& alert = transition.alert;
    bool was_told = false;
    leave_other_groups(alert, target_ids(root_, alert.labels), was_told);
    for (const Route* route : root_.match(alert.labels)) {
        Group& group = group_for(*route, alert.labels, transition.at);
        Member& member = add_member(group, alert.fingerprint);
        member.alert = alert;
        member.moved = false;
        const bool graver = severity_rank(severity_of(alert.labels)) > severity_rank(member.told_severity);
        const bool rose = transition.severity_rose || (member.told && graver);
        member.rose = member.told && rose;
        // What no receiver has been told yet waits like any other news of its group, but not in one that has been told.
        if (!rose) continue;
        if (group.last_told) {
            group.at_once = transition.at;
        } else if (was_told) {
            group.wait_until = std::min(group.wait_until, transition.at);
        }
        touch(group.id);
    }
}

void Dispatcher::end(const Transition& transition) {
    const Alert& alert = transition.alert;
    if (!groups_of_.contains(alert.fingerprint)) {
        for (const Route* route : root_.match(alert.labels)) add_member(group_for(*route, alert.labels, transition.at), alert.fingerprint);
    }
    const Ids ids = groups_of_.at(alert.fingerprint);
    for (const auto& id : ids) {
        groups_.at(id).members.at(alert.fingerprint).alert = alert;
        touch(id, alert.fingerprint);
    }
}

void Dispatcher::update_muting(Group& group, Time now, const Muted& muted) {
    const Route* route = route_of(group);
    std::vector<std::uint64_t> silenced_for_good;
    for (auto& [fingerprint, member] : group.members) {
        const bool was_muted = member.muted;
        const bool is_muted = muted && route != nullptr && !member.moved && muted(member.alert, *route);
        if (fires(member.alert)) {
            member.muted = is_muted;
            if (!was_muted || is_muted || !group.last_told) continue;
            group.at_once = now;
            touch(group.id);
        } else if (!member.told && (was_muted || is_muted)) {
            silenced_for_good.push_back(fingerprint);
        }
    }
    const std::string id = group.id;
    for (const auto fingerprint : silenced_for_good) drop_member(id, fingerprint);
}

std::optional<Time> Dispatcher::due_of(const Group& group) {
    bool news = false;
    bool firing = false;
    bool told_firing = false;
    for (const auto& [fingerprint, member] : group.members) {
        const bool heard = fires(member.alert) && !member.muted && !member.moved;
        firing = firing || heard;
        told_firing = told_firing || (heard && member.told);
        news = news || (fires(member.alert) ? heard && !member.told : member.told || !member.muted);
    }
    if (!group.last_told) return news ? std::optional(group.wait_until) : std::nullopt;
    if (group.at_once && firing) return group.at_once;
    if (news) return *group.last_told + group.interval;
    if (told_firing) return *group.last_told + group.repeat;
    return {};
}

std::vector<Notification> Dispatcher::collect(Time now, const Muted& muted, const Latest& latest) {
    std::vector<std::string> ids;
    ids.reserve(groups_.size());
    for (const auto& [id, group] : groups_) ids.push_back(id);
    std::vector<Notification> notifications;
    for (const auto& id : ids) {
        Group& group = groups_.at(id);
        // A wall clock that was put back must not keep a group silent for as long as it was wrong.
        if ((group.last_told && *group.last_told > now) || (!group.last_told && group.wait_until > now + group.wait)) {
            if (group.last_told) group.last_told = now;
            group.wait_until = now + group.wait;
            touch(id);
        }
        update_muting(group, now, muted);
        const auto it = groups_.find(id);
        if (it == groups_.end()) continue;
        const auto due = due_of(it->second);
        if (due && *due <= now) notifications.push_back(tell(id, now, latest));
    }
    return notifications;
}

Notification Dispatcher::tell(const std::string& id, Time now, const Latest& latest) {
    Group& group = groups_.at(id);
    Telling telling;
    for (auto& [fingerprint, member] : group.members) {
        if (!fires(member.alert)) {
            telling.ended.push_back(member.alert);
            continue;
        }
        if (member.muted || member.moved) continue;
        const Alert* newest = latest ? latest(fingerprint) : nullptr;
        if (newest != nullptr && fires(*newest) && newest->fired_at == member.alert.fired_at) member.alert = *newest;
        telling.rose = telling.rose || member.rose;
        telling.fresh = telling.fresh || !member.told;
        member.told = true;
        member.told_severity = severity_of(member.alert.labels);
        member.rose = false;
        telling.firing.push_back(member.alert);
        touch(id, fingerprint);
    }
    telling.receiver = group.receiver;
    telling.group = group.labels;
    telling.group_key = group.group_key();
    telling.last_told = group.last_told;
    telling.at_once = group.at_once;
    Notification notification = make_notification(std::move(telling), now);
    group.last_told = now;
    group.at_once.reset();
    touch(id);
    for (const auto& alert : notification.alerts) {
        if (!fires(alert)) drop_member(id, alert.fingerprint);
    }
    return notification;
}

std::optional<Time> Dispatcher::next_due() const {
    std::optional<Time> first;
    for (const auto& [id, group] : groups_) {
        const auto due = due_of(group);
        if (due && (!first || *due < *first)) first = due;
    }
    return first;
}

std::optional<Time> Dispatcher::next_due(const std::string& group_key, const std::string& receiver) const {
    for (const auto& [id, group] : groups_) {
        if (group.receiver == receiver && group.group_key() == group_key) return due_of(group);
    }
    return {};
}

const Route* Dispatcher::route_of(const Group& group) const {
    return find_route(root_, group.route_key, group.receiver);
}

void Dispatcher::rebind(Route root, Time now) {
    root_ = std::move(root);
    rebind_all(now);
}

void Dispatcher::rebind_all(Time now) {
    std::map<std::uint64_t, Alert> firing;
    for (auto& [id, group] : groups_) {
        if (const Route* route = route_of(group)) {
            auto times = std::tie(group.wait, group.interval, group.repeat);
            const auto wanted = std::tie(route->group_wait, route->group_interval, route->repeat_interval);
            if (times != wanted) {
                group.wait_until += route->group_wait - group.wait;
                times = wanted;
                touch(id);
            }
        }
        for (const auto& [fingerprint, member] : group.members) {
            if (fires(member.alert)) firing.insert_or_assign(fingerprint, member.alert);
        }
    }
    for (const auto& [fingerprint, alert] : firing) rebind_alert(alert, now);
}

void Dispatcher::rebind_alert(const Alert& alert, Time now) {
    const auto fingerprint = alert.fingerprint;
    bool was_told = false;
    Ids left = leave_other_groups(alert, target_ids(root_, alert.labels), was_told);
    for (const Route* route : root_.match(alert.labels)) {
        Group& group = group_for(*route, alert.labels, now);
        if (const auto it = group.members.find(fingerprint); it != group.members.end()) {
            if (!it->second.moved) continue;
            it->second.moved = false;
            touch(group.id, fingerprint);
            continue;
        }
        Member& member = add_member(group, fingerprint);
        member.alert = alert;
        // Told to the same receiver through a route that is gone: it knows.
        for (const auto& id : left) {
            const auto old = groups_.find(id);
            if (old == groups_.end() || old->second.receiver != group.receiver) continue;
            const Member& known = old->second.members.at(fingerprint);
            member.told = true;
            member.told_severity = known.told_severity;
            member.rose = known.rose;
            if (!group.last_told || group.last_told < old->second.last_told) group.last_told = old->second.last_told;
            touch(group.id);
            drop_member(id, fingerprint);
            left.erase(id);
            break;
        }
    }
}

std::vector<Error> Dispatcher::restore(const std::vector<std::pair<std::string, std::string>>& rows, Time now) {
    std::vector<Error> errors;
    const auto guarded = [&](const std::string& key, const auto& read) {
        try {
            read();
        } catch (const std::exception& error) {
            errors.emplace_back(Errc::corrupt, error.what(), key);
        }
    };
    for (const auto& [key, value] : rows) {
        if (!key.starts_with("g/")) continue;
        guarded(key, [&, &row_key = key, &json = value] {
            Group group = GroupCodec::decode_group(json);
            group.id = row_key.substr(2);
            groups_[group.id] = std::move(group);
        });
    }
    for (const auto& [key, value] : rows) {
        if (key.starts_with("g/")) continue;
        guarded(key, [&, &row_key = key, &json = value] {
            Member member = GroupCodec::decode_member(json);
            const auto fingerprint = member.alert.fingerprint;
            const auto slash = row_key.rfind('/');
            const auto id = row_key.starts_with("a/") && slash > 2 ? row_key.substr(2, slash - 2) : std::string{};
            const auto group = groups_.find(id);
            if (group == groups_.end()) throw std::runtime_error("its group is missing");
            if (row_key != GroupCodec::member_row_key(id, fingerprint)) throw std::runtime_error("it stands under another alert's key");
            group->second.members[fingerprint] = std::move(member);
            groups_of_[fingerprint].insert(id);
        });
    }
    for (auto it = groups_.begin(); it != groups_.end();) {
        if (it->second.members.empty()) {
            touch(it->first);
            it = groups_.erase(it);
        } else {
            ++it;
        }
    }
    rebind_all(now);
    return errors;
}

std::vector<StateRow> Dispatcher::take_changed() {
    std::vector<StateRow> rows;
    for (const auto& key : changed_) {
        StateRow row;
        row.key = key;
        const auto slash = key.rfind('/');
        const bool is_member = key.starts_with("a/");
        const auto group = groups_.find(is_member ? key.substr(2, slash - 2) : key.substr(2));
        if (group != groups_.end() && !is_member) row.value = GroupCodec::encode(group->second);
        if (group != groups_.end() && is_member) {
            const auto member = group->second.members.find(std::stoull(key.substr(slash + 1), nullptr, 16));
            if (member != group->second.members.end()) row.value = GroupCodec::encode(member->second);
        }
        rows.push_back(std::move(row));
    }
    changed_.clear();
    return rows;
}

bool Dispatcher::owes(std::uint64_t fingerprint) const {
    return groups_of_.contains(fingerprint);
}

void Dispatcher::touch(const std::string& id) {
    changed_.insert(GroupCodec::group_row_key(id));
}

void Dispatcher::touch(const std::string& id, std::uint64_t fingerprint) {
    changed_.insert(GroupCodec::member_row_key(id, fingerprint));
}

}  // namespace vigie::alerts
