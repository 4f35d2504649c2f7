// Copies: to a backup, and back.
#include <fmt/format.h>
#include <rocksdb/utilities/checkpoint.h>

#include <filesystem>

#include "store/impl.hpp"
#include "store/keys.hpp"

namespace vigie::store {
namespace fs = std::filesystem;
namespace {

Result<> require_empty(const std::string& directory) {
    std::error_code error;
    if (!fs::exists(directory, error)) return {};
    if (!fs::is_directory(directory, error)) return Error(Errc::invalid, "not a directory", directory);
    if (!fs::is_empty(directory, error) || error) return Error(Errc::invalid, "the directory is not empty", directory);
    return {};
}

/// Opens the copy without changing it, reads its numbers and every block. The number of the last batch is compared with `at_least`.
Result<SequenceMark> verify_copy(const std::string& directory, std::uint64_t at_least) {
    Options options;
    options.directory = directory;
    options.read_only = true;
    if (!fs::exists(directory + "/db/CURRENT")) return Error(Errc::invalid, "there is no backup", directory);
    auto db = Db::open(directory + "/db", options, rocksdb::Env::Default(), Recovery::point_in_time, std::make_shared<Floors>());
    if (!db) return Error(Errc::corrupt, db.error().message(), directory);
    auto row = (*db)->get(Cf::meta, sequence_row);
    if (!row) return row.error();
    if (!*row) return Error(Errc::corrupt, "the backup has no sequence", directory);
    auto numbers = decode_numbers(**row, 3);
    if (!numbers) return numbers.error();
    if ((*numbers)[0] < at_least) return Error(Errc::corrupt, "the backup is behind the store", directory);
    const auto status = (*db)->raw().VerifyChecksum();
    if (!status.ok()) return to_error(status, "the backup does not verify");
    return SequenceMark{(*numbers)[2], (*numbers)[0], (*numbers)[1]};
}

}  // namespace

Result<> Store::backup(const std::string& directory) {
    if (impl_->options.memory) return Error(Errc::unsupported, "a store in memory has no backup");
    if (auto done = require_empty(directory); !done) return done;
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) return Error(Errc::io, "cannot create the backup: " + error.message(), directory);
    rocksdb::Checkpoint* made = nullptr;
    auto status = rocksdb::Checkpoint::Create(&impl_->db->raw(), &made);
    if (!status.ok()) return to_error(status, "cannot back up");
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    const std::uint64_t at = impl_->sequence;
    status = checkpoint->CreateCheckpoint(directory + "/db");
    if (!status.ok()) return to_error(status, "cannot back up");
    auto mark = verify_copy(directory, at);
    if (!mark) return mark.error();
    return write_mark(rocksdb::Env::Default(), directory + "/sequence", *mark);
}

Result<> Store::restore(const std::string& backup_directory, const std::string& data_directory) {
    if (auto done = require_empty(data_directory); !done) return done;
    auto mark = verify_copy(backup_directory, 0);
    if (!mark) return mark.error();
    if (auto done = prepare_directory(data_directory, true); !done) return done;
    // Copied, never linked: the backup must outlive what happens to the store. The name comes last, so that half a copy is no store.
    const std::string partial = data_directory + "/db.partial";
    if (auto done = copy_directory(backup_directory + "/db", partial, false); !done) return done;
    if (auto done = write_mark(rocksdb::Env::Default(), data_directory + "/sequence", *mark); !done) return done;
    std::error_code error;
    fs::rename(partial, data_directory + "/db", error);
    if (error) return Error(Errc::io, "cannot put the copy in place: " + error.message(), data_directory);
    return {};
}

}  // namespace vigie::store
