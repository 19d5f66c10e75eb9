#include "solver/run_memory.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "solver/base/packed.hpp"
#include "solver/base/sha256.hpp"
#include "solver/newman/observables/observables.hpp"

namespace porelith {
namespace {

/// The digest of this rank's cells: states belong to them alone.
std::string mesh_digest(const Results& results) {
  const Cells& mesh = results.mesh;
  Packer all;
  all.all(mesh.dimension, mesh.cells(), mesh.volume);
  for (const auto& centre : mesh.centre)
    for (const double x : centre) all.add(x);
  for (const std::int64_t number : mesh.number) all.add(number);
  for (const Bed& bed : results.beds) all.all(bed.electrode, bed.material, static_cast<int>(bed.shell_edges.size()));
  for (const std::string& name : observable_names()) all.add(name);
  for (const Slot& slot : results.slots) all.all(slot.name, slot.bed, slot.at);
  return sha256(all.bytes());
}

// Each of these visits the same members in the same order, to pack them and to take them back.

template <typename Pack, typename Position>
void visit_position(Pack&& visit, Position& p) {
  visit(p.step, p.row, p.t_start, p.charge_start, p.energy_start, p.mode, p.side, p.since, p.away);
}

template <typename Pack, typename SomePast>
void visit_past(Pack&& visit, SomePast& p) {
  visit(p.drive, p.rows);
}

template <typename Pack, typename Keeper>
void visit_keeper(Pack&& visit, Keeper& k) {
  visit(k.last_time, k.next_row, k.step, k.since_snapshot, k.snapshot_stride, k.unsolved_rows, k.first_unsolved,
        k.watch);
}

template <typename Pack, typename Row>
void visit_row(Pack&& visit, Row& r) {
  visit(r.time, r.step, r.values);
}

template <typename Pack, typename Summary>
void visit_step(Pack&& visit, Summary& s) {
  visit(s.label, s.ended, s.start, s.end, s.charge, s.energy);
}

template <typename Pack, typename Kept>
void visit_snapshot(Pack&& visit, Kept& s) {
  visit(s.time, s.voltage, s.current, s.c_e, s.phi_e, s.phi_s);
}

template <typename Pack, typename Memory>
void visit_stepper(Pack&& visit, Memory& m) {
  visit(m.times, m.step, m.order, m.steps_at_order, m.contraction, m.linear, m.slope, m.turning);
}

template <typename Counted, typename Do>
void for_each_count(Counted& c, const Do& visit) {
  for (auto* n : {&c.steps, &c.rejected, &c.newton, &c.law_evaluations, &c.linear_solves, &c.linear_iterations,
                  &c.preconditioners})
    visit(*n);
}

}  // namespace

std::string unsolved_rows_text(int rows, double first) {
  return fmt::format(
      "Between time steps {} of the curve, the first at {:.6g} s, {} the potentials of the step's polynomial: none "
      "were "
      "found that carry the table's value there.",
      rows == 1 ? "one row" : fmt::format("{} rows", rows), first, rows == 1 ? "has" : "have");
}

std::string packed(const RunMemory& memory, const Results& so_far) {
  Packer bytes;
  const auto add = [&](const auto&... values) { bytes.all(values...); };
  const auto add_fields = [&](const std::vector<double>& field) { bytes.add(field); };
  add(mesh_digest(so_far), memory.seconds);
  visit_position(add, memory.position);
  visit_past(add, memory.past);
  visit_keeper(add, memory.keeper);
  visit_stepper(add, memory.stepper);
  for (const auto* texts : {&memory.past.steps, &memory.past.stops})
    bytes.list(*texts, [&](const std::string& text) { bytes.add(text); });
  bytes.list(memory.stepper.states, add_fields);
  for_each_count(memory.stepper.counts, [&](const long& n) { bytes.add(std::int64_t(n)); });
  for (const auto* rows : {&so_far.curve, &so_far.accepted})
    bytes.list(*rows, [&](const CurveRow& row) { visit_row(add, row); });
  bytes.list(so_far.steps, [&](const StepSummary& step) { visit_step(add, step); });
  bytes.list(so_far.snapshots, [&](const Snapshot& s) {
    visit_snapshot(add, s);
    for (const auto* lists : {&s.j, &s.c_ss, &s.c_s, &s.c_mean, &s.further, &s.further_mean})
      bytes.list(*lists, add_fields);
  });
  return bytes.bytes();
}

RunMemory unpacked(const std::string& text, Results& so_far) {
  RunMemory memory;
  Unpacker bytes(text);
  const auto take = [&](auto&... values) { bytes.all(values...); };
  const auto take_fields = [&](std::vector<double>& field) { bytes.take(field); };
  std::string digest;
  take(digest, memory.seconds);
  if (digest != mesh_digest(so_far)) throw std::invalid_argument("the checkpoint is of another mesh");
  visit_position(take, memory.position);
  visit_past(take, memory.past);
  visit_keeper(take, memory.keeper);
  visit_stepper(take, memory.stepper);
  for (auto* texts : {&memory.past.steps, &memory.past.stops})
    bytes.list(*texts, [&](std::string& text) { bytes.take(text); });
  bytes.list(memory.stepper.states, take_fields);
  for_each_count(memory.stepper.counts, [&](long& n) {
    std::int64_t value;
    bytes.take(value);
    n = static_cast<long>(value);
  });
  for (auto* rows : {&so_far.curve, &so_far.accepted}) bytes.list(*rows, [&](CurveRow& row) { visit_row(take, row); });
  bytes.list(so_far.steps, [&](StepSummary& step) { visit_step(take, step); });
  bytes.list(so_far.snapshots, [&](Snapshot& s) {
    visit_snapshot(take, s);
    for (auto* lists : {&s.j, &s.c_ss, &s.c_s, &s.c_mean, &s.further, &s.further_mean}) bytes.list(*lists, take_fields);
  });
  if (!bytes.rest().empty()) throw std::invalid_argument("the checkpoint holds more than a run's memory");
  return memory;
}

}  // namespace porelith
