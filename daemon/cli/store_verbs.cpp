// vigie export, backup, restore: the store, over the API or from a stopped daemon's files.
#include <filesystem>
#include <set>

#include "cli/api_client.hpp"
#include "cli/terminal.hpp"
#include "cli/verb.hpp"
#include "vigie/cli/cli.hpp"
#include "vigie/core/json_text.hpp"
#include "vigie/core/record_json.hpp"
#include "vigie/engine/configuration.hpp"
#include "vigie/net/address.hpp"
#include "vigie/store/store.hpp"

namespace vigie::cli {
namespace {

struct Options {
    Address address;
    std::string config, data, directory;
    bool json = false;
};

/// The data directory that --data or --config name.
Result<std::string> data_directory(const Options& options) {
    if (!options.data.empty()) return options.data;
    std::vector<doc::Diagnostic> diagnostics;
    const auto configuration = engine::load_configuration(options.config, diagnostics);
    if (configuration) return configuration->settings.data_dir;
    for (const doc::Diagnostic& one : diagnostics) print_error(one.text());
    return Error(Errc::invalid, "the configuration has errors", options.config);
}

bool offline(const Options& options) {
    return !options.data.empty() || !options.config.empty();
}

int export_offline(const Options& options) {
    const Result<std::string> directory = data_directory(options);
    if (!directory) return fail(directory.error(), wrong_usage);
    store::Options open;
    open.directory = *directory;
    open.read_only = true;
    const auto store = store::Store::open(std::move(open));
    if (!store) return fail(store.error(), wrong_usage);
    const auto written = (*store)->for_each_item([](const Item& item) {
        print(to_json(Record(item)) + "\n");
        return std::ferror(stdout) == 0;
    });
    if (!written) return fail(written.error(), answer_is_no);
    if (std::fflush(stdout) != 0) return fail(Error(Errc::io, "stdout could not be written"), answer_is_no);
    print_error(std::to_string(*written) + " items exported");
    return success;
}

/// One brand's items, page by page. What stands at the seam of two pages comes twice, and is written once.
Result<std::uint64_t> export_brand(const Address& address, const std::string& brand) {
    std::uint64_t written = 0;
    std::string before;
    std::set<std::string> at_seam;
    for (;;) {
        std::string path = "/api/v1/export?brand=" + net::url_encode(brand);
        if (!before.empty()) path += "&before=" + net::url_encode(before);
        const auto page = get(address, path);
        if (!page) return page.error();
        if (!page->is_object() || !page->as_object().contains("items")) return Error(Errc::protocol, "the answer is no page of an export");
        const boost::json::object& answer = page->as_object();
        const boost::json::value* next = answer.if_contains("next");
        const std::string seam = next != nullptr && next->is_string() ? std::string(next->as_string()) : std::string();
        std::set<std::string> fresh;
        for (const boost::json::value& item : answer.at("items").as_array()) {
            const std::string id(item.at("id").as_string());
            if (item.at("published").as_string() == seam) fresh.insert(id);
            if (at_seam.contains(id)) continue;
            print(json_text(item) + "\n");
            ++written;
        }
        if (seam.empty()) return written;
        if (seam == before) return Error(Errc::limit, "more items of one instant than a page holds: export from the files with --data");
        before = seam;
        at_seam = std::move(fresh);
    }
}

int export_online(const Options& options) {
    const auto brands = get(options.address, "/api/v1/brands");
    if (!brands) return fail_asking(options.address, brands.error());
    std::uint64_t written = 0;
    for (const boost::json::value& brand : brands->as_array()) {
        const auto some = export_brand(options.address, std::string(brand.at("name").as_string()));
        if (!some) return fail_asking(options.address, some.error());
        written += *some;
    }
    if (std::fflush(stdout) != 0) return fail(Error(Errc::io, "stdout could not be written"), answer_is_no);
    print_error(std::to_string(written) + " items exported");
    return success;
}

int backup(const Options& options) {
    std::error_code ignored;
    const std::string directory = std::filesystem::absolute(options.directory, ignored).lexically_normal().string();
    if (!offline(options)) {
        const auto answer = post(options.address, "/api/v1/backup", boost::json::object{{"directory", directory}});
        if (!answer) return fail_asking(options.address, answer.error());
    } else {
        const Result<std::string> data = data_directory(options);
        if (!data) return fail(data.error(), wrong_usage);
        store::Options open;
        open.directory = *data;
        const auto store = store::Store::open(std::move(open));
        if (!store) return fail(store.error(), wrong_usage);
        if (const Result<> done = (*store)->backup(directory); !done) return fail(done.error(), answer_is_no);
    }
    if (options.json)
        print(json_text(boost::json::object{{"directory", directory}}) + "\n");
    else
        print("backed up and verified: " + directory + "\n");
    return success;
}

int restore(const Options& options) {
    const Result<std::string> data = data_directory(options);
    if (!data) return fail(data.error(), wrong_usage);
    if (const Result<> done = store::Store::restore(options.directory, *data); !done) return fail(done.error(), answer_is_no);
    if (options.json)
        print(json_text(boost::json::object{{"data", *data}}) + "\n");
    else
        print("restored into " + *data + "\n");
    return success;
}

void add_place(CLI::App& verb, const std::shared_ptr<Options>& options) {
    CLI::Option* config = verb.add_option("--config", options->config, "A stopped daemon's configuration, which names its data directory");
    verb.add_option("--data", options->data, "A stopped daemon's data directory")->excludes(config);
}

}  // namespace

void add_export(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = app.add_subcommand("export", "Write every stored item as NDJSON, as replay reads it, to stdout");
    options->address.add_to(*verb);
    add_place(*verb, options);
    verb->add_flag("--json", options->json, "NDJSON, which it always is");
    verb->footer("Examples:\n  vigie export > items.ndjson\n  vigie export --data /var/lib/vigie | gzip > items.ndjson.gz");
    verb->callback(
        [options, &action] { action = [options] { return offline(*options) ? export_offline(*options) : export_online(*options); }; });
}

void add_backup(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = app.add_subcommand("backup", "Make a consistent, verified copy of the store");
    verb->add_option("directory", options->directory, "Where to; must not exist yet, or be empty. The daemon writes it")->required();
    options->address.add_to(*verb);
    add_place(*verb, options);
    verb->add_flag("--json", options->json, "One JSON document");
    verb->footer("Examples:\n  vigie backup /var/backups/vigie/monday\n  vigie backup /mnt/copy --data /var/lib/vigie");
    verb->callback([options, &action] { action = [options] { return backup(*options); }; });
}

void add_restore(CLI::App& app, Action& action) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = app.add_subcommand("restore", "Put a backup where a store will be opened; the daemon must be stopped");
    verb->add_option("directory", options->directory, "The backup")->required()->check(CLI::ExistingDirectory);
    add_place(*verb, options);
    verb->add_flag("--json", options->json, "One JSON document");
    verb->footer("Examples:\n  vigie restore /var/backups/vigie/monday --data /var/lib/vigie");
    verb->callback([options, &action] {
        if (!offline(*options)) throw CLI::RequiredError("--data or --config");
        action = [options] { return restore(*options); };
    });
}

}  // namespace vigie::cli
