#include <cmath>

#include "postprocess/design_report.hpp"
#include "solver/base/json_writer.hpp"
#include "solver/base/stamp.hpp"

namespace porelith {
namespace {

void add_numbers(JsonWriter& json, const char* key, const std::vector<double>& values) {
  json.list(key);
  for (const double value : values) json.add("", value);
  json.end();
}

void add_results(JsonWriter& json, const char* key, const std::vector<double>& values, const DesignPage& page) {
  json.object(key);
  for (std::size_t k = 0; k < std::min(values.size(), page.scalar_names.size()); ++k)
    json.add(page.scalar_names[k] + " [" + page.scalar_units[k] + "]", values[k]);
  json.end();
}

void add_confirmed(JsonWriter& json, const char* key, const Confirmed& c, const DesignPage& page) {
  json.object(key);
  if (!c.name.empty()) json.add("name", c.name);
  if (!c.meaning.empty()) json.add("meaning", c.meaning);
  json.object("variables");
  for (std::size_t k = 0; k < c.x.size(); ++k) json.add(c.variables[k], c.x[k]);
  json.end();
  json.add("objective", c.value_finer);
  json.add("objective on the case's mesh", c.value);
  json.add("allowed", c.allowed ? "yes" : "no");
  add_numbers(json, "constraints", c.constraints_finer);
  if (c.solves > 0) json.add("solves", c.solves);
  json.list("beyond tables");
  for (const LeftTable& left : c.left_tables) {
    json.object("");
    json.add("law", left.law);
    json.add("down to", left.low);
    json.add("up to", left.high);
    json.end();
  }
  json.end();
  add_results(json, "results", c.scalars_finer, page);
  add_results(json, "results on the case's mesh", c.scalars, page);
  json.end();
}

void add_candidate(JsonWriter& json, const Candidate& c) {
  json.object("");
  json.add("round", c.round);
  json.add("origin", c.origin);
  add_numbers(json, "x", c.x);
  json.add("predicted", c.predicted);
  json.add("half width", c.half_width);
  json.add("distance", c.distance);
  json.add("inside", c.inside ? "yes" : "no");
  json.add("gate", c.accepted ? "accepts" : "asks the solver");
  json.add("solver", c.value);
  json.add("outside the interval", c.contradicts ? "yes" : "no");
  json.end();
}

void add_count(JsonWriter& json, const char* key, const GateCount& count) {
  json.object(key);
  json.add("accepted", count.accepted);
  json.add("accepted and outside the interval", count.outside);
  json.add("accepted and wrong by more than the gate allows", count.wrong);
  json.add("largest error accepted", count.worst);
  json.end();
}

void add_gate(JsonWriter& json, const DesignOutcome& o) {
  long accepted = 0, asked = 0, contradicted = 0;
  for (const Candidate& c : o.candidates) c.accepted ? ++accepted : ++asked, contradicted += c.contradicts;
  json.object("gate");
  json.add("accepts half widths up to", o.interval * o.scale.range);
  json.add("candidates accepted", accepted);
  json.add("candidates for the solver", asked);
  json.add("answers outside their intervals", contradicted);
  json.add("intervals of proposals widened by", o.widening);
  json.object("fresh designs");
  json.add("solved", o.gate.fresh);
  json.add("inside their intervals", o.gate.covered);
  json.add("mean error", o.gate.mean_error);
  add_count(json, "with calibrated intervals", o.gate.plain);
  add_count(json, "with widened intervals", o.gate.widened);
  json.end();
  json.end();
}

/// What an economical study has bought.
void add_economy(JsonWriter& json, const DesignOutcome& o) {
  json.object("economy");
  json.add("work in solves", o.work);
  json.add("solves on the case's mesh", o.dear_solves);
  json.add("cheap solves", o.cheap_solves);
  json.add("solves with slopes", o.slopes_asked);
  json.add("scouts", o.scouts);
  json.add("words taken in place of cheap solves", o.words_taken);
  json.add("points taken over", o.taken_over);
  if (std::isfinite(o.explained)) json.add("slopes explained from below", o.explained);
  json.list("progress");
  for (const auto& [work, value] : o.work_progress) {
    json.object("");
    json.add("work in solves", work);
    json.add("best on the case's mesh", value);
    json.end();
  }
  json.end();
  json.end();
}

void add_effort(JsonWriter& json, const DesignOutcome& o) {
  json.list("cost");
  for (const Cost& cost : o.costs) {
    json.object("");
    json.add("part", cost.part);
    json.add("solves", cost.solves);
    json.add("wall seconds", cost.seconds);
    json.add("solver seconds", cost.solver_seconds);
    if (o.strategy == "economical") json.add("work in solves", cost.work);
    json.end();
  }
  json.end();
  json.add("solves of the loop", o.solves_of_loop);
  if (o.strategy == "economical") add_economy(json, o);
  json.object("solver alone");
  json.add("method", o.solver_only.method);
  json.add("budget", o.solver_only.budget);
  json.add("solves", o.solver_only.solves);
  json.add("target", o.solver_only.target);
  if (o.solver_only.solves_to_reach >= 0) json.add("solves to the target", o.solver_only.solves_to_reach);
  json.add("best on the case's mesh", o.solver_only.best);
  json.add("best", o.solver_only.best_finer);
  add_numbers(json, "x", o.solver_only.x);
  json.add("solver seconds", o.solver_only.seconds);
  json.end();
  if (o.by_gradient.solves == 0) return;
  json.object("along slopes");
  json.add("method", o.by_gradient.method);
  json.add("starts", o.by_gradient.starts);
  json.add("solves", o.by_gradient.solves);
  json.add("gradients", o.by_gradient.gradients);
  json.add("cost in solves", o.by_gradient.cost);
  json.add("target", o.by_gradient.target);
  if (o.by_gradient.cost_to_reach >= 0) json.add("cost to the target", o.by_gradient.cost_to_reach);
  json.add("best on the case's mesh", o.by_gradient.best);
  add_numbers(json, "x", o.by_gradient.x);
  json.add("solver seconds", o.by_gradient.seconds);
  json.end();
}

}  // namespace

std::string design_json(const DesignOutcome& o, const DesignPage& page) {
  JsonWriter json;
  json.add("format", design_format);
  json.add("version", design_version);
  json.add("title", page.title);
  json.add("program", program().name + " " + program().version + " " + program().commit);
  json.add("case", page.case_file);
  json.add("case sha256", page.case_hash);
  json.add("cell sha256", page.cell_hash);
  json.add("mesh", page.mesh);
  json.add("objective", o.objective);
  json.add("unit", o.objective_unit);
  json.add("sense", o.maximise ? "maximise" : "minimise");
  json.add("constraints", o.constraints);
  json.add("finer mesh, times", o.finer);
  add_confirmed(json, "baseline", o.baseline, page);
  json.add("the finer mesh has", o.finer == 1 ? "" : o.refined);
  if (o.pole.empty()) {
    add_confirmed(json, "optimum", o.optimum, page);
  } else {
    json.add("optimum", std::nan(""));  // null: there is none
    json.add("pole", o.pole);
    add_confirmed(json, "best sample", o.optimum, page);
  }
  json.list("left out");
  for (const LeftOut& left : o.left_out) {
    json.object("");
    json.add(left.kind, left.expression);
    json.add("designs", left.designs);
    json.end();
  }
  json.end();
  json.add("notes", o.notes);
  json.list("rivals");
  for (const Confirmed& rival : o.rivals) add_confirmed(json, "", rival, page);
  json.end();
  json.object("gain");
  json.add("over the baseline", gain(o, o.optimum.value_finer, o.baseline.value_finer));
  for (const Confirmed& rival : o.rivals)
    json.add("over " + rival.name, gain(o, o.optimum.value_finer, rival.value_finer));
  for (const Confirmed& rival : o.rivals)
    for (const Confirmed& other : o.rivals)
      if (!rival.against.empty() && rival.against == other.name)
        json.add("of " + rival.name + " over " + other.name, gain(o, rival.value_finer, other.value_finer));
  json.end();
  json.add(o.pole.empty() ? "optimum as a case" : "best sample as a case", page.optimum_case);
  json.add("ended", o.ended);
  json.add("best before the solver's last steps", o.before_last_steps);
  json.object("unseen samples after the first training");
  json.add("relative error of the objective", o.training_error);
  json.add("error of the voltage curve [V]", o.curve_error);
  json.add("inside their intervals", o.coverage);
  json.end();
  json.list("rounds");
  for (const Round& round : o.rounds) {
    json.object("");
    json.add("round", round.number);
    json.add("solves", round.solves);
    json.add("best predicted", round.best_predicted);
    json.add("best confirmed", round.best_confirmed);
    json.add("intervals widened by", round.widening);
    json.add("trusted", round.trusted ? "yes" : "no");
    json.add("remark", round.remark);
    json.end();
  }
  json.end();
  json.list("candidates");
  for (const Candidate& candidate : o.candidates) add_candidate(json, candidate);
  json.end();
  add_gate(json, o);
  add_effort(json, o);
  json.add("wall seconds", o.seconds);
  return json.finish();
}

}  // namespace porelith
