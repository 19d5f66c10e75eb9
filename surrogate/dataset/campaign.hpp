#pragma once
/// Sampling a design space: points handed out over ranks as they become free, nothing finished is ever lost.
#include <functional>
#include <string>
#include <vector>

#include "surrogate/dataset/design_space.hpp"
#include "surrogate/gate/surrogate.hpp"
#include "surrogate/gate/training_set.hpp"

namespace porelith {

/// Everything a campaign has found, in order of index.
struct Dataset {
  DesignFamily family;
  std::vector<Sample> samples;
  std::string cell_hash, case_hash, sampling;
  std::string slopes = "none";  ///< that its samples carry, as Design::slopes; "none" in datasets of version 1
  std::string mesh;             ///< that all samples are solved on, in words; "" in datasets that do not say
  unsigned seed = 0;
  TrainOptions training;  ///< what its case asks of a training; `threads` is not kept
  // Of a campaign just run; not in the file:
  bool whole_space = false;     ///< there are no other designs, of whole numbers, than these
  std::vector<long> undefined;  ///< of each condition of the family, points where it was no finite number

  /// The complete samples as matrices.
  TrainingSet training_set() const;
  /// HDF5, documented in docs/output.md. @throws WriteError
  void write(const std::string& path) const;
  /// @throws CaseError
  static Dataset read(const std::string& path);
};

/// What a call of run_campaign took, all ranks together [s]
struct CampaignTime {
  double all = 0;      ///< of every rank from its start to its end
  double solving = 0;  ///< of that in the solver
};

struct CampaignOptions {
  int samples = 512;  ///< feasible points to solve
  std::string sampling = "sobol";
  unsigned seed = 1;
  std::string slopes = "none";  ///< that samples are to carry, as Design::slopes
  TrainOptions training;        ///< noted in the dataset
  std::string folder;           ///< journals and dataset.h5; an earlier campaign there is continued
  std::function<bool()> stop = [] { return false; };
  std::function<void(long done, long total)> progress = [](long, long) {};  ///< on the first rank
  std::function<void(long failures)> failures = [](long) {};  ///< the same, just before: of all ranks, in this call
  CampaignTime* time = nullptr;                               ///< filled on every rank
};

/// What a case asks of a training.
TrainOptions train_options(const Design& design);

/// Solves what is not yet in the folder's journals. Collective where MPI runs: all ranks call it, rank 0 gets the
/// dataset. @throws CaseError if the folder holds a campaign of another case or space; WriteError
Dataset run_campaign(const DesignSpace& space, const CampaignOptions& options);

/// Points u in [0, 1)^d: the first n of the Sobol sequence (shifted by the seed), or a Latin hypercube.
std::vector<std::vector<double>> sample_points(const std::string& sampling, int n, int d, unsigned seed);

}  // namespace porelith
