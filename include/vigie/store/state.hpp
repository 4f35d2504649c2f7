// Rows whose bytes belong to others: alert states, groups, silences, the outbox, the audit, names in meta. Written in one synced batch.
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vigie/core/time.hpp"

namespace vigie::store {

/// The kinds of named rows. The letter is on disk.
enum class Table : char {
    alerts = 'a',        ///< by fingerprint (state_name)
    incidents = 'i',     ///< by id
    groups = 'g',        ///< a dispatcher group, by its key
    notified = 'n',      ///< what was last told to whom: the notification log
    silences = 's',      ///< by id
    dead_letters = 'd',  ///< by integration and sequence
    meta = 'u',          ///< anything small: by name
};

/// The name of an alert's row: its fingerprint as 16 hexadecimal digits.
std::string state_name(std::uint64_t fingerprint);

/// Rows of a brand carry its key (core/brand.hpp), shared ones 0. Names are 1 to 4096 bytes.
struct StateRow {
    std::uint64_t brand = 0;
    std::string name;
    std::string value;
    friend bool operator==(const StateRow&, const StateRow&) = default;
};

struct OutboxEntry {
    std::string integration;  ///< "comms/slack/0"; no NUL
    std::uint64_t sequence = 0;
    std::string value;
    friend bool operator==(const OutboxEntry&, const OutboxEntry&) = default;
};

struct AuditEntry {
    Time at;
    std::uint64_t sequence = 0;  ///< of the batch that wrote it
    std::string value;
    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

/// Collects changes; later ones win over earlier ones of the same row. Store::commit writes them all or none.
class StateBatch {
public:
    void put(Table table, std::uint64_t brand, std::string name, std::string value);
    void erase(Table table, std::uint64_t brand, std::string name);
    void put_outbox(std::string integration, std::uint64_t sequence, std::string value);
    void erase_outbox(std::string integration, std::uint64_t sequence);
    void append_audit(Time at, std::string value);
    /// Marks a takedown (StoredTakedown::id) as closed.
    void close_takedown(std::uint64_t brand, std::string id, Time at);
    bool empty() const noexcept { return changes_.empty(); }
    std::size_t size() const noexcept { return changes_.size(); }

private:
    friend class Store;
    struct Named {
        Table table;
        StateRow row;
        bool erase;
    };
    struct Outbox {
        OutboxEntry entry;
        bool erase;
    };
    struct Audit {
        Time at;
        std::string value;
    };
    struct Close {
        std::uint64_t brand;
        std::string id;
        Time at;
    };
    std::vector<std::variant<Named, Outbox, Audit, Close>> changes_;
};

}  // namespace vigie::store
