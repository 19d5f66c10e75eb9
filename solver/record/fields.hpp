#pragma once
/// The fields of a snapshot, whatever they are: files loop over the slots and never name one.
#include <string>
#include <vector>

#include "solver/record/results.hpp"

namespace porelith {

/// Where a snapshot keeps a slot.
template <class Values>
struct FieldIn {
  Values* values = nullptr;  ///< null where snapshots do not hold it by that (voltage, current, charge, energy)
  /// Of shells: volume means, one a cell of the bed; filled where not every particle is kept
  Values* mean = nullptr;
};

/// @param snapshot its lists have the lengths that shape() gives
FieldIn<std::vector<double>> field_of(const Results& results, Snapshot& snapshot, const Slot& slot);
FieldIn<const std::vector<double>> field_of(const Results& results, const Snapshot& snapshot, const Slot& slot);

/// Gives the lists of beds and of further slots their lengths.
void shape(const Results& results, Snapshot& snapshot);

/// Of a slot of shells: volume means of the particles, one a cell of the bed.
std::vector<double> particle_means(const Results& results, const Snapshot& snapshot, const Slot& slot);
/// The same of `shells`, [cell of the bed][shell]; `kept` has them where not every particle is kept.
std::vector<double> particle_means(const Bed& bed, const std::vector<double>& shells, const std::vector<double>* kept);

/// "c_mean" for "c_s"
std::string mean_name(const Slot& slot);

}  // namespace porelith
