// The command `vigie`, and the command line of `vigied`.
// Thread-safety: the main thread.
#pragma once

namespace vigie::cli {

/// Exit codes of every verb (contract.md).
enum Exit : int { success = 0, answer_is_no = 1, wrong_usage = 2, unreachable = 3 };

int vigie_main(int argc, char** argv);
int vigied_main(int argc, char** argv);

}  // namespace vigie::cli
