// From transitions to notifications: groups, waits, repeats. Sans-I/O: the caller stores the rows and the notifications in one synced
// batch. Thread-safety: one owner (the ledger thread).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vigie/alerts/alert.hpp"
#include "vigie/alerts/route.hpp"
#include "vigie/core/result.hpp"
#include "vigie/core/time.hpp"

namespace vigie::alerts {

/// A row of the dispatcher's state. No value: delete it.
struct StateRow {
    std::string key;  ///< "g/<group>" or "a/<group>/<fingerprint>", hexadecimal
    std::optional<std::string> value;
    friend bool operator==(const StateRow&, const StateRow&) = default;
};

/// Whether an alert is silenced, inhibited or out of its hours on that route, now.
using Muted = std::function<bool(const Alert&, const Route&)>;
/// The newest values, annotations and evidence of an alert (Machine::find); nullptr: as they were at its last transition.
using Latest = std::function<const Alert*(std::uint64_t fingerprint)>;

/// At most this many alerts in one notification; the rest are counted in `truncated`.
inline constexpr std::size_t max_notification_alerts = 100;

/// Alertmanager's groups without its ticks: a group's instants are exact.
///  - The first alert of a group starts group_wait. After that, what is new (an alert fired, one ended) is told when group_interval has
///    passed since the group was last told, at once if it has already; a rise of severity at once. While something fires and nothing is
///    new, the group is told again exactly repeat_interval after it was last told.
///  - Every alert that fired is told, even one that ended within group_wait (then as resolved, with both times). Every told firing gets its
///    end told to the same receiver, also if it is muted by then, if its labels have moved it to another route, or if the route is gone.
///  - A muted alert that was not told is not told; once it is no longer muted and still fires, it is told at once.
///  - A firing that returns before its end was told goes on, for the receiver.
/// A notification's key is a hash of the receiver, the group, the reason, the alerts in it with their instants, and for a repeat the
/// instant it was due: the same decision, made again from the same rows, has the same key.
class Dispatcher {
public:
    explicit Dispatcher(Route root);

    /// Takes over what was stored (keys and values of StateRow). Rows that cannot be read are left out; returns one Error for each.
    /// Groups of routes that are no more are treated as rebind treats them.
    std::vector<Error> restore(const std::vector<std::pair<std::string, std::string>>& rows, Time now);
    /// A new route tree. Alerts of groups whose route is gone move to their new routes, told ones as told where the receiver is the same.
    void rebind(Route root, Time now);

    void on_transitions(const std::vector<Transition>& transitions);

    /// The notifications that are due, and marks them told: store them and take_changed() together, or lose both. Call it at next_due(),
    /// and whenever what mutes may have changed.
    std::vector<Notification> collect(Time now, const Muted& muted = {}, const Latest& latest = {});
    /// When collect will have something to do, if nothing else happens. May lie in the past: now.
    std::optional<Time> next_due() const;

    /// The rows that changed since the last call, sorted by key.
    std::vector<StateRow> take_changed();
    /// Whether something about the alert is still to be told to some receiver: its firing or its end.
    bool owes(std::uint64_t fingerprint) const;
    /// When a group (Notification::group_key) will next be told; for `explain`.
    std::optional<Time> next_due(const std::string& group_key, const std::string& receiver) const;

private:
    struct Member {
        Alert alert;
        bool told = false;          ///< the receiver knows that it fires
        std::string told_severity;  ///< as it was last told
        bool moved = false;         ///< its labels now lead elsewhere; only its end is still told here
        bool muted = false;         ///< as of the last collect; not stored
        bool rose = false;          ///< its severity rose since it was told
    };
    struct Group {
        std::string id;
        std::string receiver;
        std::string route_key;
        Labels labels;
        Duration wait{0}, interval{0}, repeat{0};
        Time wait_until;
        std::optional<Time> last_told;
        std::optional<Time> at_once;  ///< something cannot wait, since then
        std::map<std::uint64_t, Member> members;
        std::string group_key() const;
    };

    struct GroupCodec;
    using Ids = std::set<std::string>;
    Group& group_for(const Route& route, const Labels& labels, Time at);
    Member& add_member(Group& group, std::uint64_t fingerprint);
    void drop_member(const std::string& id, std::uint64_t fingerprint);
    void fire(const Transition& transition);
    void end(const Transition& transition);
    Ids leave_other_groups(const Alert& alert, const Ids& targets, bool& was_told);
    void rebind_alert(const Alert& alert, Time now);
    void rebind_all(Time now);
    const Route* route_of(const Group& group) const;
    void update_muting(Group& group, Time now, const Muted& muted);
    static std::optional<Time> due_of(const Group& group);
    Notification tell(const std::string& id, Time now, const Latest& latest);
    void touch(const std::string& id);
    void touch(const std::string& id, std::uint64_t fingerprint);

    Route root_;
    std::map<std::string, Group> groups_;     ///< by id
    std::map<std::uint64_t, Ids> groups_of_;  ///< fingerprint -> ids
    std::set<std::string> changed_;
};

}  // namespace vigie::alerts
