/// `compare RUNS`: the curves of several runs in one picture.
#include <filesystem>
#include <memory>

#include "postprocess/pictures.hpp"
#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/results/curve.hpp"

namespace porelith {
namespace {

namespace fs = std::filesystem;

struct CompareLine {
  std::vector<std::string> folders;
  std::string out;  ///< the picture; "" = comparison.png
};

int compare(const CompareLine& line) {
  std::vector<LabelledCurve> curves;
  Problems problems;
  for (const auto& folder : line.folders) try {
      const std::string label = fs::absolute(folder + "/").lexically_normal().parent_path().filename().string();
      curves.push_back({label, read_curve_csv((fs::path(folder) / "curve.csv").string())});
    } catch (const CaseError& error) {
      problems.add(error);
    }
  problems.throw_if_any();
  const std::string png = line.out.empty() ? "comparison.png" : line.out;
  const Drawn drawn = draw_comparison(curves, png);
  if (!drawn.warning.empty()) tell(stderr, "warning: {}\n", drawn.warning);
  for (const auto& file : drawn.files) tell(stdout, "{}\n", file);
  return exit_ok;
}

}  // namespace

void declare_compare(Verb& verb) {
  auto line = std::make_shared<CompareLine>();
  verb.argument("RUNS", line->folders, "folders that runs have left");
  verb.option("--out", line->out, "the picture; comparison.png if not given");
  verb.does(WorkOf::first_rank, [line] { return compare(*line); });
}

}  // namespace porelith
