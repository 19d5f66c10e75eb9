#pragma once
/// Which program wrote a file: what every output is stamped with.
#include <string>

namespace porelith {

struct Program {
  std::string name;      ///< "porelith"
  std::string version;   ///< "0.1.0"
  std::string commit;    ///< git commit at configure time, "-dirty" appended when changed; "unknown" outside git
  std::string compiler;  ///< "GNU 12.2.0"
};

const Program& program();

}  // namespace porelith
