#include "postprocess/design_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "solver/results/program.hpp"
#include "solver/results/progress.hpp"

namespace porelith {
namespace {

/// Text in a page: <, >, & and quotes stand for themselves.
std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// RFC 4648.
std::string base64(const std::string& bytes) {
  static const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t k = 0; k < bytes.size(); k += 3) {
    unsigned word = 0;
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - k);
    for (std::size_t i = 0; i < 3; ++i) word = word << 8 | (i < n ? static_cast<unsigned char>(bytes[k + i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i) out += i <= n ? letters[word >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

std::string picture(const DesignPage& page, const std::string& name, const std::string& caption) {
  std::ifstream file(std::filesystem::path(page.picture_folder) / (name + ".svg"), std::ios::binary);
  if (!file) return "";
  const std::string svg{std::istreambuf_iterator<char>(file), {}};
  return fmt::format(
      "<figure><img alt=\"{0}\" src=\"data:image/svg+xml;base64,{1}\"><figcaption>{0}</figcaption></figure>\n",
      plain(caption), base64(svg));
}

std::string percent(double part) { return fmt::format("{:+.1f} %", 100 * part); }

std::string with_unit(const DesignOutcome& o, double value) {
  return fmt::format("{:.5g}{}{}", value, o.objective_unit.empty() ? "" : " ",
                     o.objective_unit == "A.h" ? "A h" : o.objective_unit);
}

std::string row(const std::vector<std::string>& cells, const char* tag = "td") {
  std::string text = "<tr>";
  for (const std::string& cell : cells) text += fmt::format("<{0}>{1}</{0}>", tag, cell);
  return text + "</tr>\n";
}

std::string summary(const DesignOutcome& o) {
  std::string text = fmt::format(
      "<p class=lead>The best design found {} <b>{}</b> to <b>{}</b>: {} over the given baseline ({})",
      o.maximise ? "raises" : "lowers", plain(o.objective), with_unit(o, o.optimum.value_finer),
      percent(gain(o, o.optimum.value_finer, o.baseline.value_finer)), with_unit(o, o.baseline.value_finer));
  for (const Confirmed& rival : o.rivals)
    text += fmt::format(", and {} over the best of <i>{}</i> ({})",
                        percent(gain(o, o.optimum.value_finer, rival.value_finer)), plain(rival.name),
                        with_unit(o, rival.value_finer));
  text += fmt::format(
      ".</p>\n<p>These are values of the solver on a mesh {:g} times as fine as the case's, not of the surrogate. ",
      o.finer);
  text += o.constraints.empty() ? ""
          : o.optimum.allowed   ? "All constraints hold there. "
                                : "<b>Not all constraints hold there: this design must not be used as it is.</b> ";
  text += fmt::format("The study took {} solves and {}; it ended because {}. ", o.solves_of_loop,
                      duration_text(o.seconds), plain(o.ended));
  const SolverSearch& s = o.solver_only;
  if (s.solves_to_reach >= 0) {
    text += fmt::format("A search on the solver alone ({}) came to the same value ({}) after {} solves", s.method,
                        with_unit(o, s.target), s.solves_to_reach);
  } else {
    text += fmt::format("A search on the solver alone ({}) did not come to the same value ({}) in {} solves", s.method,
                        with_unit(o, s.target), s.solves);
  }
  text += fmt::format("; with {} solves{} it came to {}, on the finer mesh.</p>\n", s.solves,
                      s.capped ? " (the clock ended it; its budget was " + std::to_string(s.budget) + ")" : "",
                      with_unit(o, s.best_finer));
  return text;
}

std::string designs_table(const DesignOutcome& o) {
  std::string text =
      "<table><caption>Designs, solved on the case's mesh and on the finer one</caption>\n" +
      row({"design", "variables", plain(o.objective), "on the case's mesh", "constraints", "optimum's gain", "solves"},
          "th");
  std::vector<const Confirmed*> all{&o.baseline, &o.optimum};
  for (const Confirmed& rival : o.rivals) all.push_back(&rival);
  for (const Confirmed* c : all) {
    std::string variables, constraints;
    for (std::size_t k = 0; k < c->x.size(); ++k)
      variables += fmt::format("{} = {:.4g}<br>", plain(c->variables[k]), c->x[k]);
    for (std::size_t k = 0; k < c->constraints_finer.size(); ++k)
      constraints += fmt::format("{} = {:.3g}<br>", plain(o.constraints[k]), c->constraints_finer[k]);
    text += row({plain(c->name), variables, with_unit(o, c->value_finer), with_unit(o, c->value),
                 constraints.empty() ? "none" : constraints,
                 c == &o.optimum ? "" : percent(gain(o, o.optimum.value_finer, c->value_finer)),
                 c->solves > 0 ? std::to_string(c->solves) : ""});
  }
  return text + "</table>\n";
}

std::string cost_table(const DesignOutcome& o, const DesignPage& page) {
  std::string text = fmt::format("<table><caption>Solves and time, {} thread{}</caption>\n", page.threads,
                                 page.threads == 1 ? "" : "s") +
                     row({"part", "solves", "wall time", "sum over its solves"}, "th");
  for (const Cost& c : o.costs)
    text += row({plain(c.part), c.solves > 0 ? std::to_string(c.solves) : "", fmt::format("{:.1f} s", c.seconds),
                 c.solver_seconds > 0 ? fmt::format("{:.1f} s", c.solver_seconds) : ""});
  return text + row({"all", "", fmt::format("{:.1f} s", o.seconds), ""}) +
         "</table>\n<p class=small>The search on the solver alone, the rivals, the finer mesh and the fresh designs "
         "are for comparison and check; "
         "sampling, training, rounds and last steps are the study itself. Answers kept from an earlier, interrupted "
         "session count as solves, not as wall time.</p>\n";
}

std::string gate_text(const DesignOutcome& o) {
  long accepted = 0, solved = 0, contradicted = 0;
  for (const Candidate& c : o.candidates) accepted += c.accepted, solved += c.solved, contradicted += c.contradicts;
  const GateCheck& g = o.gate;
  std::string text = fmt::format(
      "<p>The gate takes the surrogate's word inside its data and where its calibrated 90 % half width is at most {}. "
      "Of {} candidates it accepted {}; "
      "{} were solved, the best ones in any case, and {} answers lay outside their intervals.</p>\n",
      with_unit(o, o.interval * o.range), o.candidates.size(), accepted, solved, contradicted);
  text += fmt::format(
      "<p>Held against {} fresh random designs: {} inside their intervals; {} accepted, of these {} outside the "
      "interval and {} wrong by more than the gate "
      "allows. Mean error {}, largest among the accepted {}.</p>\n",
      g.fresh, g.covered, g.accepted, g.false_accepts, g.wrong_accepts, with_unit(o, g.mean_error),
      with_unit(o, g.worst_accepted));
  if (std::isfinite(o.training_error))
    text += fmt::format(
        "<p>After the first training, samples that nobody had seen: mean error {:.2f} % of {}, {:.2f} mV of the "
        "voltage curve, {:.0f} % inside their 90 % intervals.</p>\n",
        100 * o.training_error, plain(o.objective), 1000 * o.curve_error, 100 * o.coverage);
  return text;
}

std::string rounds_table(const DesignOutcome& o) {
  std::string text = "<table><caption>Rounds</caption>\n" +
                     row({"round", "solves", "surrogate's best", "best confirmed", "remark"}, "th");
  for (const Round& r : o.rounds)
    text += row({std::to_string(r.number), std::to_string(r.solves), with_unit(o, r.best_predicted),
                 with_unit(o, r.best_confirmed), plain(r.remark)});
  return text +
         row({"last steps by the solver", "", "", with_unit(o, o.optimum.value),
              "from " + with_unit(o, o.before_polish)}) +
         "</table>\n";
}

const char* const style =
    "body{font:16px/1.5 system-ui,'DejaVu Sans',sans-serif;color:#222;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}.lead{font-size:1.1rem}.small,caption,figcaption{color:#"
    "666;font-size:.87rem}"
    "figure{margin:1rem 0}img{max-width:100%;height:auto}.pair{display:flex;flex-wrap:wrap;gap:1rem}.pair "
    "figure{flex:1 1 24rem}"
    "table{border-collapse:collapse;margin:1rem "
    "0}caption{text-align:left}th,td{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;"
    "border-bottom:1px solid #e4e4e4}th{font-weight:600}";

}  // namespace

double gain(const DesignOutcome& outcome, double value, double over) {
  return (outcome.maximise ? value - over : over - value) / std::max(std::abs(over), 1e-300);
}

std::string design_html(const DesignOutcome& o, const DesignPage& page) {
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
      "<title>{0}</title><style>{1}</style></head><body>\n<h1>{0}</h1>\n",
      plain(page.title), style);
  text += summary(o);
  text += fmt::format("<p>As a case for <code>porelith run</code>: <code>{}</code>.</p>\n", plain(page.optimum_case));
  text += "<h2>The design</h2>\n" + picture(page, "design", "Porosity through depth") + designs_table(o);
  text += "<h2>What it does</h2>\n" +
          picture(page, "charges", "Voltage and plating margin over the charge of the last step") +
          picture(page, "compared", "Salt and reaction rate through depth, baseline and optimum at the same charge");
  text += "<h2>How far the surrogate can be trusted</h2>\n" + gate_text(o) + "<div class=pair>" +
          picture(page, "gate", "Candidates of the loop: surrogate against solver") +
          picture(page, "effort", "Best value against solves") + "</div>\n" + rounds_table(o);
  text += "<h2>What it cost</h2>\n" + cost_table(o, page);
  text += fmt::format("<p class=small>{} {} ({}); case {}, SHA-256 {}; cell SHA-256 {}.</p>\n</body></html>\n",
                      program().name, program().version, program().commit, plain(page.case_file), page.case_hash,
                      page.cell_hash);
  return text;
}

}  // namespace porelith
