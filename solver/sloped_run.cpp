#include "solver/sloped_run.hpp"

#include "solver/taped_run.hpp"

namespace porelith {

SlopedRun::SlopedRun(const Case& input, const Team& team, Recorder* recorder)
    : run_(std::make_shared<TapedRun>(simulate_taped(input, recorder, team))) {}

const Results& SlopedRun::results() const { return run_->results; }

int SlopedRun::stages() const { return run_->tape.stages.last() + 1; }

double SlopedRun::in_memory() const { return run_->model->team().sum(run_->tape.stages.store().in_memory()); }

double SlopedRun::in_file() const { return run_->model->team().sum(run_->tape.stages.store().in_file()); }

}  // namespace porelith
