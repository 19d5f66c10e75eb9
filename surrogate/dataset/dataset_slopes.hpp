#pragma once
/// Slopes in dataset.h5, as docs/output.md describes them.
#include <vector>

#include "solver/base/hdf5_file.hpp"
#include "solver/base/hdf5_reader.hpp"
#include "surrogate/dataset/sample.hpp"
#include "surrogate/gate/training_set.hpp"

namespace porelith {

/// @param variables how many the design has  @param curve whether they carry those of the curve, too
void write_slopes(Hdf5Writer& file, const std::vector<Sample>& samples, std::size_t variables, bool curve);
/// Into the samples of the same file. @throws CaseError
void read_slopes(const Hdf5Reader& file, std::vector<Sample>& samples, std::size_t variables, bool curve);
/// Into a training set of these samples; nothing where none of them has any.
void add_slopes(const std::vector<const Sample*>& samples, TrainingSet& set);

}  // namespace porelith
