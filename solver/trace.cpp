#include "solver/trace.hpp"

#include <algorithm>
#include <cmath>

namespace porelith {
namespace {

constexpr int samples = 1000;          // of the voltage over a step
constexpr double from_time = 1;        // [s] into a step
constexpr double to_share = 0.99;      // of a step
constexpr double least_charge = 0.01;  // of the charge scale

/// y(x) on straight lines; x increases.
double value_at(const std::vector<double>& x, const std::vector<double>& y, double at) {
  const auto right = std::lower_bound(x.begin(), x.end(), at);
  if (right == x.begin()) return y.front();
  if (right == x.end()) return y.back();
  const std::size_t k = right - x.begin();
  return x[k] == x[k - 1] ? y[k] : y[k - 1] + (y[k] - y[k - 1]) * (at - x[k - 1]) / (x[k] - x[k - 1]);
}

const std::vector<double>& progress(const StepTrace& step) { return step.by_time ? step.time : step.passed; }

double voltage_apart(const StepTrace& run, const StepTrace& other) {
  const std::vector<double>&one = progress(run), &two = progress(other);
  if (one.empty() || two.empty() || !(one.back() > 0) || !(two.back() > 0)) return 0;
  const double from = value_at(run.time, one, from_time) / one.back();
  if (!(from < to_share)) return 0;
  double sum = 0;
  for (int k = 0; k < samples; ++k) {
    const double share = from + (to_share - from) * (k + 0.5) / samples;
    const double difference =
        value_at(one, run.voltage, share * one.back()) - value_at(two, other.voltage, share * two.back());
    sum += difference * difference;
  }
  return std::sqrt(sum / samples);
}

double end_apart(const StepTrace& run, const StepTrace& other, double charge_scale) {
  const double scale = std::max(run.throughput, least_charge * charge_scale);
  double end = std::abs(run.charge - other.charge) / scale;
  const bool by_charge_alone = run.ended_by_time || run.ended_by_current;
  if (!by_charge_alone && run.duration > 0)
    end = std::max(end, std::abs(run.duration - other.duration) / std::max(run.duration, from_time));
  return end;
}

}  // namespace

void Trace::begin(const Results& so_far) {
  if (inner_) inner_->begin(so_far);
}

void Trace::row(const CurveRow& row) {
  if (inner_) inner_->row(row);
}

void Trace::step_ended(const StepSummary& step) {
  if (inner_) inner_->step_ended(step);
}

std::string Trace::kept() {
  std::string memory = inner_ ? inner_->kept() : "";
  has_gap_ = !memory.empty();
  return memory;
}

std::vector<StepTrace> steps_of(const std::vector<TracePoint>& points, const Results& results,
                                const std::vector<Step>& protocol) {
  std::vector<StepTrace> steps(results.steps.size());
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const StepSummary& summary = results.steps[k];
    const bool rests = protocol[k].control == Control::current && protocol[k].value == 0;
    steps[k].by_time = rests || protocol[k].function || protocol[k].control == Control::table;
    steps[k].duration = summary.end - summary.start;
    steps[k].charge = summary.charge;
    for (const Stop& stop : protocol[k].stops)
      if (stop.quantity == Quantity::time && std::abs(steps[k].duration - stop.value) <= 1e-9 * stop.value)
        steps[k].ended_by_time = true;
    steps[k].ended_by_current = summary.ended.rfind("current ", 0) == 0;
    if (protocol[k].control == Control::table && summary.ended.find("table ended") != std::string::npos)
      steps[k].ended_by_time = true;
  }
  const TracePoint* last = nullptr;
  for (const TracePoint& point : points) {
    if (point.step >= static_cast<int>(steps.size())) break;
    StepTrace& step = steps[point.step];
    const bool first = last == nullptr || last->step != point.step;
    if (!first) step.throughput += std::abs(point.charge - last->charge);
    step.time.push_back(point.time - results.steps[point.step].start);
    step.passed.push_back(step.throughput);
    step.voltage.push_back(point.voltage);
    last = &point;
  }
  return steps;
}

std::vector<Uncertainty> apart(const std::vector<StepTrace>& run, const std::vector<StepTrace>& other,
                               double charge_scale) {
  std::vector<Uncertainty> all;
  for (std::size_t k = 0; k < run.size(); ++k) {
    if (k < other.size())
      all.push_back({end_apart(run[k], other[k], charge_scale), voltage_apart(run[k], other[k])});
    else
      all.push_back({1, 1});
  }
  return all;
}

}  // namespace porelith
